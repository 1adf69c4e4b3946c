package dev.cambium.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Runs the contenders, each in a process of its own, some steps of each in turn so that whatever else the machine does slows all of
 * them, and prints one table.
 *
 * <p>
 * All see the same batches: one epoch from fresh weights, after which the accuracy is taken, then windows of further steps.
 */
public final class Compare {
    private static final int INFERENCE_BATCH = 1000;
    private static final int INFERENCE_TIMES = 2;
    private static final int LATENCY_WARM_UP = 1000;
    private static final int LATENCY_TIMES = 1000;
    /** Native libraries' idle threads go on spinning for up to 200 ms, which the next contender shouldn't pay for. */
    private static final int PAUSE_MILLISECONDS = 300;

    /**
     * How long all is looked at.
     *
     * @param before
     *            steps until the accuracy is taken; 0 for an epoch
     * @param steps
     *            of a window
     * @param warmUp
     *            windows that don't count
     * @param windows
     *            windows that do
     */
    private record Effort(int before, int steps, int warmUp, int windows) {
        static final Effort FULL = new Effort(0, 50, 2, 9);
        static final Effort QUICK = new Effort(100, 10, 1, 3);
    }

    /** What is asked of each contender in its turn. */
    @FunctionalInterface
    private interface Round {
        void run(Child child, Result result) throws Child.Failure, IOException;
    }

    /** Some work that is timed. */
    @FunctionalInterface
    private interface Window {
        /** Images a second. */
        double rate(Child child) throws Child.Failure;
    }

    private final Map<Result, Child> running = new LinkedHashMap<>();
    private final List<Result> results = new ArrayList<>();
    private final Effort effort;

    private Compare(Effort effort) {
        this.effort = effort;
    }

    /**
     * Runs the comparison.
     *
     * @param arguments
     *            the folder of the contenders' modules, the file for the results, the number of threads, {@code full} or {@code quick}, the names
     *            of those wanted (all without one)
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path peers = Path.of(arguments[0]);
        int threads = Integer.parseInt(arguments[2]);
        List<Entrant> wanted = Entrant.wanted(List.of(arguments).subList(4, arguments.length));
        var compare = new Compare(arguments[3].equals("quick") ? Effort.QUICK : Effort.FULL);
        try {
            for (Entrant entrant : wanted) {
                compare.start(entrant, peers, threads);
            }
            compare.measure();
        } finally {
            compare.running.values().forEach(Child::close);
        }
        Table.print(compare.results, compare.effort.before(), threads);
        Table.measurements(compare.results, threads).write(Path.of(arguments[1]));
    }

    /** Starts a contender, makes its first step and those that come before the accuracy. */
    private void start(Entrant entrant, Path peers, int threads) {
        System.err.printf("%s: its first steps …%n", entrant.title());
        var result = new Result(entrant);
        results.add(result);
        try {
            Child child = Child.start(entrant, peers, Task.reference(threads, 1));
            running.put(result, child);
            child.ask("train 1");
            result.firstStepSeconds = child.secondsSinceStart();
            result.version = child.ask("version");
            child.ask(effort.before() == 0 ? "epoch" : "train " + (effort.before() - 1));
            result.accuracy = child.number("accuracy");
            child.holdTo(threads);
        } catch (Child.Failure | IOException e) {
            fail(result, e);
        }
    }

    private void measure() throws InterruptedException {
        System.err.println("Windows of all in turn …");
        windows(child -> {
            double seconds = child.number("train " + effort.steps());
            return effort.steps() * Digits.BATCH / seconds;
        }, result -> result.training);
        windows(child -> {
            double seconds = child.number("infer %d %d".formatted(INFERENCE_BATCH, INFERENCE_TIMES));
            return INFERENCE_BATCH * INFERENCE_TIMES / seconds;
        }, result -> result.inference);
        inTurn((child, result) -> {
            child.ask("latency " + LATENCY_WARM_UP);
            result.latencySeconds = child.number("latency " + LATENCY_TIMES);
            result.peakMegabytes = child.peakMegabytes();
        });
    }

    private void windows(Window window, Function<Result, List<Double>> rates) throws InterruptedException {
        for (int i = -effort.warmUp(); i < effort.windows(); i++) {
            boolean counts = i >= 0;
            inTurn((child, result) -> {
                double rate = window.rate(child);
                if (counts) {
                    rates.apply(result).add(rate);
                }
            });
        }
    }

    private void inTurn(Round round) throws InterruptedException {
        for (var entry : List.copyOf(running.entrySet())) {
            Thread.sleep(PAUSE_MILLISECONDS);
            try {
                round.run(entry.getValue(), entry.getKey());
            } catch (Child.Failure | IOException e) {
                fail(entry.getKey(), e);
            }
        }
    }

    private void fail(Result result, Exception reason) {
        result.failure = String.valueOf(reason.getMessage());
        Child child = running.remove(result);
        if (child != null) {
            child.close();
        }
    }
}
