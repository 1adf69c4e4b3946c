package dev.cambium.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the contenders, each in a process of its own, some steps of each in turn so that whatever else the machine does slows all of
 * them, and prints one table.
 *
 * <p>
 * All see the same batches: one epoch from fresh weights, after which the accuracy is taken, then windows of further steps.
 */
public final class Compare {
    private static final int STEPS = 50;
    private static final int WARM_UP = 2;
    private static final int WINDOWS = 9;
    private static final int INFERENCE_BATCH = 1000;
    private static final int INFERENCE_TIMES = 2;
    private static final int LATENCY_WARM_UP = 1000;
    private static final int LATENCY_TIMES = 1000;
    /** Native libraries' idle threads go on spinning for up to 200 ms, which the next contender shouldn't pay for. */
    private static final int PAUSE_MILLISECONDS = 300;

    /** What is asked of each contender in its turn. */
    @FunctionalInterface
    private interface Round {
        void run(Child child, Result result) throws Child.Failure, IOException;
    }

    private final Map<Result, Child> running = new LinkedHashMap<>();
    private final List<Result> results = new ArrayList<>();

    private Compare() {}

    /**
     * Runs the comparison.
     *
     * @param arguments
     *            the folder of the contenders' modules, the number of threads, the names of those wanted (all without one)
     */
    public static void main(String[] arguments) throws InterruptedException {
        Path peers = Path.of(arguments[0]);
        int threads = Integer.parseInt(arguments[1]);
        List<String> wanted = List.of(arguments).subList(2, arguments.length);
        List<String> known = Entrant.ALL.stream().map(Entrant::name).toList();
        for (String name : wanted) {
            if (!known.contains(name)) {
                System.err.printf("There is no contender '%s'; there are %s.%n", name, String.join(", ", known));
                System.exit(2);
            }
        }
        var compare = new Compare();
        try {
            for (Entrant entrant : Entrant.ALL) {
                if (wanted.isEmpty() || wanted.contains(entrant.name())) {
                    compare.start(entrant, peers, threads);
                }
            }
            compare.measure();
        } finally {
            compare.running.values().forEach(Child::close);
        }
        Table.print(compare.results, threads);
    }

    /** Starts a contender, makes its first step and lets it finish the first epoch. */
    private void start(Entrant entrant, Path peers, int threads) {
        System.err.printf("%s: one epoch …%n", entrant.title());
        var result = new Result(entrant);
        results.add(result);
        try {
            Child child = Child.start(entrant, peers, threads);
            running.put(result, child);
            child.ask("train 1");
            result.firstStepSeconds = child.secondsSinceStart();
            result.version = child.ask("version");
            result.accuracy = child.number("epoch");
        } catch (Child.Failure | IOException e) {
            fail(result, e);
        }
    }

    private void measure() throws InterruptedException {
        System.err.println("Windows of all in turn …");
        for (int window = -WARM_UP; window < WINDOWS; window++) {
            boolean counts = window >= 0;
            inTurn((child, result) -> {
                double rate = STEPS * Digits.BATCH / child.number("train " + STEPS);
                if (counts) {
                    result.training.add(rate);
                }
            });
        }
        for (int window = -WARM_UP; window < WINDOWS; window++) {
            boolean counts = window >= 0;
            inTurn((child, result) -> {
                double seconds = child.number("infer %d %d".formatted(INFERENCE_BATCH, INFERENCE_TIMES));
                if (counts) {
                    result.inference.add(INFERENCE_BATCH * INFERENCE_TIMES / seconds);
                }
            });
        }
        inTurn((child, result) -> {
            child.ask("latency " + LATENCY_WARM_UP);
            result.latencySeconds = child.number("latency " + LATENCY_TIMES);
            result.peakMegabytes = child.peakMegabytes();
        });
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
