package dev.cambium.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import dev.cambium.results.MarkdownTable;
import dev.cambium.results.Measurements;
import dev.cambium.results.Medians;

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
        Optional<Result> reference = reference(results);
        var rows = new ArrayList<List<String>>();
        List<String> head = HEAD.stream().map(cell -> cell.formatted(steps == 0 ? "1 epoch" : steps + " steps"))
                .toList();
        results.stream().filter(result -> result.failure.isEmpty()).map(result -> row(result, reference))
                .forEach(rows::add);
        System.out.println(MarkdownTable.of(2, head, rows));
        for (Result result : results) {
            if (!result.failure.isEmpty()) {
                System.out.println("- " + result.entrant.title() + ": " + result.failure);
            }
        }
        System.out.printf("%s; Java %s; threads: %d%n", machine(), Runtime.version(), threads);
    }

    private static List<String> row(Result result, Optional<Result> reference) {
        double rate = Medians.of(result.training);
        return List.of(result.entrant.title(), result.version, number("%,.0f", rate),
                reference.map(cambium -> number("%.2f", Medians.ratio(cambium.training, result.training))).orElse("–"),
                number("%.4f", result.accuracy), number("%,.0f", Medians.of(result.inference)),
                number("%,.0f", result.latencySeconds * 1e6), number("%,.0f", (double) result.peakMegabytes),
                number("%.1f", result.firstStepSeconds));
    }

    private static Optional<Result> reference(List<Result> results) {
        return results.stream().filter(
                result -> result.entrant.equals(Entrant.ALL.getFirst()) && result.failure.isEmpty()).findFirst();
    }

    /** The same as a file's rows; the ratio is left away for the one that the others are compared with. */
    static Measurements measurements(List<Result> results, int threads) {
        Optional<Result> reference = reference(results);
        var rows = Measurements.of("contender", "version", "threads", "training images/s", "ratio", "accuracy",
                "inference images/s", "one image in seconds", "peak megabytes", "first step in seconds");
        for (Result result : results) {
            if (result.failure.isEmpty()) {
                double ratio = reference.filter(cambium -> cambium != result)
                        .map(cambium -> Medians.ratio(cambium.training, result.training)).orElse(Double.NaN);
                rows = rows.with(result.entrant.name(), result.version.replace(",", ""), threads,
                        Medians.of(result.training), ratio, result.accuracy, Medians.of(result.inference),
                        result.latencySeconds, result.peakMegabytes, result.firstStepSeconds);
            }
        }
        return rows;
    }

    private static String number(String format, double value) {
        return value < 0 ? "–" : String.format(Locale.ROOT, format, value);
    }

    static String machine() {
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
