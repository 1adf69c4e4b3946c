package dev.cambium.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes cases as JSON laid out for a person and for a line-by-line comparison: a line of numbers a row. */
final class GoldenFile {
    private static final int NUMBERS_PER_LINE = 16;

    private GoldenFile() {}

    /** Writes {@code name.json}. */
    static void write(Path folder, String name, List<Case> cases) throws IOException {
        if (cases.stream().map(Case::name).distinct().count() != cases.size()) {
            throw new IllegalArgumentException(name + ": two cases of the same name");
        }
        String body = cases.stream().map(GoldenFile::text).collect(Collectors.joining(",\n"));
        save(folder.resolve(name + ".json"), "{\"cases\": [\n" + body + "\n]}\n");
    }

    /** Writes {@code name.txt}: a line a parameter, its name and its shape. */
    static void writeStateDict(Path folder, String name, Map<String, long[]> shapes) throws IOException {
        String body = shapes.entrySet()
                .stream()
                .map(entry -> entry.getKey() + " " + Arrays.toString(entry.getValue()) + "\n")
                .collect(Collectors.joining());
        save(folder.resolve(name + ".txt"), body);
    }

    private static void save(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        System.out.printf("%7d bytes  %s%n", Files.size(file), file.getFileName());
    }

    private static String text(Case c) {
        String settings = c.settings()
                .entrySet()
                .stream()
                .map(entry -> '"' + entry.getKey() + "\": " + setting(entry.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
        return "  {\n    \"name\": \"" + c.name() + "\",\n    \"settings\": " + settings
                + tensors("inputs", c.inputs())
                + tensors("outputs", c.outputs())
                + tensors("cotangents", c.cotangents())
                + tensors("gradients", c.gradients())
                + "\n  }";
    }

    private static String setting(Object value) {
        return switch (value) {
            case String text -> '"' + text + '"';
            case Collection<?> list ->
                list.stream().map(GoldenFile::setting).collect(Collectors.joining(", ", "[", "]"));
            case Boolean flag -> flag.toString();
            case Number number -> number.toString();
            default -> throw new IllegalArgumentException("no JSON for a setting of " + value.getClass());
        };
    }

    private static String tensors(String key, Map<String, Values> tensors) {
        if (tensors.isEmpty()) {
            return ",\n    \"" + key + "\": {}";
        }
        return tensors.entrySet()
                .stream()
                .map(entry -> "      \"" + entry.getKey() + "\": " + text(entry.getValue()))
                .collect(Collectors.joining(",\n", ",\n    \"" + key + "\": {\n", "}"));
    }

    private static String text(Values values) {
        StringBuilder text = new StringBuilder();
        text.append("{\"dtype\": \"").append(values.dtype()).append("\", \"shape\": ");
        text.append(Arrays.toString(values.shape())).append(", \"data\": [");
        List<String> tokens = values.tokens();
        int rank = values.shape().length;
        int row = rank == 0 ? 1 : (int) Math.max(1, values.shape()[rank - 1]);
        boolean oneLine = tokens.size() <= NUMBERS_PER_LINE && rank <= 1;
        for (int i = 0; i < tokens.size(); i++) {
            boolean lineStart = i % row % NUMBERS_PER_LINE == 0;
            if (i > 0) {
                text.append(lineStart && !oneLine ? "," : ", ");
            }
            if (lineStart && !oneLine) {
                text.append("\n        ");
            }
            text.append(tokens.get(i));
        }
        return text.append("]}").toString();
    }
}
