package dev.cambium.cpu.compiler;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.cambium.cpu.kernels.Products;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Variable;

/** What the stages of the compiler make of a graph, one after the other. */
record Stages(Lowering.Lowered lowered, Updates updates, List<Phase> phases) {
    static Stages of(Graph graph) {
        Graph simplified = Masks.byResults(Pools.early(Simplifier.simplify(Subnormals.flushed(graph))));
        Lowering.Lowered lowered = Lowering.lower(simplified, Products.best(), true,
                VariableOrders.wanted(simplified));
        Updates updates = Updates.of(lowered);
        return new Stages(lowered, updates, Scheduler.schedule(updates));
    }

    /** The names of the steps, in the order in which they were made. */
    List<String> steps() {
        return updates.steps().stream().map(Step::name).toList();
    }

    /** The phases, each as the names of its steps. */
    List<String> schedule() {
        return phases.stream().map(phase -> (phase instanceof Phase.Chain ? "chain: " : "")
                + phase.steps().stream().map(Step::name).collect(Collectors.joining(" "))).toList();
    }

    /** The storages of some views. */
    static Set<Storage> storages(Map<?, View> views) {
        return views.values().stream().map(View::storage).collect(Collectors.toSet());
    }

    /** Elements of variables. */
    static Map<Variable, VariableArray> elements(Graph graph) {
        Map<Variable, VariableArray> elements = new LinkedHashMap<>();
        for (Variable variable : graph.variables()) {
            elements.put(variable, VariableArray.of(NdArray.zeros(variable.type()), Products.best()));
        }
        return elements;
    }

    /** Storages that the memory plan does not place: those of variables and constants, and what is written over variables. */
    Set<Storage> elsewhere() {
        Set<Storage> elsewhere = new HashSet<>(lowered.constants().keySet());
        elsewhere.addAll(storages(lowered.variables()));
        elsewhere.addAll(updates.overwritten().keySet());
        return elsewhere;
    }
}
