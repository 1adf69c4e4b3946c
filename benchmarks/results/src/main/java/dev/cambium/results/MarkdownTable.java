package dev.cambium.results;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows as a table with aligned columns that is Markdown, too. */
public final class MarkdownTable {
    private MarkdownTable() {}

    /**
     * The table.
     *
     * @param words
     *            how many columns, from the first one on, are words; the others are numbers, which stand on the right
     * @param head
     *            the columns' names
     * @param rows
     *            as many cells each
     */
    public static String of(int words, List<String> head, List<List<String>> rows) {
        int[] widths = new int[head.size()];
        Arrays.fill(widths, 3);
        var all = new ArrayList<List<String>>();
        all.add(head);
        all.addAll(rows);
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        var line = new ArrayList<String>();
        for (int i = 0; i < widths.length; i++) {
            line.add(i < words ? "-".repeat(widths[i]) : "-".repeat(widths[i] - 1) + ":");
        }
        all.add(1, line);
        var table = new StringBuilder();
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                table.append("| ").append(i < words ? row.get(i) + padding : padding + row.get(i)).append(' ');
            }
            table.append("|\n");
        }
        return table.toString();
    }
}
