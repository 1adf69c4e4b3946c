package dev.cambium.app.terminal;

import java.util.List;

import dev.cambium.app.terminal.Terminal.Style;

/** Shares of a whole as horizontal bars. */
public final class Bars {
    private static final int LONGEST = 40;
    private static final int EIGHTHS = 8;
    private static final String PARTIAL = " ▏▎▍▌▋▊▉";

    private Bars() {}

    /**
     * Prints a bar a line; the largest stands out.
     *
     * @param names
     *            what each share is of
     * @param shares
     *            0 … 1
     */
    public static void print(Terminal terminal, List<String> names, List<Double> shares) {
        int width = names.stream().mapToInt(String::length).max().orElse(0);
        double largest = shares.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        for (int i = 0; i < shares.size(); i++) {
            double share = shares.get(i);
            String name = " ".repeat(width - names.get(i).length()) + names.get(i);
            String bar = bar(terminal, share);
            String line = "  %s  %s  %8s".formatted(name, bar, Numbers.percent(share));
            terminal.line(terminal.paint(share == largest ? Style.GREEN : Style.DIM, line));
        }
    }

    private static String bar(Terminal terminal, double share) {
        int longest = Math.min(LONGEST, terminal.width() - 24);
        int eighths = (int) Math.round(share * longest * EIGHTHS);
        if (!terminal.unicode()) {
            int full = (eighths + EIGHTHS / 2) / EIGHTHS;
            return "#".repeat(full) + " ".repeat(longest - full);
        }
        int part = eighths % EIGHTHS;
        String bar = "█".repeat(eighths / EIGHTHS) + (part == 0 ? "" : PARTIAL.substring(part, part + 1));
        return bar + " ".repeat(longest - bar.length());
    }
}
