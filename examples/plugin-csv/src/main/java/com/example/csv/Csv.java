package com.example.csv;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

import dev.cambium.CambiumException;
import dev.cambium.data.DataEnvironment;
import dev.cambium.data.Dataset;
import dev.cambium.data.Splits;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;

/**
 * The rows of a CSV file without quotes: a header, then on each line numbers and, last, the name of a class. Inputs are
 * float32[columns − 1], targets the classes' places in alphabetical order as int64 scalars. Every {@code testEvery}-th row is to be
 * judged by, the others to learn from.
 */
@Part(name = "csv", description = "rows of numbers and a class from a CSV file")
public record Csv(@Setting(doc = "the file, UTF-8, with a header; the class is the last column") Path file,
        @Setting(doc = "of so many rows one is to be judged by", defaultValue = "5", min = 2) int testEvery)
        implements Dataset {
    private record Row(float[] numbers, String label) {}

    @Override
    public Splits load(DataEnvironment environment) {
        List<String> lines = lines();
        int columns = lines.isEmpty() ? 0 : lines.getFirst().split(",", -1).length;
        if (columns < 2 || lines.size() <= testEvery) {
            throw new CambiumException("%s: a header of 2 columns or more and over %d rows are wanted"
                    .formatted(file, testEvery - 1));
        }
        var rows = new ArrayList<Row>();
        for (int i = 1; i < lines.size(); i++) {
            rows.add(row(lines.get(i), i + 1, columns));
        }
        var classes = List.copyOf(new TreeSet<>(rows.stream().map(Row::label).toList()));
        return new Splits(rows(rows, classes, false), rows(rows, classes, true));
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new CambiumException("there is no file %s; the setting 'file' says which to read".formatted(file), e);
        } catch (MalformedInputException e) {
            throw new CambiumException("%s is no text in UTF-8".formatted(file), e);
        } catch (IOException e) {
            throw new CambiumException("can't read %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private Row row(String line, int number, int columns) {
        String[] cells = line.split(",", -1);
        if (cells.length != columns) {
            throw wrong(number, Math.min(cells.length, columns) + 1,
                    "the line has %d columns, the header %d".formatted(cells.length, columns));
        }
        float[] numbers = new float[columns - 1];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(cells[i].strip(), number, i + 1);
        }
        String label = cells[columns - 1].strip();
        if (label.isEmpty()) {
            throw wrong(number, columns, "the class is missing");
        }
        return new Row(numbers, label);
    }

    private float number(String cell, int line, int column) {
        try {
            float value = Float.parseFloat(cell);
            if (Float.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException _) {
            // Said below, as of one that is not finite.
        }
        throw wrong(line, column, "'%s' is no finite number".formatted(cell));
    }

    private CambiumException wrong(int line, int column, String what) {
        return new CambiumException("%s, line %d, column %d: %s".formatted(file, line, column, what));
    }

    private Rows rows(List<Row> rows, List<String> classes, boolean test) {
        var inputs = new ArrayList<float[]>();
        var labels = new ArrayList<Long>();
        for (int i = 0; i < rows.size(); i++) {
            if ((i % testEvery == testEvery - 1) == test) {
                inputs.add(rows.get(i).numbers());
                labels.add((long) classes.indexOf(rows.get(i).label()));
            }
        }
        return new Rows(List.copyOf(inputs), List.copyOf(labels), classes);
    }
}
