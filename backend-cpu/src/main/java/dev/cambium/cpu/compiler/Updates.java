package dev.cambium.cpu.compiler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.cambium.tensor.Variable;

/**
 * Decides how new values get into variables. A step may write its result straight over the old value if every other reader of that can
 * run before it; otherwise the result is copied at the end. Either way all reads see the old values, and nothing changes before all
 * steps that may fail are done.
 *
 * @param steps
 *            all steps, those that copy included
 * @param writers
 *            the step that makes the value of a storage; none for a variable, which is read before it changes
 * @param overwritten
 *            storages of results that lie where a variable lies
 * @param before
 *            for a step those that must have ended before it starts, though it reads nothing of theirs
 * @param outputs
 *            where the results of a run are at its end
 */
record Updates(List<Step> steps, Map<Storage, Step> writers, Map<Storage, Storage> overwritten,
        Map<Step, Set<Step>> before,
        SequencedMap<String, View> outputs) {
    static Updates of(Lowering.Lowered lowered) {
        return new Planner(lowered).plan();
    }

    private static final class Planner {
        private final Lowering.Lowered lowered;
        private final List<Step> steps;
        private final Map<Storage, Step> writers = new HashMap<>();
        private final Map<Storage, List<Step>> readers = new HashMap<>();
        private final Map<Storage, Storage> overwritten = new HashMap<>();
        private final Map<Step, Set<Step>> before = new HashMap<>();
        private final Map<Step, Set<Step>> after = new HashMap<>();

        Planner(Lowering.Lowered lowered) {
            this.lowered = lowered;
            steps = new ArrayList<>(lowered.steps());
            lowered.steps().forEach(this::register);
        }

        Updates plan() {
            Set<Storage> variables = lowered.variables().values().stream().map(View::storage)
                    .collect(Collectors.toSet());
            Set<Storage> changing = lowered.updates().keySet().stream().map(this::place).map(View::storage)
                    .collect(Collectors.toSet());
            SequencedMap<String, View> outputs = new LinkedHashMap<>();
            lowered.outputs().forEach((name, view) -> outputs.put(name,
                    changing.contains(view.storage()) || !view.isRowMajor() ? copied(view) : view));
            // Copies of old values come first: what may be written over a variable is decided when all its readers are known.
            SequencedMap<View, View> values = new LinkedHashMap<>();
            lowered.updates().forEach((variable, value) -> {
                View place = place(variable);
                if (value.storage() != place.storage() || !value.liesAs(place) || value.offset() != 0) {
                    values.put(place, variables.contains(value.storage()) ? copied(value) : value);
                }
            });
            values.forEach((place, value) -> {
                if (!overwrite(value, place)) {
                    commit(value, place);
                }
            });
            return new Updates(List.copyOf(steps), writers, overwritten, before, outputs);
        }

        private View place(Variable variable) {
            View view = lowered.variables().get(variable);
            if (view == null) {
                throw new IllegalStateException("no place for " + variable);
            }
            return view;
        }

        private void register(Step step) {
            step.writes().forEach(view -> writers.put(view.storage(), step));
            for (View view : step.reads()) {
                readers.computeIfAbsent(view.storage(), _ -> new ArrayList<>()).add(step);
            }
        }

        private View copied(View view) {
            View copy = View.rowMajor(new Storage(view.storage().dtype(), view.size(), view.storage().name() + " copy"),
                    view.shape());
            Step step = CopyStep.of(view, copy);
            steps.add(step);
            register(step);
            return copy;
        }

        private void commit(View value, View place) {
            Step step = CopyStep.of(value, place);
            steps.add(step);
            beforeChanging(place).forEach(other -> addBefore(other, step));
            readers.computeIfAbsent(value.storage(), _ -> new ArrayList<>()).add(step);
        }

        private boolean overwrite(View value, View place) {
            Step writer = writers.get(value.storage());
            boolean whole = value.liesAs(place) && value.offset() == 0 && value.storage().size() == place.size()
                    && !overwritten.containsKey(value.storage());
            if (writer == null || writer.mayFail() || !whole) {
                return false;
            }
            List<Step> others = beforeChanging(place).filter(step -> !step.equals(writer)).toList();
            boolean reads = readers.getOrDefault(place.storage(), List.of()).contains(writer);
            if ((reads && !writer.mayOverwrite(value.storage(), place.storage()))
                    || reaches(writer, new HashSet<>(others))) {
                return false;
            }
            overwritten.put(value.storage(), place.storage());
            others.forEach(other -> addBefore(other, writer));
            return true;
        }

        /** What reads the old value, and what may fail. */
        private Stream<Step> beforeChanging(View place) {
            return Stream.concat(readers.getOrDefault(place.storage(), List.of()).stream(),
                    lowered.steps().stream().filter(Step::mayFail)).distinct();
        }

        private void addBefore(Step first, Step second) {
            before.computeIfAbsent(second, _ -> new HashSet<>()).add(first);
            after.computeIfAbsent(first, _ -> new HashSet<>()).add(second);
        }

        /** Whether any of the goals must run after the start. */
        private boolean reaches(Step start, Set<Step> goals) {
            Deque<Step> open = new ArrayDeque<>(List.of(start));
            Set<Step> seen = new HashSet<>();
            while (!open.isEmpty()) {
                Step step = open.pop();
                if (!seen.add(step)) {
                    continue;
                }
                if (goals.contains(step)) {
                    return true;
                }
                step.writes().forEach(view -> open.addAll(readers.getOrDefault(view.storage(), List.of())));
                open.addAll(after.getOrDefault(step, Set.of()));
            }
            return false;
        }
    }
}
