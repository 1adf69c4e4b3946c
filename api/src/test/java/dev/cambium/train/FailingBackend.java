package dev.cambium.train;

import java.util.Map;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Device;
import dev.cambium.backend.Executable;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Variable;

/** A backend that fails after some compilations. */
final class FailingBackend implements Backend {
    private final Backend backend;
    private final int allowed;
    private int compilations;

    FailingBackend(Backend backend, int allowed) {
        this.backend = backend;
        this.allowed = allowed;
    }

    @Override
    public String name() {
        return backend.name();
    }

    @Override
    public Device device() {
        return backend.device();
    }

    @Override
    public Buffer buffer(NdArray initial) {
        return backend.buffer(initial);
    }

    @Override
    public Executable compile(Graph graph, Map<Variable, ? extends Buffer> variables) {
        compilations++;
        if (compilations > allowed) {
            throw new IllegalStateException("compilation %d fails".formatted(compilations));
        }
        return backend.compile(graph, variables);
    }

    @Override
    public void close() {
        backend.close();
    }
}
