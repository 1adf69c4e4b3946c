package dev.cambium.reference;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Device;
import dev.cambium.backend.Executable;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/**
 * A backend that is obviously right, not fast: it runs graphs by plain loops, primitive by primitive, with floating types
 * computed in double precision and integers exactly. It holds its users to the contract: what is used after it was closed, or
 * left open when the backend closes, is an error.
 */
public final class ReferenceBackend implements Backend {
    static final String NAME = "reference";
    static final Device DEVICE = new Device("cpu", Device.Kind.CPU, "plain loops in double precision");

    private final boolean exact;
    private final Set<Object> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean closed;

    private ReferenceBackend(boolean exact) {
        this.exact = exact;
    }

    /** A backend that rounds the result of each primitive to the tensor's element type. */
    public static ReferenceBackend rounded() {
        return new ReferenceBackend(false);
    }

    /**
     * A backend that keeps double precision throughout, whatever the floating type: outputs of all floating types come as
     * float64. Only buffers, when read, round to their type.
     */
    public static ReferenceBackend exact() {
        return new ReferenceBackend(true);
    }

    /** The value of a tensor over inputs, each primitive rounded. */
    public static NdArray evaluate(Tensor tensor, Map<String, NdArray> inputs) {
        return rounded().run(Graph.of("value", tensor), inputs).firstEntry().getValue();
    }

    /** The value of a tensor that depends on no inputs, each primitive rounded. */
    public static NdArray evaluate(Tensor tensor) {
        return evaluate(tensor, Map.of());
    }

    /** The outputs of a graph without variables. */
    public SequencedMap<String, NdArray> run(Graph graph, Map<String, NdArray> inputs) {
        try (Executable executable = compile(graph, Map.of())) {
            return executable.run(inputs);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Device device() {
        return DEVICE;
    }

    @Override
    public synchronized Buffer buffer(NdArray initial) {
        requireOpen();
        var buffer = new Memory(Elements.of(initial, exact));
        open.add(buffer);
        return buffer;
    }

    @Override
    public synchronized Executable compile(Graph graph, Map<Variable, ? extends Buffer> variables) {
        requireOpen();
        var places = new LinkedHashMap<Variable, Memory>();
        for (Variable variable : graph.variables()) {
            if (!(variables.get(variable) instanceof Memory memory) || memory.backend() != this) {
                throw new IllegalArgumentException(
                        "variable %s has no buffer of this backend".formatted(variable));
            }
            if (!memory.type().equals(variable.type())) {
                throw new IllegalArgumentException("variable %s is %s, but its buffer is %s".formatted(variable.name(),
                        variable.type(), memory.type()));
            }
            requireOpen(memory);
            places.put(variable, memory);
        }
        var program = new Program(graph, graph.tensors(), graph.inputs(), places);
        open.add(program);
        return program;
    }

    @Override
    public synchronized void close() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("still open: " + open);
        }
        closed = true;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the backend is closed");
        }
    }

    private void requireOpen(Object resource) {
        if (!open.contains(resource)) {
            throw new IllegalStateException("used after it was closed: " + resource);
        }
    }

    /** A value that lives on this backend. */
    private final class Memory implements Buffer {
        private Elements elements;

        Memory(Elements elements) {
            this.elements = elements;
        }

        ReferenceBackend backend() {
            return ReferenceBackend.this;
        }

        @Override
        public TensorType type() {
            return elements.type();
        }

        @Override
        public NdArray read() {
            synchronized (ReferenceBackend.this) {
                requireOpen(this);
                return elements.toArray();
            }
        }

        @Override
        public void write(NdArray value) {
            if (!value.type().equals(type())) {
                throw new IllegalArgumentException("%s is written to a buffer of %s".formatted(value.type(), type()));
            }
            synchronized (ReferenceBackend.this) {
                requireOpen(this);
                elements = Elements.of(value, exact);
            }
        }

        @Override
        public void close() {
            synchronized (ReferenceBackend.this) {
                open.remove(this);
            }
        }

        @Override
        public String toString() {
            return "buffer of " + type();
        }
    }

    /** A graph bound to its variables. */
    private final class Program implements Executable {
        private final Graph graph;
        private final List<Tensor> order;
        private final Map<String, TensorType> inputTypes;
        private final Map<Variable, Memory> places;

        Program(Graph graph, List<Tensor> order, Map<String, TensorType> inputTypes, Map<Variable, Memory> places) {
            this.graph = graph;
            this.order = order;
            this.inputTypes = inputTypes;
            this.places = places;
        }

        @Override
        public SequencedMap<String, NdArray> run(Map<String, NdArray> inputs) {
            inputTypes.forEach((name, type) -> {
                NdArray given = inputs.get(name);
                if (given == null || !given.type().equals(type)) {
                    throw new IllegalArgumentException(
                            "input %s must be %s, but is %s".formatted(name, type,
                                    given == null ? "missing" : given.type()));
                }
            });
            synchronized (ReferenceBackend.this) {
                requireOpen(this);
                places.values().forEach(ReferenceBackend.this::requireOpen);
                return compute(inputs);
            }
        }

        private SequencedMap<String, NdArray> compute(Map<String, NdArray> inputs) {
            var interpreter = new Interpreter(exact, name -> Elements.of(found(inputs, name), exact),
                    variable -> found(places, variable).elements);
            Map<Tensor, Elements> values = interpreter.evaluate(order, Map.of());
            var outputs = new LinkedHashMap<String, NdArray>();
            graph.outputs().forEach((name, tensor) -> {
                Elements value = found(values, tensor);
                outputs.put(name, exact ? value.toExactArray() : value.toArray());
            });
            graph.updates().forEach((variable, tensor) -> found(places, variable).elements = found(values, tensor));
            return outputs;
        }

        @Override
        public void close() {
            synchronized (ReferenceBackend.this) {
                open.remove(this);
            }
        }

        @Override
        public String toString() {
            return "executable of " + graph.outputs().keySet() + " with updates of " + graph.updates().keySet();
        }
    }

    static <K, V> V found(Map<K, V> map, K key) {
        V value = map.get(key);
        if (value == null) {
            throw new IllegalStateException("no value for " + key);
        }
        return value;
    }
}
