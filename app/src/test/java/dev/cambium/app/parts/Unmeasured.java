package dev.cambium.app.parts;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendProvider;
import dev.cambium.backend.Backends;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Device;
import dev.cambium.backend.Executable;
import dev.cambium.part.Part;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Variable;

/** A backend that computes as the default one does, and can't say where its time goes. */
@Part(name = "unmeasured", description = "measures nothing")
public record Unmeasured() implements BackendProvider {
    private record Opened(Backend other) implements Backend {
        @Override
        public String name() {
            return "unmeasured";
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
            return other.compile(graph, variables);
        }

        @Override
        public void close() {
            other.close();
        }
    }

    @Override
    public int priority() {
        return -1;
    }

    @Override
    public int primitives() {
        return Op.VERSION;
    }

    @Override
    public Optional<String> unavailability() {
        return Optional.empty();
    }

    @Override
    public List<Device> devices() {
        return List.of();
    }

    @Override
    public Backend open() {
        return new Opened(Backends.open());
    }
}
