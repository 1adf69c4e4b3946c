package dev.cambium.cpu.compiler;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Steps whose results stay the same from run to run until a variable changes: what is made of constants and of variables that the program
 * itself does not update, such as weights packed for inference. Their results keep their places, and runs after the first leave them out.
 *
 * @param steps
 *            of each step whether it is invariant, in the order of phases
 * @param results
 *            what they write
 */
record Invariants(BitSet steps, Set<Storage> results) {
    /**
     * Those of a program. A step in a chain is not invariant, since its results live for a block of samples, nor one that writes over a
     * variable, which others may write to between runs.
     *
     * @param elsewhere
     *            the storages of constants, of variables, and of what is written over variables
     */
    static Invariants of(List<Phase> phases, Lowering.Lowered lowered, Set<Storage> elsewhere) {
        Set<Storage> known = new HashSet<>(lowered.constants().keySet());
        lowered.variables().forEach((variable, view) -> {
            if (!lowered.updates().containsKey(variable)) {
                known.add(view.storage());
            }
        });
        var steps = new BitSet();
        Set<Storage> results = new HashSet<>();
        int number = 0;
        for (Phase phase : phases) {
            for (Step step : phase.steps()) {
                if (!(phase instanceof Phase.Chain)
                        && step.reads().stream().allMatch(view -> known.contains(view.storage()))
                        && step.writes().stream().noneMatch(view -> elsewhere.contains(view.storage()))) {
                    steps.set(number);
                    step.writes().forEach(view -> results.add(view.storage()));
                    known.addAll(results);
                }
                number++;
            }
        }
        return new Invariants(steps, results);
    }

    /** Phases without such steps. */
    static List<Phase> without(List<Phase> phases, BitSet invariant) {
        var rest = new ArrayList<Phase>();
        int number = 0;
        for (Phase phase : phases) {
            var steps = new ArrayList<Step>();
            for (Step step : phase.steps()) {
                if (!invariant.get(number++)) {
                    steps.add(step);
                }
            }
            if (steps.size() == phase.steps().size()) {
                rest.add(phase);
            } else if (!steps.isEmpty()) {
                rest.add(phase.with(List.copyOf(steps)));
            }
        }
        return List.copyOf(rest);
    }
}
