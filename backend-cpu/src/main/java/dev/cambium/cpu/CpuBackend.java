package dev.cambium.cpu;

import java.util.HashMap;
import java.util.Map;

import dev.cambium.CambiumException;
import dev.cambium.backend.Backend;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Device;
import dev.cambium.backend.Executable;
import dev.cambium.cpu.compiler.Program;
import dev.cambium.cpu.kernels.Products;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Variable;

/** The pure-Java backend on the machine's processor. */
final class CpuBackend implements Backend {
    private final Device device;
    private final Products products;
    private final Workers workers;

    CpuBackend(Device device, Products products, int threads) {
        this.device = device;
        this.products = products;
        workers = new Workers(threads);
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
        try {
            return new CpuBuffer(this, initial, products);
        } catch (OutOfMemoryError e) {
            throw outOfMemory("a value of type " + initial.type(), e);
        }
    }

    @Override
    public Executable compile(Graph graph, Map<Variable, ? extends Buffer> variables) {
        var places = new HashMap<Variable, Program.Place>();
        for (Variable variable : graph.variables()) {
            if (!(variables.get(variable) instanceof CpuBuffer buffer)) {
                throw new IllegalArgumentException("variable " + variable.name() + " has no buffer of this backend");
            }
            if (!buffer.type().equals(variable.type())) {
                throw new IllegalArgumentException(
                        "variable %s is %s, but its buffer holds %s".formatted(variable.name(), variable.type(),
                                buffer.type()));
            }
            places.put(variable, buffer.place());
        }
        try {
            return new CpuExecutable(this, Program.compile(graph, places, products, workers.count()), workers);
        } catch (OutOfMemoryError e) {
            throw outOfMemory("the compiled graph", e);
        }
    }

    private static CambiumException outOfMemory(String what, OutOfMemoryError cause) {
        return new CambiumException(
                "no room for %s in the Java heap of %d MB; use a smaller batch, or give more with -Xmx".formatted(what,
                        Runtime.getRuntime().maxMemory() >> 20),
                cause);
    }

    @Override
    public void close() {
        workers.close();
    }
}
