package dev.cambium.app.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

import dev.cambium.app.terminal.Image;

/** Images in rows of ten, each over its caption. */
public final class SampleSheet {
    private static final int IN_A_ROW = 10;
    private static final int IMAGE = 84;
    private static final int GAP = 12;
    private static final int CAPTION = 20;
    private static final Color WRONG = new Color(0xC0392B);

    /**
     * An image and what is written below it.
     *
     * @param image
     *            the image
     * @param caption
     *            such as its label
     * @param wrong
     *            whether the caption is to stand out, as a wrong prediction does
     */
    public record Sample(Image image, String caption, boolean wrong) {}

    private SampleSheet() {}

    /** Writes the images as one PNG. */
    public static void write(OutputStream out, List<Sample> samples) throws IOException {
        int columns = Math.min(IN_A_ROW, samples.size());
        int rows = Math.ceilDiv(samples.size(), IN_A_ROW);
        Png.write(GAP + columns * (IMAGE + GAP), GAP + rows * (IMAGE + CAPTION + GAP), out, g -> {
            for (int i = 0; i < samples.size(); i++) {
                draw(g, samples.get(i), GAP + i % IN_A_ROW * (IMAGE + GAP),
                        GAP + i / IN_A_ROW * (IMAGE + CAPTION + GAP));
            }
        });
    }

    private static void draw(Graphics2D g, Sample sample, int left, int top) {
        Image image = sample.image();
        var pixels = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
        pixels.setRGB(0, 0, image.width(), image.height(), image.rgb(), 0, image.width());
        double scale = IMAGE / (double) Math.max(image.width(), image.height());
        int width = (int) Math.round(image.width() * scale);
        int height = (int) Math.round(image.height() * scale);
        g.drawImage(pixels, left + (IMAGE - width) / 2, top + (IMAGE - height) / 2, width, height, null);
        g.setFont(Png.font(sample.wrong() ? Font.BOLD : Font.PLAIN, 13));
        g.setColor(sample.wrong() ? WRONG : Color.DARK_GRAY);
        FontMetrics metrics = g.getFontMetrics();
        g.drawString(sample.caption(), left + (IMAGE - metrics.stringWidth(sample.caption())) / 2,
                top + IMAGE + metrics.getAscent() + 2);
    }
}
