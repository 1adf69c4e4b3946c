package dev.cambium.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

import dev.cambium.results.MarkdownTable;
import dev.cambium.results.Measurements;
import dev.cambium.results.Medians;

/**
 * Trains on Cambium's CPU backend beside the fastest peer, over batch sizes, widths, networks and numbers of threads, and prints one
 * table of the ratios. Each point has new processes, whose windows of steps alternate.
 *
 * <p>
 * The peer is the TensorFlow graph that is written by hand, where there is one: for the reference network. For the others it is
 * Cambium's own backend on TensorFlow, which runs the same graph.
 */
public final class Sweep {
    /** Idle threads of TensorFlow spin for some milliseconds, which the next contender shouldn't pay for. */
    private static final int PAUSE_MILLISECONDS = 50;
    private static final int[] BATCHES = {1, 2, 5, 10, 20, 50, 100, 250, 500, 1024};
    private static final double[] WIDTHS = {0.5, 2, 4};

    /**
     * How long each contender is looked at.
     *
     * @param warmUp
     *            seconds of Cambium's steps before those that count, which is what the JVM takes to compile its loops; a quarter of it of
     *            the peer's, which are compiled
     * @param windows
     *            how many windows count
     * @param window
     *            seconds of each; one step at least
     */
    private record Effort(double warmUp, int windows, double window) {
        static final Effort FULL = new Effort(6, 9, 0.35);
        static final Effort QUICK = new Effort(6, 5, 0.2);
    }

    /**
     * One row.
     *
     * @param peer
     *            what Cambium is compared with
     * @param dense
     *            whether it is compared with itself, too, without skipping zeros
     */
    record Point(Task task, Entrant peer, boolean dense) {
        List<Entrant> entrants() {
            var entrants = new ArrayList<>(List.of(Entrant.ALL.getFirst(), peer));
            if (dense) {
                entrants.add(Entrant.DENSE);
            }
            return entrants;
        }

        @Override
        public String toString() {
            return "%s%s, batch %d, %d %s".formatted(task.network(),
                    task.width() == 1 ? "" : " × " + number("%.1f", task.width()), task.batch(), task.threads(),
                    task.threads() == 1 ? "thread" : "threads");
        }
    }

    /** A point's images a second of each window, or why there are none. */
    private static final class Outcome {
        final Point point;
        final SequencedMap<Entrant, List<Double>> rates = new LinkedHashMap<>();
        String failure = "";

        Outcome(Point point) {
            this.point = point;
            point.entrants().forEach(entrant -> rates.put(entrant, new ArrayList<>()));
        }

        double rate(Entrant entrant) {
            List<Double> windows = rates.get(entrant);
            return windows == null || windows.isEmpty() || !failure.isEmpty() ? Double.NaN : Medians.of(windows);
        }

        /** How many times as fast Cambium is. */
        double ratio(Entrant entrant) {
            return Double.isNaN(rate(entrant))
                    ? Double.NaN
                    : Medians.ratio(rates.firstEntry().getValue(), rates.getOrDefault(entrant, List.of()));
        }
    }

    private final Path peers;
    private final Effort effort;

    private Sweep(Path peers, Effort effort) {
        this.peers = peers;
        this.effort = effort;
    }

    /**
     * Runs the sweep.
     *
     * @param arguments
     *            the folder of the contenders' modules, the file for the results, the numbers of threads with commas between them,
     *            {@code full} or {@code quick}, and words of which a row must contain one, if there are any
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<Integer> threads = List.of(arguments[2].split(",")).stream().map(Integer::valueOf).distinct().toList();
        boolean quick = arguments[3].equals("quick");
        List<String> words = List.of(arguments).subList(4, arguments.length);
        List<Point> points = points(threads, quick).stream()
                .filter(point -> words.isEmpty() || words.stream().anyMatch(point.toString()::contains)).toList();
        if (points.isEmpty()) {
            System.err.printf("No row contains %s; there are:%n%s%n", String.join(" or ", words),
                    points(threads, quick).stream().map(Point::toString).collect(Collectors.joining("\n")));
            System.exit(2);
        }
        var sweep = new Sweep(Path.of(arguments[0]), quick ? Effort.QUICK : Effort.FULL);
        var outcomes = new ArrayList<Outcome>();
        for (Point point : points) {
            System.err.printf("%s …%n", point);
            outcomes.add(sweep.measure(point));
            measurements(outcomes).write(Path.of(arguments[1]));
        }
        print(outcomes);
    }

    static List<Point> points(List<Integer> threads, boolean quick) {
        Entrant byHand = Entrant.of("tensorflow");
        Entrant sameGraph = Entrant.of("cambium-tensorflow");
        var points = new ArrayList<Point>();
        for (int count : quick ? List.of(threads.getLast()) : threads) {
            for (int batch : quick ? new int[] {1, Digits.BATCH} : BATCHES) {
                points.add(new Point(new Task(count, Task.REFERENCE, 1, batch, 1), byHand, batch == Digits.BATCH));
            }
            for (double width : quick ? new double[] {2} : WIDTHS) {
                points.add(new Point(new Task(count, Task.REFERENCE, width, Digits.BATCH, 1), byHand, false));
            }
            points.add(new Point(new Task(count, "MLP", 1, 128, 1), sameGraph, true));
            for (String network : quick ? List.of("transformer")
                    : List.of("strided CNN", "sigmoid CNN", "transformer")) {
                points.add(new Point(new Task(count, network, 1, Digits.BATCH, 1), sameGraph, true));
            }
        }
        return points;
    }

    private Outcome measure(Point point) throws InterruptedException {
        var outcome = new Outcome(point);
        Map<Entrant, Child> children = new LinkedHashMap<>();
        try {
            for (Entrant entrant : point.entrants()) {
                children.put(entrant, Child.start(entrant, peers, point.task()));
            }
            double slowest = 0;
            for (var entry : children.entrySet()) {
                double seconds = entry.getKey().equals(point.peer()) ? effort.warmUp() / 4 : effort.warmUp();
                warmUp(entry.getValue(), seconds);
                entry.getValue().holdTo(point.task().threads());
                slowest = Math.max(slowest, warmUp(entry.getValue(), effort.window()));
            }
            int steps = Math.max(1, (int) Math.round(effort.window() / slowest));
            for (int window = 0; window < effort.windows(); window++) {
                for (var entry : children.entrySet()) {
                    Thread.sleep(PAUSE_MILLISECONDS);
                    double seconds = entry.getValue().number("train " + steps);
                    outcome.rates.getOrDefault(entry.getKey(), new ArrayList<>())
                            .add(steps * point.task().batch() / seconds);
                }
            }
        } catch (Child.Failure | IOException e) {
            outcome.failure = String.valueOf(e.getMessage());
        } finally {
            children.values().forEach(Child::close);
        }
        return outcome;
    }

    /** Gives the seconds of a step in the end. */
    private static double warmUp(Child child, double least) throws Child.Failure {
        child.ask("train 1");
        double perStep = child.number("train 2") / 2;
        double rest = least;
        while (rest > 0) {
            int steps = Math.max(1, (int) Math.round(least / 10 / perStep));
            double seconds = child.number("train " + steps);
            perStep = seconds / steps;
            rest -= seconds;
        }
        return perStep;
    }

    private static Measurements measurements(List<Outcome> outcomes) {
        var rows = Measurements.of("network", "width", "batch", "threads", "peer", "images/s", "peer's images/s",
                "ratio", "dense images/s", "ratio to dense");
        for (Outcome outcome : outcomes) {
            Task task = outcome.point.task();
            Entrant peer = outcome.point.peer();
            rows = rows.with(task.network(), task.width(), task.batch(), task.threads(), peer.name(),
                    outcome.rate(Entrant.ALL.getFirst()), outcome.rate(peer), outcome.ratio(peer),
                    outcome.rate(Entrant.DENSE), outcome.ratio(Entrant.DENSE));
        }
        return rows;
    }

    private static void print(List<Outcome> outcomes) {
        var rows = new ArrayList<List<String>>();
        for (Outcome outcome : outcomes) {
            Point point = outcome.point;
            rows.add(List.of(point.toString(), point.peer().name(),
                    number("%,.0f", outcome.rate(Entrant.ALL.getFirst())), number("%,.0f", outcome.rate(point.peer())),
                    number("%.2f", outcome.ratio(point.peer())), number("%.2f", outcome.ratio(Entrant.DENSE))));
        }
        System.out.println(MarkdownTable.of(2, List.of("training", "peer", "images/s", "peer's images/s",
                "Cambium ÷ peer", "÷ without skipping zeros"), rows));
        for (Outcome outcome : outcomes) {
            if (!outcome.failure.isEmpty()) {
                System.out.printf("- %s: %s%n", outcome.point, outcome.failure);
            }
        }
        System.out.printf("%s; Java %s%n", Table.machine(), Runtime.version());
    }

    private static String number(String format, double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, format, value);
    }
}
