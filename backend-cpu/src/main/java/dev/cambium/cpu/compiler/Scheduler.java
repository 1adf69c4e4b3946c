package dev.cambium.cpu.compiler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts steps into phases. What is ready and not cut by sample (or empty) runs side by side, or on one thread if all of it is short; steps over one
 * batch are joined into a chain as long as each reads of the others' results only the sample that it is at.
 */
final class Scheduler {
    /** Elements that a chain's block should have at least in its largest value, so that loops are worth starting. */
    private static final int WORTHWHILE = 4096;
    /** Elements up to which a chain's largest value stays in the second-level cache, beside the others and what steps read again and again. */
    private static final int CACHED = 1 << 16;
    /** How many times the least block a block has, if it stays in the cache. */
    private static final int GROWTH = 3;
    /** Finer parts leave less to wait for at a chain's end; more than this gain nothing. */
    private static final int FINEST = 64;
    /** Bytes, and multiply-adds, up to which steps take no longer than handing some of them to other threads. */
    private static final int SHORT = 1 << 15;

    private final Updates updates;
    private final Map<Storage, Step> writers;
    private final Set<Step> done = new HashSet<>();
    private final Set<Step> remaining;
    private final long longestSequence;

    private Scheduler(Updates updates, long longestSequence) {
        this.updates = updates;
        this.longestSequence = longestSequence;
        remaining = new LinkedHashSet<>(updates.steps());
        writers = updates.writers();
    }

    static List<Phase> schedule(Updates updates) {
        return schedule(updates, SHORT);
    }

    /**
     * Schedules steps, given the bytes, and multiply-adds, up to which those that are ready are left to one thread; at −1 none are, so that tests of
     * small graphs see them run side by side.
     */
    static List<Phase> schedule(Updates updates, long longestSequence) {
        var scheduler = new Scheduler(updates, longestSequence);
        var phases = new ArrayList<Phase>();
        while (!scheduler.remaining.isEmpty()) {
            phases.add(scheduler.next());
        }
        return List.copyOf(phases);
    }

    private Phase next() {
        List<Step> independent = independent();
        Phase phase;
        if (independent.isEmpty()) {
            phase = chain(remaining.stream().filter(this::isReady).findFirst().orElseThrow());
        } else if (areShort(independent)) {
            return sequence(independent);
        } else {
            phase = new Phase.Independent(independent);
        }
        finish(phase.steps());
        return phase;
    }

    /** What is ready and not cut by sample. */
    private List<Step> independent() {
        return remaining.stream().filter(step -> !step.perSample() || step.units() == 0).filter(this::isReady).toList();
    }

    /** Short steps and those that are ready once they are done, as long as these are short, too. */
    private Phase sequence(List<Step> first) {
        var steps = new ArrayList<Step>();
        for (List<Step> next = first; !next.isEmpty() && areShort(next); next = independent()) {
            steps.addAll(next);
            finish(next);
        }
        return new Phase.Sequence(List.copyOf(steps));
    }

    private boolean areShort(List<Step> steps) {
        return steps.stream().mapToLong(Step::bytes).sum() <= longestSequence
                && steps.stream().mapToLong(Step::multiplyAdds).sum() <= longestSequence;
    }

    private void finish(List<Step> steps) {
        steps.forEach(remaining::remove);
        done.addAll(steps);
    }

    private boolean isReady(Step step) {
        return done.containsAll(updates.before().getOrDefault(step, Set.of()))
                && step.reads().stream().map(view -> writers.get(view.storage()))
                        .allMatch(writer -> writer == null || done.contains(writer));
    }

    /** The longest of the chains that begin with a step: over its own units, or over samples that have several of them. */
    private Phase chain(Step first) {
        List<Integer> samples = remaining.stream().filter(Step::perSample).map(Step::units)
                .filter(units -> units > 0 && Partition.isMultiple(first.units(), units)).distinct()
                .sorted(Comparator.<Integer>naturalOrder().reversed()).toList();
        Set<Step> longest = Set.of();
        int samplesOfLongest = first.units();
        for (int count : samples) {
            Set<Step> steps = chain(first, count);
            if (steps.size() > longest.size()) {
                longest = steps;
                samplesOfLongest = count;
            }
        }
        return chain(List.copyOf(longest), samplesOfLongest);
    }

    private Set<Step> chain(Step first, int samples) {
        var steps = new LinkedHashSet<Step>(List.of(first));
        boolean grown = true;
        while (grown) {
            grown = false;
            for (Step step : remaining) {
                if (!steps.contains(step) && step.perSample() && Partition.isMultiple(step.units(), samples)
                        && joins(step, steps)) {
                    steps.add(step);
                    grown = true;
                }
            }
        }
        return steps;
    }

    private static Phase chain(List<Step> steps, int samples) {
        int largest = steps.stream().flatMap(step -> step.writes().stream()).mapToInt(view -> view.storage().size())
                .max().orElse(1);
        int sample = Math.max(1, largest / samples);
        int least = steps.stream().mapToInt(step -> Math.ceilDiv(step.block(), step.units() / samples)).max().orElse(1);
        int growth = steps.stream().anyMatch(step -> step.block() > 1) ? GROWTH : 1;
        int wanted = Math.max(WORTHWHILE / sample, Math.clamp(CACHED / sample, least, growth * least));
        int block = steps.size() == 1 ? samples : Math.clamp(wanted, 1, samples);
        int parts = Partition.parts(samples);
        return new Phase.Chain(steps, samples, block, steps.stream().anyMatch(Step::sumsByPart) ? parts
                : Math.clamp(Math.ceilDiv(samples, block), parts, Math.max(parts, FINEST)));
    }

    /**
     * Whether a step reads of a chain's results nothing but what belongs to its own unit. One that reads none must have the units of the
     * chain's first step: what goes through other units would have nothing in the cache.
     */
    private boolean joins(Step step, Set<Step> chain) {
        List<View> inside = step.reads().stream().filter(view -> isPending(view)).toList();
        return (!inside.isEmpty() || chain.iterator().next().units() == step.units())
                && updates.before().getOrDefault(step, Set.of()).stream()
                        .allMatch(other -> done.contains(other) || mayFollow(other, step, chain))
                && inside.stream().allMatch(view -> {
                    Step writer = Objects.requireNonNull(writers.get(view.storage()));
                    return chain.contains(writer) && step.isUnitWise(view) && writer.makesUnitWise(view.storage());
                });
    }

    private boolean isPending(View view) {
        Step writer = writers.get(view.storage());
        return writer != null && !done.contains(writer);
    }

    /** Whether what reads a variable is in the chain, and reads of it only the unit that the step then changes. */
    private boolean mayFollow(Step other, Step step, Set<Step> chain) {
        Set<Storage> changed = step.writes().stream().map(View::storage)
                .map(storage -> updates.overwritten().getOrDefault(storage, storage)).collect(Collectors.toSet());
        return chain.contains(other) && !other.mayFail() && step.writes().stream().allMatch(step::isUnitWise)
                && other.reads().stream().filter(view -> changed.contains(view.storage())).allMatch(other::isUnitWise);
    }
}
