package dev.cambium.app.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

import dev.cambium.tensor.NdArray;

/** How often which class was taken for which, as a chart of shaded squares: hits in blue, mistakes in red. */
public final class ConfusionPicture {
    private static final int CELL = 56;
    private static final int MARGIN = 110;
    private static final int LONGEST_NAME = 11;
    private static final Color HIT = new Color(0x1F5FA8);
    private static final Color MISTAKE = new Color(0xC0392B);

    private ConfusionPicture() {}

    /**
     * Writes the picture as PNG.
     *
     * @param counts
     *            [true class, predicted class]
     * @param classNames
     *            by class
     */
    public static void write(OutputStream out, NdArray counts, List<String> classNames) throws IOException {
        int classes = classNames.size();
        int size = MARGIN + classes * CELL + CELL / 2;
        Png.write(size, size, out, g -> {
            g.setFont(Png.font(Font.PLAIN, 14));
            for (int actual = 0; actual < classes; actual++) {
                long total = 0;
                for (int predicted = 0; predicted < classes; predicted++) {
                    total += counts.getLong((long) actual * classes + predicted);
                }
                for (int predicted = 0; predicted < classes; predicted++) {
                    long count = counts.getLong((long) actual * classes + predicted);
                    cell(g, actual, predicted, count, count / (double) Math.max(1, total));
                }
            }
            label(g, classNames);
        });
    }

    private static void cell(Graphics2D g, int actual, int predicted, long count, double share) {
        int left = MARGIN + predicted * CELL;
        int top = MARGIN + actual * CELL;
        // Mistakes are rare: the root makes them visible.
        double strength = actual == predicted ? share : Math.sqrt(share);
        g.setColor(blend(actual == predicted ? HIT : MISTAKE, strength));
        g.fillRect(left + 1, top + 1, CELL - 2, CELL - 2);
        if (count > 0) {
            g.setColor(strength > 0.5 ? Color.WHITE : Color.DARK_GRAY);
            centre(g, Long.toString(count), left + CELL / 2, top + CELL / 2);
        }
    }

    private static Color blend(Color colour, double strength) {
        return new Color(level(colour.getRed(), strength), level(colour.getGreen(), strength),
                level(colour.getBlue(), strength));
    }

    private static int level(int full, double strength) {
        int paper = 244;
        return (int) Math.round(paper + strength * (full - paper));
    }

    private static void label(Graphics2D g, List<String> classNames) {
        int middle = MARGIN + classNames.size() * CELL / 2;
        g.setColor(Color.DARK_GRAY);
        FontMetrics metrics = g.getFontMetrics();
        List<String> names = classNames.stream().map(name -> name.substring(0, Math.min(name.length(), LONGEST_NAME)))
                .toList();
        boolean slanted = names.stream().anyMatch(name -> metrics.stringWidth(name) > CELL);
        for (int i = 0; i < names.size(); i++) {
            String cut = names.get(i);
            int centre = MARGIN + i * CELL + CELL / 2;
            g.drawString(cut, MARGIN - 8 - metrics.stringWidth(cut), centre + metrics.getAscent() / 2 - 1);
            Graphics2D turned = (Graphics2D) g.create();
            turned.translate(centre, MARGIN - 10);
            if (slanted) {
                turned.rotate(-Math.PI / 4);
                turned.drawString(cut, 0, 0);
            } else {
                centre(turned, cut, 0, -metrics.getAscent() / 2);
            }
            turned.dispose();
        }
        g.setFont(Png.font(Font.BOLD, 15));
        centre(g, "predicted", middle, 24);
        Graphics2D turned = (Graphics2D) g.create();
        turned.translate(20, middle);
        turned.rotate(-Math.PI / 2);
        centre(turned, "what it was", 0, 0);
        turned.dispose();
    }

    private static void centre(Graphics2D g, String text, int x, int y) {
        FontMetrics metrics = g.getFontMetrics();
        g.drawString(text, x - metrics.stringWidth(text) / 2, y + metrics.getAscent() / 2 - 1);
    }
}
