package dev.cambium.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

import dev.cambium.results.MarkdownTable;
import dev.cambium.results.Measurements;

/** Trains each contender for an epoch from several seeds, each time in a process of its own, and prints how accurate it gets. */
public final class Accuracies {
    private Accuracies() {}

    /**
     * Runs the trainings.
     *
     * @param arguments
     *            the folder of the contenders' modules, the file for the results, the number of threads, the number of seeds, the names of those
     *            wanted (all without one)
     */
    public static void main(String[] arguments) throws IOException {
        Path peers = Path.of(arguments[0]);
        int threads = Integer.parseInt(arguments[2]);
        int seeds = Integer.parseInt(arguments[3]);
        List<Entrant> wanted = Entrant.wanted(List.of(arguments).subList(4, arguments.length));
        Measurements measured = Measurements.of("contender", "seed", "accuracy");
        var rows = new ArrayList<List<String>>();
        var failures = new ArrayList<String>();
        for (Entrant entrant : wanted) {
            try {
                double[] accuracies = new double[seeds];
                for (int seed = 1; seed <= seeds; seed++) {
                    System.err.printf("%s: an epoch from seed %d …%n", entrant.title(), seed);
                    accuracies[seed - 1] = accuracy(entrant, peers, Task.reference(threads, seed));
                    measured = measured.with(entrant.name(), seed, accuracies[seed - 1]);
                    measured.write(Path.of(arguments[1]));
                }
                rows.add(row(entrant, accuracies));
            } catch (Child.Failure | IOException e) {
                failures.add("- " + entrant.title() + ": " + e.getMessage());
            }
        }
        System.out.println(MarkdownTable.of(1,
                List.of("the reference CNN after 1 epoch, " + seeds + " seeds", "mean accuracy", "lowest", "highest"),
                rows));
        failures.forEach(System.out::println);
    }

    private static double accuracy(Entrant entrant, Path peers, Task task) throws IOException, Child.Failure {
        try (Child child = Child.start(entrant, peers, task)) {
            child.ask("epoch");
            return child.number("accuracy");
        }
    }

    private static List<String> row(Entrant entrant, double... accuracies) {
        var summary = DoubleStream.of(accuracies).summaryStatistics();
        return List.of(entrant.title(), percent(summary.getAverage()), percent(summary.getMin()),
                percent(summary.getMax()));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }
}
