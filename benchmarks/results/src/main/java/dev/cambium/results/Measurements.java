package dev.cambium.results;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a benchmark measured, kept as a file of comma-separated values: a line of names, then a line for each row. Cells are words
 * without commas, numbers, or empty where there is nothing to say.
 *
 * @param columns
 *            the names
 * @param rows
 *            as many cells each
 */
public record Measurements(List<String> columns, List<List<String>> rows) {
    /**
     * Checks that the cells fit.
     *
     * @throws IllegalArgumentException
     *             if a row has more or fewer cells than there are columns, or a cell has a comma or a line break in it
     */
    public Measurements {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<String> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException("%d cells for %d columns: %s".formatted(row.size(), columns.size(),
                        row));
            }
            if (row.stream().anyMatch(cell -> cell.contains(",") || cell.contains("\n"))) {
                throw new IllegalArgumentException("a comma or a line break in a cell: " + row);
            }
        }
    }

    /** No rows yet. */
    public static Measurements of(String... columns) {
        return new Measurements(List.of(columns), List.of());
    }

    /**
     * Reads a file.
     *
     * @throws IOException
     *             if it can't be read, or is no table
     */
    public static Measurements read(Path file) throws IOException {
        List<List<String>> lines = Files.readAllLines(file).stream().map(line -> List.of(line.split(",", -1))).toList();
        if (lines.isEmpty()) {
            throw new IOException(file + " is empty");
        }
        try {
            return new Measurements(lines.getFirst(), lines.subList(1, lines.size()));
        } catch (IllegalArgumentException e) {
            throw new IOException("%s is no table: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** These and one more row; numbers keep six digits, and what is not a number is an empty cell. */
    public Measurements with(Object... cells) {
        var more = new ArrayList<>(rows);
        more.add(List.of(cells).stream().map(Measurements::cell).toList());
        return new Measurements(columns, more);
    }

    private static String cell(Object value) {
        if (value instanceof Double number) {
            return Double.isNaN(number) ? "" : String.format(Locale.ROOT, "%.6g", number);
        }
        return value.toString();
    }

    /** Only the rows with this cell in this column. */
    public Measurements where(String column, String cell) {
        int at = index(column);
        return new Measurements(columns, rows.stream().filter(row -> row.get(at).equals(cell)).toList());
    }

    /** Only the rows with something in this column. */
    public Measurements having(String column) {
        int at = index(column);
        return new Measurements(columns, rows.stream().filter(row -> !row.get(at).isEmpty()).toList());
    }

    /** A column's cells. */
    public List<String> texts(String column) {
        int at = index(column);
        return rows.stream().map(row -> row.get(at)).toList();
    }

    /** A column's cells, which are numbers. */
    public List<Double> numbers(String column) {
        return texts(column).stream().map(Double::valueOf).toList();
    }

    private int index(String column) {
        int at = columns.indexOf(column);
        if (at < 0) {
            throw new IllegalArgumentException("there is no column '%s', only %s".formatted(column, columns));
        }
        return at;
    }

    /**
     * Writes the file, which is there whole or not at all; its folder is made if need be.
     *
     * @throws IOException
     *             if it can't be written
     */
    public void write(Path file) throws IOException {
        var text = new StringBuilder(String.join(",", columns)).append('\n');
        rows.forEach(row -> text.append(String.join(",", row)).append('\n'));
        replace(file, temporary -> Files.writeString(temporary, text));
    }

    /** Writes a file under another name. */
    @FunctionalInterface
    interface Writing {
        void to(Path temporary) throws IOException;
    }

    /** Writes a file beside its place, forces it to the disk and renames it. */
    static void replace(Path file, Writing writing) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path temporary = file.resolveSibling("." + file.getFileName() + ".partial");
        try {
            writing.to(temporary);
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
