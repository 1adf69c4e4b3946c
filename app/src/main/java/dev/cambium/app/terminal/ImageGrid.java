package dev.cambium.app.terminal;

import java.util.List;

import dev.cambium.app.terminal.Terminal.Style;

/** Images side by side, made of characters. */
public final class ImageGrid {
    private static final int LEAST_IN_A_ROW = 5;
    private static final String GAP = "  ";
    private static final String SHADES = " ░▒▓█";
    private static final String ASCII_SHADES = " .:-=+*#%@";
    /** The grey levels of terminals with 256 colours: from 232, which is almost black, to 255. */
    private static final int DARKEST = 232;
    private static final int GREYS = 24;

    private ImageGrid() {}

    /** How many images of a width go side by side. */
    public static int inARow(Terminal terminal, int width) {
        return (terminal.width() + GAP.length()) / (columns(terminal, width) + GAP.length());
    }

    /**
     * Prints images of equal size, each under its caption; large ones are shrunk so that a few fit in a row.
     *
     * @param captions
     *            one for each image
     */
    public static void print(Terminal terminal, List<Image> images, List<String> captions) {
        int width = images.getFirst().width();
        int scale = Math.ceilDiv(width, columns(terminal, width));
        int inARow = Math.max(1, inARow(terminal, width));
        for (int first = 0; first < images.size(); first += inARow) {
            int end = Math.min(first + inARow, images.size());
            printRow(terminal, images.subList(first, end), captions.subList(first, end), scale);
        }
    }

    private static int columns(Terminal terminal, int width) {
        int scale = 1;
        while (width / scale > 1
                && LEAST_IN_A_ROW * (Math.ceilDiv(width, scale) + GAP.length()) - GAP.length() > terminal.width()) {
            scale++;
        }
        return Math.ceilDiv(width, scale);
    }

    private static void printRow(Terminal terminal, List<Image> images, List<String> captions, int scale) {
        int columns = Math.ceilDiv(images.getFirst().width(), scale);
        var header = new StringBuilder();
        for (String caption : captions) {
            String text = caption.length() <= columns ? caption : caption.substring(0, columns);
            header.append(text).repeat(" ", columns - text.length()).append(GAP);
        }
        terminal.line(terminal.paint(Style.BOLD, header.toString().stripTrailing()));
        for (int top = 0; top < images.getFirst().height(); top += 2 * scale) {
            var line = new StringBuilder();
            for (Image image : images) {
                for (int column = 0; column < columns; column++) {
                    line.append(cell(terminal, image.brightness(top, column * scale, scale, scale),
                            image.brightness(top + scale, column * scale, scale, scale)));
                }
                line.append(terminal.colour() ? "\033[0m" : "").append(GAP);
            }
            terminal.line(line.toString().stripTrailing());
        }
    }

    /** One character for two pixels, one above the other. */
    private static String cell(Terminal terminal, double upper, double lower) {
        if (terminal.colour() && terminal.unicode()) {
            return "\033[38;5;%d;48;5;%dm▀".formatted(grey(upper), grey(lower));
        }
        String shades = terminal.pick(SHADES, ASCII_SHADES);
        // The root keeps thin strokes visible.
        int shade = (int) Math.round(Math.sqrt((upper + lower) / 2) * (shades.length() - 1));
        return shades.substring(shade, shade + 1);
    }

    private static int grey(double brightness) {
        return DARKEST + (int) Math.round(brightness * (GREYS - 1));
    }
}
