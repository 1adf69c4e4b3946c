package dev.cambium.benchmarks.jmh;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Backends;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Executable;
import dev.cambium.part.Parts;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Variable;

/** Runs one kernel. The time of a run is sampled, so that its median can be told. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"-Xmn64m", "--add-modules=jdk.incubator.vector",
        "--sun-misc-unsafe-memory-access=allow"})
public class KernelBenchmark {
    /** Zeros in the same places again and again are learnt by the processor's branch predictor. */
    private static final int SETS = 8;
    /** The backend's thread that has the JVM compile its loops, which takes some seconds. */
    private static final String WARM_UP = "cambium-warm-up";

    /** The kernel's name. */
    @Param("")
    public String kernel = "";

    /** The share of its operand that isn't zero. */
    @Param("1")
    public double density;

    /** Whether the backend may skip zeros. */
    @Param("true")
    public boolean skipZeros;

    /** How many threads the backend has. */
    @Param("1")
    public int threads;

    private final List<Buffer> buffers = new ArrayList<>();
    private final List<Executable> executables = new ArrayList<>();
    private Backend backend = Backends.open();
    private int runs;

    /** Compiles the kernel, for each of some sets of zeros, and waits until the JVM has compiled the loops that it runs. */
    @Setup
    public void open() throws InterruptedException {
        backend.close();
        backend = Backends.open(Backends.named(Parts.discover(), "cpu").type()
                .create(Map.of("threads", threads, "skipZeros", skipZeros)));
        Kernel chosen = Kernel.of(kernel);
        var places = new LinkedHashMap<Variable, Buffer>();
        for (Variable variable : chosen.graph().variables()) {
            places.put(variable, buffer(chosen.values(variable, density, 0)));
        }
        executables.add(backend.compile(chosen.graph(), places));
        chosen.zeros().ifPresent(variable -> {
            for (int set = 1; set < SETS; set++) {
                places.put(variable, buffer(chosen.values(variable, density, set)));
                executables.add(backend.compile(chosen.graph(), places));
            }
        });
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals(WARM_UP)) {
                thread.join();
            }
        }
    }

    private Buffer buffer(NdArray values) {
        buffers.add(backend.buffer(values));
        return buffers.getLast();
    }

    /** A run. */
    @Benchmark
    public Object run() {
        return executables.get(runs++ % executables.size()).run(Map.of());
    }

    /** Releases all. */
    @TearDown
    public void close() {
        executables.forEach(Executable::close);
        buffers.forEach(Buffer::close);
        backend.close();
    }
}
