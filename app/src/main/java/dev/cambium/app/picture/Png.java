package dev.cambium.app.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Consumer;

import javax.imageio.ImageIO;

import dev.cambium.CambiumException;

/** Draws on white paper and writes it as PNG. */
final class Png {
    private Png() {}

    /**
     * Draws and writes.
     *
     * @param drawing
     *            draws on the paper
     * @throws CambiumException
     *             if this Java can't draw text, for lack of fonts or their library
     */
    static void write(int width, int height, OutputStream out, Consumer<Graphics2D> drawing) throws IOException {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        requireFonts(g);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width, height);
        drawing.accept(g);
        g.dispose();
        ImageIO.write(image, "png", out);
    }

    /** A Java without fontconfig, FreeType or any font fails in one of several ways as soon as text is measured. */
    private static void requireFonts(Graphics2D g) {
        try {
            g.getFontMetrics(font(Font.PLAIN, 12));
        } catch (RuntimeException | InternalError | LinkageError e) {
            throw new CambiumException(
                    "pictures can't be drawn, since Java finds no fonts (%s): install fontconfig and a font, "
                            .formatted(e.getMessage())
                            + "such as the packages fontconfig and fonts-dejavu-core of Debian",
                    e);
        }
    }

    static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }
}
