package dev.cambium.tck;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Device;
import dev.cambium.backend.Executable;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.LayerPath;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.Variable;

/** A backend that does as a sound one, but for a fault in how it compiles. */
record BrokenBackend(Backend sound, Compilation compilation) implements Backend {
    /** What {@link Backend#compile} does, given the sound backend. */
    interface Compilation {
        Executable compile(Backend sound, Graph graph, Map<Variable, ? extends Buffer> variables);
    }

    /** Compiles what a faulty rule makes of each tensor, whose inputs it has seen before. */
    static Compilation replacing(UnaryOperator<Tensor> rule) {
        return (sound, graph, variables) -> sound.compile(replaced(graph, rule), variables);
    }

    private static Graph replaced(Graph graph, UnaryOperator<Tensor> rule) {
        return Trial.rewritten(graph.withoutRegions(),
                (tensor, inputs) -> LayerPath.within(tensor.path(), () -> rule.apply(Trial.over(tensor, inputs))));
    }

    /** Whatever reads the first variable that is updated sees its new value. */
    static Executable compileWithEarlyUpdate(Backend sound, Graph graph, Map<Variable, ? extends Buffer> variables) {
        if (graph.updates().isEmpty()) {
            return sound.compile(graph, variables);
        }
        Variable first = graph.updates().firstEntry().getKey();
        Tensor early = graph.withoutRegions().updates().firstEntry().getValue();
        Graph broken = replaced(graph,
                tensor -> tensor.op() instanceof Op.ReadVariable(Variable read) && read.equals(first) ? early : tensor);
        SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>(broken.updates());
        updates.put(first, early);
        return sound.compile(new Graph(broken.outputs(), updates), variables);
    }

    /**
     * New values and outputs are computed one after the other, and each is written by itself: nothing keeps two runs apart, and what
     * was computed before a failure stays.
     */
    static Executable compileInPieces(Backend sound, Graph graph, Map<Variable, ? extends Buffer> variables) {
        var pieces = new LinkedHashMap<Buffer, Executable>();
        graph.updates().forEach((variable, tensor) -> pieces.put(Objects.requireNonNull(variables.get(variable)),
                sound.compile(Graph.of("value", tensor), variables)));
        return new InPieces(sound.compile(Graph.of(graph.outputs()), variables), pieces);
    }

    private record InPieces(Executable outputs, SequencedMap<Buffer, Executable> pieces) implements Executable {
        @Override
        public SequencedMap<String, NdArray> run(Map<String, NdArray> inputs) {
            var values = new LinkedHashMap<Buffer, NdArray>();
            try {
                pieces.forEach((buffer, piece) -> values.put(buffer, piece.run(inputs).firstEntry().getValue()));
                return outputs.run(inputs);
            } finally {
                values.forEach(Buffer::write);
            }
        }

        @Override
        public void close() {
            outputs.close();
            pieces.values().forEach(Executable::close);
        }
    }

    @Override
    public String name() {
        return sound.name();
    }

    @Override
    public Device device() {
        return sound.device();
    }

    @Override
    public Buffer buffer(NdArray initial) {
        return sound.buffer(initial);
    }

    @Override
    public Executable compile(Graph graph, Map<Variable, ? extends Buffer> variables) {
        return compilation.compile(sound, graph, variables);
    }

    @Override
    public void close() {
        sound.close();
    }
}
