package dev.cambium.cpu.compiler;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.cambium.cpu.kernels.Products;
import dev.cambium.cpu.kernels.WarmUps;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/**
 * A compiled graph: phases over storages that have their places. The stages are {@link Subnormals}, {@link Simplifier}, {@link Pools} and
 * {@link Masks} (graph to graph), {@link VariableOrders} (how variables lie), {@link Zeros} and {@link Gates} (what there is to
 * skip), {@link Fusion} (which operations run in one pass), {@link Lowering} (layouts and steps), {@link Updates} (how variables change), {@link Scheduler}
 * (phases) and {@link MemoryPlan} (places).
 */
public final class Program {
    /** Little, beside what other loops are to do, but worth it: packing and copying by transposition. */
    private static final long SOME_WORK = 1 << 16;

    private final List<Phase> phases;
    private final Map<Step, List<String>> paths;
    private final SequencedMap<String, View> inputs;
    private final SequencedMap<String, View> outputs;
    private final List<VariableArray> variables;
    /** Those of them that a run changes, and the others. */
    private final List<VariableArray> updated;
    private final List<VariableArray> given;
    /** Of each step whether it is invariant, in the order of phases. */
    private final BitSet invariant;
    private final Lane[] lanes;
    private final long bytes;

    private Program(List<Phase> phases, Map<Step, List<String>> paths, SequencedMap<String, View> inputs,
            SequencedMap<String, View> outputs, List<VariableArray> variables, List<VariableArray> updated,
            BitSet invariant, Lane[] lanes, long bytes) {
        this.variables = variables;
        this.updated = updated;
        given = variables.stream().filter(variable -> !updated.contains(variable)).toList();
        this.invariant = invariant;
        this.phases = phases;
        this.paths = paths;
        this.inputs = inputs;
        this.outputs = outputs;
        this.lanes = lanes;
        this.bytes = bytes;
    }

    /**
     * Compiles a graph. It relies on how its variables lie until it is {@linkplain #release released}.
     *
     * @param variables
     *            the elements of each variable of the graph
     * @param products
     *            the kernels for products
     * @param skipZeros
     *            whether products may visit only what is not zero
     * @param threads
     *            how many lanes will run it
     * @param dump
     *            is shown what each stage makes of the graph
     */
    public static Program compile(Graph graph, Map<Variable, VariableArray> variables, Products products,
            boolean skipZeros, int threads, Optional<Dump> dump) {
        var acquired = new ArrayList<VariableArray>();
        try {
            return compile(graph, variables, acquired, products, skipZeros, threads, dump);
        } catch (RuntimeException | Error e) {
            acquired.forEach(VariableArray::release);
            throw e;
        }
    }

    private static Program compile(Graph graph, Map<Variable, VariableArray> variables, List<VariableArray> acquired,
            Products products, boolean skipZeros, int threads, Optional<Dump> dump) {
        Optional<Dump.Pages> pages = dump.map(Dump::pages);
        pages.ifPresent(each -> each.given(graph));
        Graph simplified = Masks.byResults(Pools.early(Simplifier.simplify(Subnormals.flushed(graph))));
        pages.ifPresent(each -> each.simplified(simplified, skipZeros));
        Lowering.Lowered lowered = Lowering.lower(simplified, products, skipZeros,
                acquired(simplified, variables, acquired));
        Updates updates = Updates.of(lowered);
        pages.ifPresent(each -> each.lowered(lowered, updates));
        List<Phase> phases = Scheduler.schedule(updates);
        pages.ifPresent(each -> each.scheduled(phases, lowered));

        Set<Storage> elsewhere = new HashSet<>(lowered.constants().keySet());
        lowered.constants().forEach((storage, value) -> {
            Object array = Convert.array(storage.dtype(), Math.max(1, storage.size()));
            Convert.copyIn(value, array, 0);
            storage.place(array, 0);
        });
        lowered.variables().forEach((variable, view) -> {
            Objects.requireNonNull(variables.get(variable)).place(view.storage());
            elsewhere.add(view.storage());
        });
        updates.overwritten().forEach((result, variable) -> {
            result.place(variable.array(), variable.offset());
            elsewhere.add(result);
        });
        Step.Needs needs = Step.Needs.NONE;
        Set<DType> used = EnumSet.noneOf(DType.class);
        for (Phase phase : phases) {
            for (Step step : phase.steps()) {
                needs = needs.max(step.needs());
                used.addAll(step.registerTypes());
            }
        }
        int laneFloats = Lane.floats(needs, used);
        var ofLanes = new Storage(DType.FLOAT32, laneFloats * threads, "lanes");
        var invariant = Invariants.of(phases, lowered, elsewhere);
        Set<Storage> throughout = Stream.concat(Stream.of(ofLanes), invariant.results().stream())
                .collect(Collectors.toSet());
        long bytes = MemoryPlan.place(phases, threads, with(throughout, lowered.inputs()),
                with(throughout, updates.outputs()), elsewhere, products::lineStart);
        Lane[] lanes = new Lane[threads];
        for (int i = 0; i < threads; i++) {
            lanes[i] = new Lane(i, needs, used, ofLanes.floats(), ofLanes.offset() + i * laneFloats);
        }
        pages.ifPresent(each -> each.placed(phases, lowered, updates));
        List<VariableArray> updated = lowered.updates().keySet().stream()
                .map(variable -> Objects.requireNonNull(variables.get(variable))).toList();
        return new Program(phases, lowered.paths(), lowered.inputs(), updates.outputs(), List.copyOf(acquired), updated,
                invariant.steps(), lanes, bytes);
    }

    /** To be called once, when it is not run any more: its variables may then lie otherwise. */
    public void release() {
        variables.forEach(VariableArray::release);
    }

    /** A recording of runs of this program, which was compiled from a graph. */
    public Recording recording(Graph graph) {
        return new Recording(graph, phases, paths, lanes.length);
    }

    /** This program with each call of a step written into its recording. */
    public Program under(Recording recording) {
        return new Program(recording.timed(phases), paths, inputs, outputs, variables, updated, invariant, lanes,
                bytes);
    }

    /**
     * This program without its {@linkplain Invariants invariant} steps: it does the same as long as {@link #version} is what it was when the
     * whole ran last.
     */
    public Program withoutInvariants() {
        return new Program(Invariants.without(phases, invariant), paths, inputs, outputs, variables, updated,
                new BitSet(), lanes, bytes);
    }

    /** A number that grows whenever a variable changes that invariant steps may read. */
    public long version() {
        long sum = 0;
        for (int i = 0; i < given.size(); i++) { // no iterator for each run
            sum += given.get(i).version();
        }
        return sum;
    }

    /** To be called after a run: it has changed what it updates. */
    public void hasRun() {
        for (int i = 0; i < updated.size(); i++) {
            updated.get(i).changed();
        }
    }

    private static Map<Variable, int[]> acquired(Graph graph, Map<Variable, VariableArray> variables,
            List<VariableArray> acquired) {
        var orders = new HashMap<Variable, int[]>();
        VariableOrders.wanted(graph).forEach((variable, order) -> {
            VariableArray elements = variables.get(variable);
            if (elements == null) {
                throw new IllegalArgumentException("variable " + variable.name() + " has no buffer");
            }
            orders.put(variable, elements.acquire(order));
            acquired.add(elements);
        });
        return orders;
    }

    private static Set<Storage> with(Set<Storage> storages, SequencedMap<String, View> views) {
        return Stream.concat(storages.stream(), views.values().stream().map(View::storage))
                .collect(Collectors.toSet());
    }

    /** Has vector loops compiled that it uses, in the background: for a program that will run many times. */
    public void warmUp() {
        WarmUps.submit(Products.class, Products.best()::warmUpTransposition, SOME_WORK);
        phases.forEach(phase -> phase.steps().forEach(Step::warmUp));
    }

    /** Takes the values of a run's inputs. */
    public void read(Map<String, NdArray> values) {
        inputs.forEach((name, view) -> {
            NdArray value = values.get(name);
            if (value == null) {
                throw new IllegalArgumentException("input " + name + " is missing");
            }
            var wanted = new TensorType(view.storage().dtype(), view.shape());
            if (!value.type().equals(wanted)) {
                throw new IllegalArgumentException(
                        "input %s is %s, but the graph takes %s".formatted(name, value.type(), wanted));
            }
            Convert.copyIn(value, view.storage().array(), view.storage().offset());
        });
    }

    /** The number of phases; they run one after the other, each when all parts of the one before are done. */
    public int phases() {
        return phases.size();
    }

    /** The number of parts of a phase, which may run in any order and on any thread. */
    public int parts(int phase) {
        return phases.get(phase).parts();
    }

    /** Does one part of a phase on a lane; no two threads use one lane at a time. */
    public void run(int phase, int part, int lane) {
        phases.get(phase).run(part, lanes[lane]);
    }

    /** The results of a run. */
    public SequencedMap<String, NdArray> results() {
        var results = new LinkedHashMap<String, NdArray>();
        outputs.forEach((name, view) -> results.put(name,
                Convert.copyOut(new TensorType(view.storage().dtype(), view.shape()), view.storage().array(),
                        view.storage().offset() + view.offset())));
        return results;
    }

    /** The multiply-adds of all products of a run. */
    public long multiplyAdds() {
        return phases.stream().flatMap(phase -> phase.steps().stream()).mapToLong(Step::multiplyAdds).sum();
    }

    /** The bytes of memory that values between inputs and outputs take. */
    public long bytes() {
        return bytes;
    }

    /** The phases with their steps, a line each. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        for (Phase phase : phases) {
            text.append(phase).append('\n');
            phase.steps().forEach(step -> text.append("  ").append(step).append('\n'));
        }
        return text.append(bytes / 1024).append(" KB\n").toString();
    }
}
