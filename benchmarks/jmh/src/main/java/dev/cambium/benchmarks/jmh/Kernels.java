package dev.cambium.benchmarks.jmh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import dev.cambium.results.MarkdownTable;
import dev.cambium.results.Measurements;

/**
 * Times all kernels and prints one table: what each takes, and as shares of the multiply-add peak and of the bandwidth of memory that are
 * measured beside it.
 */
public final class Kernels {
    private static final List<Double> DENSITIES = List.of(0.01, 0.02, 0.05, 0.1, 0.16, 0.25, 0.35, 0.5, 0.75, 1.0);

    /**
     * How long each kernel is looked at.
     *
     * @param forks
     *            JVMs; without one all run in this one, and may spoil each other's code
     * @param warmUp
     *            how many times {@code iteration} comes before what counts
     * @param times
     *            how many times it counts
     * @param iteration
     *            milliseconds
     * @param densities
     *            those at which kernels that skip zeros are looked at
     */
    private record Effort(int forks, int warmUp, int times, long iteration, List<Double> densities) {
        static final Effort FULL = new Effort(1, 2, 4, 300, DENSITIES);
        static final Effort QUICK = new Effort(0, 1, 2, 200, List.of(0.05, 0.25, 1.0));
    }

    /**
     * One row.
     *
     * @param density
     *            of the operand with zeros, if it is to be skipped
     */
    private record Row(Kernel kernel, OptionalDouble density, double seconds) {}

    private final Effort effort;
    private final Machine machine;
    private final int threads;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    private Kernels(Effort effort, int threads) {
        this.effort = effort;
        this.threads = threads;
        machine = new Machine(threads);
    }

    /**
     * Runs the benchmarks.
     *
     * @param arguments
     *            the file for the results, the number of threads, {@code full} or {@code quick}, and words of which a kernel's name must
     *            contain one, if there are any
     */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        List<String> words = List.of(arguments).subList(3, arguments.length);
        List<Kernel> chosen = Kernel.all().stream()
                .filter(kernel -> words.isEmpty() || words.stream().anyMatch(kernel.name()::contains)).toList();
        if (chosen.isEmpty()) {
            System.err.printf("No kernel's name contains %s; there are:%n%s%n", String.join(" or ", words),
                    Kernel.all().stream().map(Kernel::name).collect(Collectors.joining("\n")));
            System.exit(2);
        }
        var kernels = new Kernels(arguments[2].equals("quick") ? Effort.QUICK : Effort.FULL,
                Integer.parseInt(arguments[1]));
        for (Kernel kernel : chosen) {
            kernels.measure(kernel);
            kernels.measurements().write(Path.of(arguments[0]));
        }
        kernels.print();
    }

    private void measure(Kernel kernel) throws InterruptedException, ExecutionException {
        System.err.printf("%s …%n", kernel.name());
        machine.measure();
        time(kernel, OptionalDouble.empty());
        if (kernel.zeros().isPresent()) {
            for (double density : effort.densities()) {
                time(kernel, OptionalDouble.of(density));
            }
        }
    }

    /** Times a kernel in a JVM of its own; the row has the median of the runs. */
    private void time(Kernel kernel, OptionalDouble density) {
        Options options = new OptionsBuilder().include(KernelBenchmark.class.getName()).verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true).forks(effort.forks()).warmupIterations(effort.warmUp())
                .measurementIterations(effort.times())
                .warmupTime(TimeValue.milliseconds(effort.iteration()))
                .measurementTime(TimeValue.milliseconds(effort.iteration())).param("kernel", kernel.name())
                .param("threads", Integer.toString(threads)).param("density", Double.toString(density.orElse(1)))
                .param("skipZeros", Boolean.toString(density.isPresent())).build();
        try {
            double nanoseconds = new Runner(options).runSingle().getPrimaryResult().getStatistics().getPercentile(50);
            rows.add(new Row(kernel, density, nanoseconds / 1e9));
        } catch (RunnerException e) {
            failures.add(kernel.name() + ": " + e.getMessage());
        }
    }

    /** What a row's kernel takes in proportion to the dense one, for a row that skips zeros. */
    private double toDense(Row row) {
        return row.density().isEmpty() ? Double.NaN
                : rows.stream()
                        .filter(other -> other.kernel().name().equals(row.kernel().name()) && other.density().isEmpty())
                        .mapToDouble(other -> row.seconds() / other.seconds()).findFirst().orElse(Double.NaN);
    }

    private Measurements measurements() {
        var measured = Measurements.of("kernel", "density", "threads", "seconds", "flop/s", "peak flop/s", "bytes/s",
                "peak bytes/s", "time to dense");
        for (Row row : rows) {
            measured = measured.with(row.kernel().name(), 100 * row.density().orElse(Double.NaN), threads,
                    row.seconds(), row.kernel().flop() / row.seconds(), machine.peak(),
                    row.kernel().bytes() / row.seconds(), machine.bandwidth(), toDense(row));
        }
        return measured;
    }

    private void print() {
        var cells = new ArrayList<List<String>>();
        for (Row row : rows) {
            double flops = row.kernel().flop() == 0 ? Double.NaN : row.kernel().flop() / row.seconds();
            double bytes = row.kernel().bytes() / row.seconds();
            cells.add(List.of(row.kernel().name(), number("%.0f", 100 * row.density().orElse(Double.NaN)),
                    number("%,.1f", row.seconds() * 1e6), number("%.1f", flops / 1e9),
                    number("%.0f", 100 * flops / machine.peak()), number("%.1f", bytes / 1e9),
                    number("%.0f", 100 * bytes / machine.bandwidth()), number("%.2f", toDense(row))));
        }
        System.out.println(MarkdownTable.of(1, List.of("kernel", "not zero, %", "µs", "GFLOP/s", "% of peak", "GB/s",
                "% of bandwidth", "÷ dense"), cells));
        failures.forEach(failure -> System.out.println("- " + failure));
        System.out.printf(Locale.ROOT, "threads: %d; peak %.1f GFLOP/s, bandwidth %.1f GB/s; Java %s%n", threads,
                machine.peak() / 1e9, machine.bandwidth() / 1e9, Runtime.version());
    }

    private static String number(String format, double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, format, value);
    }
}
