package dev.cambium.app.terminal;

import java.util.ArrayList;
import java.util.List;

import dev.cambium.app.terminal.Terminal.Style;

/** Rows of cells in aligned columns under a header. */
public final class Table {
    private static final String GAP = "  ";

    /**
     * A column.
     *
     * @param name
     *            its header
     * @param right
     *            whether cells are aligned at the right, as numbers are
     */
    public record Column(String name, boolean right) {
        /** A column of text. */
        public static Column text(String name) {
            return new Column(name, false);
        }

        /** A column of numbers. */
        public static Column number(String name) {
            return new Column(name, true);
        }
    }

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    /** An empty table. */
    public Table(Column... columns) {
        this.columns = List.of(columns);
    }

    /**
     * Adds a row.
     *
     * @return this table
     * @throws IllegalArgumentException
     *             if there are not as many cells as columns
     */
    public Table row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
        }
        rows.add(List.of(cells));
        return this;
    }

    /** Prints the header and all rows; when somebody is watching, lines are cut at the terminal's width. */
    public void print(Terminal terminal) {
        List<String> names = columns.stream().map(Column::name).toList();
        int[] widths = names.stream().mapToInt(String::length).toArray();
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        terminal.line(terminal.paint(Style.DIM, terminal.fit(format(names, widths))));
        rows.forEach(row -> terminal.line(terminal.fit(format(row, widths))));
    }

    private String format(List<String> cells, int[] widths) {
        var line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - cells.get(i).length());
            line.append(i == 0 ? "" : GAP)
                    .append(columns.get(i).right() ? padding + cells.get(i) : cells.get(i) + padding);
        }
        return line.toString().stripTrailing();
    }
}
