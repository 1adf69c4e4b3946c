package dev.cambium.app.terminal;

import java.util.List;

import dev.cambium.app.terminal.Terminal.Style;
import dev.cambium.tensor.NdArray;

/** How often which class was taken for which. */
public final class ConfusionTable {
    private static final int LONGEST_NAME = 11;
    private static final int LEAST_CELL = 5;
    /** The width of the last column. */
    private static final int SHARE = 10;

    private ConfusionTable() {}

    /**
     * Prints a row for each true class and a column for each predicted one, and the share of each class that was found.
     *
     * @param counts
     *            [true class, predicted class]
     * @param classNames
     *            by class
     */
    public static void print(Terminal terminal, NdArray counts, List<String> classNames) {
        int classes = classNames.size();
        int names = Math.min(LONGEST_NAME, classNames.stream().mapToInt(String::length).max().orElse(0));
        int numbers = Math.max(LEAST_CELL, Long.toString(max(counts)).length() + 1);
        int room = (terminal.width() - names - SHARE) / classes;
        int cell = Math.clamp(room, numbers, Math.max(numbers, names + 1));
        terminal.heading("Confusion matrix: rows are what it was, columns what was predicted");
        var header = new StringBuilder(" ".repeat(names));
        for (String name : classNames) {
            header.append(right(cut(name, cell - 1), cell));
        }
        terminal.line(terminal.paint(Style.DIM, header + right("found", SHARE)));
        for (int actual = 0; actual < classes; actual++) {
            var line = new StringBuilder(terminal.paint(Style.DIM, left(cut(classNames.get(actual), names), names)));
            long total = 0;
            for (int predicted = 0; predicted < classes; predicted++) {
                long count = counts.getLong((long) actual * classes + predicted);
                total += count;
                String text = right(count == 0 ? terminal.pick("·", ".") : Long.toString(count), cell);
                line.append(
                        terminal.paint(actual == predicted ? Style.GREEN : count == 0 ? Style.DIM : Style.RED, text));
            }
            long right = counts.getLong((long) actual * classes + actual);
            line.append(right(total == 0 ? "-" : Numbers.percent(right / (double) total), SHARE));
            terminal.line(line.toString());
        }
    }

    private static long max(NdArray counts) {
        long max = 0;
        for (long count : counts.toLongArray()) {
            max = Math.max(max, count);
        }
        return max;
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }

    private static String left(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static String right(String text, int width) {
        return " ".repeat(width - text.length()) + text;
    }
}
