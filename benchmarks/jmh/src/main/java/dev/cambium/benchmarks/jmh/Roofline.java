package dev.cambium.benchmarks.jmh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Backends;
import dev.cambium.backend.Profile;
import dev.cambium.backend.Profiler;
import dev.cambium.data.DataUnavailableException;
import dev.cambium.data.Splits;
import dev.cambium.datasets.Mnist;
import dev.cambium.models.Adam;
import dev.cambium.models.CrossEntropy;
import dev.cambium.models.MnistCnn;
import dev.cambium.part.Parts;
import dev.cambium.results.MarkdownTable;
import dev.cambium.results.Measurements;
import dev.cambium.train.Model;
import dev.cambium.train.Trainer;
import dev.cambium.train.TrainingEvent;

/**
 * Where a training step of the reference CNN on MNIST goes, kernel by kernel, beside what the machine would take for its operations at its
 * multiply-add peak and for its bytes at its bandwidth (Williams, Waterman and Patterson, <i>Roofline: an insightful visual performance model
 * for multicore architectures</i>, 2009). Looked at after an epoch, when ReLU and dropout have made their zeros.
 */
public final class Roofline {
    private static final int BATCH = 50;
    private static final int WARM_UP = 1_200;
    private static final int STEPS = 400;
    private static final int SEED = 1;
    /** Rows that have a line of their own. */
    private static final int LARGEST = 11;

    /**
     * What a kernel does in a step. Rates are those of one thread, so times are added up over threads.
     *
     * @param seconds
     *            what it takes
     * @param flop
     *            the operations of its products that it carries out, a multiply-add counted as two
     * @param bytes
     *            what it reads and writes, each value once, be it in memory or in a cache
     */
    private record Row(String kernel, double seconds, double flop, double bytes) {
        Row plus(Row other) {
            return new Row(kernel, seconds + other.seconds, flop + other.flop, bytes + other.bytes);
        }
    }

    private Roofline() {}

    /**
     * Trains, and prints.
     *
     * @param arguments
     *            the file for the results and the number of threads
     */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        int threads = Integer.parseInt(arguments[1]);
        Splits data;
        try {
            data = new Mnist().load();
        } catch (DataUnavailableException e) {
            System.err.println(e.getMessage());
            System.exit(1);
            return;
        }
        var machine = new Machine(1);
        machine.measure();
        List<Row> rows = measure(data, threads);
        machine.measure();
        write(rows, machine, Path.of(arguments[0]));
        print(rows, machine, threads);
    }

    private static List<Row> measure(Splits data, int threads) {
        try (Backend backend = Backends
                .open(Backends.named(Parts.discover(), "cpu").type().create(Map.of("threads", threads)))) {
            Profiler profiler = backend.profiler().orElseThrow();
            var profiles = new ArrayList<Profile>();
            try (Model model = Model.create(new MnistCnn(0.25), data.train().inputType(), backend, SEED);
                    Trainer trainer = new Trainer(model, new CrossEntropy(), new Adam(), BATCH)) {
                trainer.fit(data.train(), data.test(), Integer.MAX_VALUE / 2, event -> {
                    if (event instanceof TrainingEvent.StepEnded step
                            && (step.step() == WARM_UP || step.step() == WARM_UP + STEPS)) {
                        profiles.add(step(profiler));
                        if (profiles.size() == 2) {
                            trainer.stop();
                        }
                    }
                });
            }
            return rows(profiles.getFirst(), profiles.getLast());
        }
    }

    /** The profile of the executable that runs most often, which is the step's. */
    private static Profile step(Profiler profiler) {
        return profiler.profiles().stream().max(Comparator.comparingLong(Profile::runs)).orElseThrow();
    }

    private static List<Row> rows(Profile before, Profile after) {
        var rows = new ArrayList<Row>();
        for (int i = 0; i < after.kernels().size(); i++) {
            Profile.Kernel first = before.kernels().get(i);
            Profile.Kernel last = after.kernels().get(i);
            rows.add(new Row(name(last), (last.nanos() - first.nanos()) / 1e9 / STEPS,
                    2 * (visited(last) - visited(first)) / STEPS, (double) (last.bytes() - first.bytes()) / STEPS));
        }
        rows.add(new Row("waiting and between kernels", (after.idleNanos() - before.idleNanos()) / 1e9 / STEPS, 0, 0));
        rows.sort(Comparator.comparingDouble(Row::seconds).reversed());
        int count = Math.min(LARGEST, rows.size());
        var shown = new ArrayList<>(rows.subList(0, count));
        rows.subList(count, rows.size()).stream().reduce(Row::plus).map(rest -> new Row(
                "%d others".formatted(rows.size() - count), rest.seconds(), rest.flop(), rest.bytes()))
                .ifPresent(shown::add);
        return shown;
    }

    private static double visited(Profile.Kernel kernel) {
        return kernel.density().orElse(1) * kernel.multiplyAdds();
    }

    /** The layer and what is done there, both in short. */
    private static String name(Profile.Kernel kernel) {
        String path = kernel.paths().stream().max(Comparator.comparingInt(String::length)).orElse("");
        return (path.substring(path.indexOf('/') + 1) + " " + kernel.name()).strip();
    }

    private static void write(List<Row> rows, Machine machine, Path file) throws IOException {
        var measured = Measurements.of("kernel", "milliseconds", "operations ÷ peak", "bytes ÷ bandwidth");
        for (Row row : rows) {
            measured = measured.with(row.kernel(), 1e3 * row.seconds(), 1e3 * row.flop() / machine.peak(),
                    1e3 * row.bytes() / machine.bandwidth());
        }
        measured.write(file);
    }

    private static void print(List<Row> rows, Machine machine, int threads) {
        var cells = new ArrayList<List<String>>();
        rows.forEach(row -> cells.add(cells(row, machine)));
        cells.add(cells(
                rows.stream().reduce(Row::plus).map(sum -> new Row("the step", sum.seconds(), sum.flop(), sum.bytes()))
                        .orElseThrow(),
                machine));
        System.out.println(MarkdownTable.of(1, List.of("kernel", "ms", "operations ÷ peak, ms", "bytes ÷ bandwidth, ms",
                "GFLOP/s", "GB/s", "operations a byte"), cells));
        System.out.printf(Locale.ROOT,
                "%d thread(s), whose times are added up; one thread's peak %.1f GFLOP/s, bandwidth %.1f GB/s; Java %s%n",
                threads, machine.peak() / 1e9, machine.bandwidth() / 1e9, Runtime.version());
    }

    private static List<String> cells(Row row, Machine machine) {
        return List.of(row.kernel(), number("%.3f", 1e3 * row.seconds()),
                number("%.3f", 1e3 * row.flop() / machine.peak()),
                number("%.3f", 1e3 * row.bytes() / machine.bandwidth()),
                number("%.1f", row.flop() / row.seconds() / 1e9),
                number("%.1f", row.bytes() / row.seconds() / 1e9), number("%.1f", row.flop() / row.bytes()));
    }

    private static String number(String format, double value) {
        return value == 0 || Double.isNaN(value) ? "–" : String.format(Locale.ROOT, format, value);
    }
}
