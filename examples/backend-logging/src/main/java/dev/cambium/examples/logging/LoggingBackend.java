package dev.cambium.examples.logging;

import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Device;
import dev.cambium.backend.Executable;
import dev.cambium.backend.Profiler;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Variable;

/** Prints each graph when it is compiled, operation by operation, and how long each run takes. Buffers are the other backend's own. */
record LoggingBackend(Backend other, Consumer<String> log) implements Backend {
    private record LoggingExecutable(Executable other, int operations, Consumer<String> log) implements Executable {
        @Override
        public SequencedMap<String, NdArray> run(Map<String, NdArray> inputs) {
            long start = System.nanoTime();
            SequencedMap<String, NdArray> outputs = other.run(inputs);
            log.accept("ran %d operations in %.2f ms".formatted(operations, (System.nanoTime() - start) / 1e6));
            return outputs;
        }

        @Override
        public void close() {
            other.close();
        }
    }

    @Override
    public String name() {
        return LoggingBackendProvider.NAME;
    }

    @Override
    public Device device() {
        return other.device();
    }

    @Override
    public Buffer buffer(NdArray initial) {
        return other.buffer(initial);
    }

    @Override
    public Executable compile(Graph graph, Map<Variable, ? extends Buffer> variables) {
        log.accept("to compile on %s:%n%s".formatted(other.name(), graph));
        return new LoggingExecutable(other.compile(graph, variables), graph.tensors().size(), log);
    }

    /** What the other one measures. */
    @Override
    public Optional<Profiler> profiler() {
        return other.profiler();
    }

    @Override
    public void close() {
        other.close();
    }
}
