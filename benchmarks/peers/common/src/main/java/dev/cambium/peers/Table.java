package dev.cambium.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** The results as a table that is Markdown, too. */
final class Table {
    private static final List<String> HEAD = List.of("the reference CNN", "version", "training images/s",
            "Cambium CPU ÷ it", "accuracy, %s", "inference images/s", "one image, µs", "peak memory, MB",
            "first step, s");

    private Table() {}

    /**
     * Prints it.
     *
     * @param steps
     *            what the accuracy was taken after; 0 for an epoch
     */
    static void print(List<Result> results, int steps, int threads) {
        Optional<Result> reference = results.stream()
                .filter(result -> result.entrant.equals(Entrant.ALL.getFirst()) && result.failure.isEmpty())
                .findFirst();
        var rows = new ArrayList<List<String>>();
        rows.add(HEAD.stream().map(cell -> cell.formatted(steps == 0 ? "1 epoch" : steps + " steps")).toList());
        results.stream().filter(result -> result.failure.isEmpty()).map(result -> row(result, reference))
                .forEach(rows::add);
        int[] widths = new int[HEAD.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        var line = new ArrayList<String>();
        for (int i = 0; i < widths.length; i++) {
            line.add(i < 2 ? "-".repeat(widths[i]) : "-".repeat(widths[i] - 1) + ":");
        }
        rows.add(1, line);
        for (List<String> row : rows) {
            var cells = new ArrayList<String>();
            for (int i = 0; i < widths.length; i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                cells.add(i < 2 ? row.get(i) + padding : padding + row.get(i));
            }
            System.out.println("| " + String.join(" | ", cells) + " |");
        }
        System.out.println();
        for (Result result : results) {
            if (!result.failure.isEmpty()) {
                System.out.println("- " + result.entrant.title() + ": " + result.failure);
            }
        }
        System.out.printf("%s; Java %s; threads: %d%n", machine(), Runtime.version(), threads);
    }

    private static List<String> row(Result result, Optional<Result> reference) {
        double rate = Result.median(result.training);
        return List.of(result.entrant.title(), result.version, number("%,.0f", rate),
                reference.map(cambium -> number("%.2f", ratio(cambium, result))).orElse("–"),
                number("%.4f", result.accuracy), number("%,.0f", Result.median(result.inference)),
                number("%,.0f", result.latencySeconds * 1e6), number("%,.0f", (double) result.peakMegabytes),
                number("%.1f", result.firstStepSeconds));
    }

    /** The median of the windows' ratios: what else the machine did in a window, it did to both. */
    private static double ratio(Result cambium, Result other) {
        return Result.median(IntStream.range(0, other.training.size())
                .mapToObj(i -> cambium.training.get(i) / other.training.get(i)).toList());
    }

    private static String number(String format, double value) {
        return value < 0 ? "–" : String.format(Locale.ROOT, format, value);
    }

    private static String machine() {
        String processor = "unknown processor";
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            processor = lines.filter(line -> line.startsWith("model name")).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 2)).orElse(processor);
        } catch (IOException e) {
            // not a Linux: the table does without
        }
        return "%s %s, %s, %d processors".formatted(System.getProperty("os.name"), System.getProperty("os.arch"),
                processor, Runtime.getRuntime().availableProcessors());
    }
}
