package dev.cambium.tck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.cambium.backend.Backend;
import dev.cambium.reference.ReferenceBackend;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.LayerPath;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.Variable;

/**
 * A graph with the values that it is run over; one that fails can be made smaller for as long as it does.
 *
 * @param start
 *            the first value of each variable
 */
record Trial(Graph graph, Map<String, NdArray> inputs, Map<Variable, NdArray> start) {
    /** The trial that fails and none of whose {@linkplain #smaller smaller} ones does. */
    Trial shrunk(Predicate<Trial> fails) {
        Trial smallest = this;
        Optional<Trial> next = Optional.of(this);
        while (next.isPresent()) {
            smallest = next.get();
            int size = smallest.size();
            next = smallest.smaller().filter(trial -> trial.size() < size).filter(fails).findFirst();
        }
        return smallest;
    }

    /** Operations weigh most, then what comes out and goes in. */
    private int size() {
        List<Tensor> tensors = graph.tensors();
        int operations = Math.toIntExact(tensors.stream().filter(Trial::isOperation).count());
        return 1000 * operations + tensors.size() + graph.outputs().size() + graph.updates().size();
    }

    private static boolean isOperation(Tensor tensor) {
        return !tensor.inputs().isEmpty();
    }

    /**
     * Each operation alone; single outputs and updates, or all but one; a tensor replaced by what it is computed from, or by an input
     * of the value that the reference gives it.
     */
    private Stream<Trial> smaller() {
        Map<Tensor, NdArray> values = values();
        List<Tensor> operations = graph.tensors().stream().filter(Trial::isOperation).toList();
        Stream<Trial> alone = operations.stream().map(tensor -> with(Graph.of("value", tensor))
                .given(tensor.inputs(), values));
        Stream<Trial> shorter = operations.reversed().stream().flatMap(tensor -> tensor.inputs().stream()
                .filter(input -> input.type().equals(tensor.type())).map(input -> replacing(tensor, input)));
        Stream<Trial> cut = operations.reversed().stream().map(tensor -> given(List.of(tensor), values));
        return Stream.of(alone, fewerRoots(), shorter, cut).flatMap(trials -> trials);
    }

    private Stream<Trial> fewerRoots() {
        var graphs = new ArrayList<Graph>();
        graph.outputs().forEach((name, tensor) -> graphs.add(Graph.of(name, tensor)));
        graph.updates().forEach((variable, tensor) -> graphs.add(
                new Graph(new LinkedHashMap<>(), new LinkedHashMap<>(Map.of(variable, tensor)))));
        graph.outputs().keySet()
                .forEach(name -> graphs.add(new Graph(without(graph.outputs(), name), graph.updates())));
        graph.updates().keySet()
                .forEach(variable -> graphs.add(new Graph(graph.outputs(), without(graph.updates(), variable))));
        return graphs.stream().map(this::with);
    }

    private static <K> SequencedMap<K, Tensor> without(SequencedMap<K, Tensor> roots, K key) {
        var fewer = new LinkedHashMap<>(roots);
        fewer.remove(key);
        return fewer;
    }

    /** The value of each tensor in the first run. */
    private Map<Tensor, NdArray> values() {
        List<Tensor> tensors = graph.tensors();
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        tensors.forEach(tensor -> outputs.put(Integer.toString(outputs.size()), tensor));
        try (Backend reference = ReferenceBackend.rounded()) {
            Outcome outcome = Outcome.ofRuns(reference, Graph.of(outputs), inputs, start, 1).getFirst();
            Map<Tensor, NdArray> values = new HashMap<>();
            IntStream.range(0, tensors.size())
                    .forEach(i -> values.put(tensors.get(i), outcome.output(Integer.toString(i))));
            return values;
        }
    }

    /** Another graph over the same values. */
    private Trial with(Graph other) {
        var left = new LinkedHashMap<>(start);
        left.keySet().retainAll(other.variables());
        return new Trial(other, inputs, left);
    }

    private Trial replacing(Tensor tensor, Tensor replacement) {
        return with(rewritten(graph, (each, inputs) -> each == tensor ? replacement : over(each, inputs)));
    }

    /** This graph with inputs of given values in place of tensors. */
    private Trial given(List<Tensor> tensors, Map<Tensor, NdArray> values) {
        Map<String, NdArray> more = new HashMap<>(inputs);
        Map<Tensor, Tensor> replacements = new HashMap<>();
        for (Tensor tensor : tensors) {
            if (isOperation(tensor)) {
                String name = "value" + more.size();
                more.put(name, Objects.requireNonNull(values.get(tensor)));
                replacements.put(tensor, Tensor.input(name, tensor.type()));
            }
        }
        Graph cut = rewritten(graph, (each, inputs) -> replacements.getOrDefault(each, over(each, inputs)));
        return new Trial(cut, more, start).with(cut);
    }

    /** The same operation over other inputs. */
    static Tensor over(Tensor tensor, List<Tensor> inputs) {
        return LayerPath.within(tensor.path(), () -> Tensor.of(tensor.op(), tensor.type(), inputs));
    }

    /** A graph of what a rule makes of each tensor and of what it has made of that one's inputs. */
    static Graph rewritten(Graph graph, BiFunction<Tensor, List<Tensor>, Tensor> rule) {
        Map<Tensor, Tensor> made = new HashMap<>();
        for (Tensor tensor : graph.tensors()) {
            made.put(tensor, rule.apply(tensor, tensor.inputs().stream().map(input -> found(made, input)).toList()));
        }
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        graph.outputs().forEach((name, tensor) -> outputs.put(name, found(made, tensor)));
        SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>();
        graph.updates().forEach((variable, tensor) -> updates.put(variable, found(made, tensor)));
        return new Graph(outputs, updates);
    }

    private static Tensor found(Map<Tensor, Tensor> made, Tensor tensor) {
        return Objects.requireNonNull(made.get(tensor));
    }
}
