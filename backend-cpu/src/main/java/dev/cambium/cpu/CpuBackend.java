package dev.cambium.cpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.cambium.CambiumException;
import dev.cambium.backend.Backend;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Device;
import dev.cambium.backend.Executable;
import dev.cambium.backend.Profile;
import dev.cambium.backend.Profiler;
import dev.cambium.cpu.compiler.Dump;
import dev.cambium.cpu.compiler.Program;
import dev.cambium.cpu.compiler.Recording;
import dev.cambium.cpu.compiler.VariableArray;
import dev.cambium.cpu.kernels.Products;
import dev.cambium.cpu.kernels.WarmUps;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Variable;

/**
 * The pure-Java backend on the machine's processor. It is the lock that runs, reads and writes of values, and closing take, so that
 * they happen one after another.
 */
final class CpuBackend implements Backend {
    private final Device device;
    private final Products products;
    private final Workers workers;
    private final boolean skipZeros;
    private final Optional<Dump> dump;
    private final List<Recording> recordings = new ArrayList<>();
    private boolean measuring;
    /** The number of buffers and executables that are open. */
    private int open;
    private boolean closed;

    CpuBackend(Device device, Products products, int threads, boolean skipZeros, Optional<Dump> dump) {
        this.skipZeros = skipZeros;
        this.dump = dump;
        this.device = device;
        this.products = products;
        boolean everyCore = threads >= Runtime.getRuntime().availableProcessors();
        workers = new Workers(threads, () -> everyCore && WarmUps.areBusy()); // or they wait for one that the JIT compiler delays
        WarmUp.start();
    }

    @Override
    public String name() {
        return CpuBackendProvider.NAME;
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public Buffer buffer(NdArray initial) {
        requireOpen();
        try {
            var buffer = new CpuBuffer(this, initial, products);
            count(1);
            return buffer;
        } catch (OutOfMemoryError e) {
            throw outOfMemory("a value of type " + initial.type(), e);
        }
    }

    @Override
    public Executable compile(Graph graph, Map<Variable, ? extends Buffer> variables) {
        requireOpen();
        var buffers = new LinkedHashMap<Variable, CpuBuffer>();
        var elements = new HashMap<Variable, VariableArray>();
        for (Variable variable : graph.variables()) {
            if (!(variables.get(variable) instanceof CpuBuffer buffer) || !buffer.isOf(this)) {
                throw new IllegalArgumentException("variable " + variable.name() + " has no buffer of this backend");
            }
            if (!buffer.type().equals(variable.type())) {
                throw new IllegalArgumentException(
                        "variable %s is %s, but its buffer holds %s".formatted(variable.name(), variable.type(),
                                buffer.type()));
            }
            buffers.put(variable, buffer);
            elements.put(variable, buffer.elements());
        }
        try {
            Program program;
            synchronized (this) { // it may bring variables into another order
                program = Program.compile(graph, elements, products, skipZeros, workers.count(), dump);
            }
            Optional<Recording> recording = recording(graph, program);
            var executable = new CpuExecutable(this, recording.map(program::under).orElse(program), workers,
                    List.copyOf(buffers.values()), recording);
            count(1);
            return executable;
        } catch (OutOfMemoryError e) {
            throw outOfMemory("the compiled graph", e);
        }
    }

    @Override
    public synchronized Optional<Profiler> profiler() {
        requireOpen();
        measuring = true;
        return Optional.of(this::profiles);
    }

    private synchronized List<Profile> profiles() {
        return recordings.stream().map(Recording::profile).toList();
    }

    private synchronized Optional<Recording> recording(Graph graph, Program program) {
        if (!measuring) {
            return Optional.empty();
        }
        Recording recording = program.recording(graph);
        recordings.add(recording);
        return Optional.of(recording);
    }

    synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the backend is closed");
        }
    }

    /** Counts buffers and executables as they open (1) and close (−1). */
    synchronized void count(int change) {
        open += change;
    }

    private static CambiumException outOfMemory(String what, OutOfMemoryError cause) {
        return new CambiumException(
                "no room for %s in the Java heap of %d MB; use a smaller batch, or give more with -Xmx".formatted(what,
                        Runtime.getRuntime().maxMemory() >> 20),
                cause);
    }

    @Override
    public synchronized void close() {
        if (open > 0) {
            throw new IllegalStateException(
                    "%d buffers or executables of the backend are still open; close them first".formatted(open));
        }
        closed = true;
        workers.close();
    }
}
