package dev.cambium.cpu.compiler;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts steps into phases. What is ready and not cut by sample (or empty) runs side by side; steps over one batch are joined into a chain as long
 * as each reads of the others' results only the sample that it is at.
 */
final class Scheduler {
    /** Elements that a chain's block should have at least in its largest value, so that loops are worth starting. */
    private static final int WORTHWHILE = 4096;

    private final Updates updates;
    private final Map<Storage, Step> writers;
    private final Set<Step> done = new HashSet<>();
    private final Set<Step> remaining;

    private Scheduler(Updates updates) {
        this.updates = updates;
        remaining = new LinkedHashSet<>(updates.steps());
        writers = updates.writers();
    }

    static List<Phase> schedule(Updates updates) {
        var scheduler = new Scheduler(updates);
        var phases = new ArrayList<Phase>();
        while (!scheduler.remaining.isEmpty()) {
            phases.add(scheduler.next());
        }
        return List.copyOf(phases);
    }

    private Phase next() {
        List<Step> ready = remaining.stream().filter(this::isReady).toList();
        List<Step> independent = ready.stream().filter(step -> !step.perSample() || step.units() == 0).toList();
        Phase phase = independent.isEmpty() ? chain(ready.getFirst()) : new Phase.Independent(independent);
        phase.steps().forEach(remaining::remove);
        done.addAll(phase.steps());
        return phase;
    }

    private boolean isReady(Step step) {
        return done.containsAll(updates.before().getOrDefault(step, Set.of()))
                && step.reads().stream().map(view -> writers.get(view.storage()))
                        .allMatch(writer -> writer == null || done.contains(writer));
    }

    private Phase chain(Step first) {
        var steps = new LinkedHashSet<Step>(List.of(first));
        boolean grown = true;
        while (grown) {
            grown = false;
            for (Step step : remaining) {
                if (!steps.contains(step) && joins(step, first.units(), steps)) {
                    steps.add(step);
                    grown = true;
                }
            }
        }
        int largest = steps.stream().flatMap(step -> step.writes().stream()).mapToInt(view -> view.storage().size())
                .max().orElse(1);
        int sample = Math.max(1, largest / first.units());
        int wanted = Math.max(WORTHWHILE / sample, steps.stream().mapToInt(Step::block).max().orElse(1));
        int block = steps.size() == 1 ? first.units() : Math.clamp(wanted, 1, first.units());
        return new Phase.Chain(List.copyOf(steps), first.units(), block);
    }

    private boolean joins(Step step, int samples, Set<Step> chain) {
        return step.perSample() && step.units() == samples
                && updates.before().getOrDefault(step, Set.of()).stream()
                        .allMatch(other -> done.contains(other) || mayFollow(other, step, samples, chain))
                && step.reads().stream().allMatch(view -> {
                    Step writer = writers.get(view.storage());
                    int size = view.storage().size() / samples;
                    return writer == null || done.contains(writer)
                            || (chain.contains(writer) && view.isSampleWise(size) && writer.writes().stream()
                                    .allMatch(made -> made.storage() != view.storage() || made.isSampleWise(size)));
                });
    }

    /** Whether what reads a variable is in the chain, and reads of it only the sample that the step then changes. */
    private boolean mayFollow(Step other, Step step, int samples, Set<Step> chain) {
        Set<Storage> changed = step.writes().stream().map(View::storage)
                .map(storage -> updates.overwritten().getOrDefault(storage, storage)).collect(Collectors.toSet());
        return chain.contains(other) && !other.mayFail()
                && other.reads().stream().filter(view -> changed.contains(view.storage()))
                        .allMatch(view -> view.isSampleWise(view.storage().size() / samples));
    }
}
