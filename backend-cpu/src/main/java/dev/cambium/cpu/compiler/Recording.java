package dev.cambium.cpu.compiler;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.cambium.backend.Profile;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;

/**
 * Where the runs of a program spend their time. Steps are wrapped by others that take the time of each call, so a program that is not
 * recorded pays nothing; one that is pays for two looks at the clock with each unit of a step, or each block of a chain. Each lane
 * writes to arrays of its own, which are there before the first run. Not for use by several threads at once, but for the lanes.
 */
public final class Recording {
    /** Events are kept of so many runs where they fit, so that a training run's trace shows some steps. */
    private static final int TRACED_RUNS = 10;

    /** Events that a lane keeps at most, unless a single run has more. */
    private static final int MOST_EVENTS = 1 << 14;

    /** What is known of a step before it runs; the step itself is not kept, nor the arrays that it holds. */
    private record Kernel(String name, List<String> paths, String description, long multiplyAdds, long bytes,
            int units) {
        static Kernel of(Step step, List<String> paths) {
            return new Kernel(step.name(), paths, step.toString(), step.multiplyAdds(), step.bytes(), step.units());
        }

        /** A quantity of all units as that of the units that were done. */
        private long done(long quantity, long unitsDone) {
            return units == 0 ? 0 : unitsDone / units * quantity + unitsDone % units * quantity / units;
        }

        Profile.Kernel measured(long calls, long unitsDone, long nanos, double density) {
            return new Profile.Kernel(name, paths, description, calls, nanos, done(multiplyAdds, unitsDone),
                    done(bytes, unitsDone),
                    unitsDone == 0 || Double.isNaN(density) ? OptionalDouble.empty()
                            : OptionalDouble.of(density / unitsDone));
        }
    }

    /** What one lane did: sums for each kernel, and its latest calls in a ring. */
    private static final class Log {
        private static final int FIELDS = 4;

        private final int lane;
        private final long[] calls;
        private final long[] units;
        private final long[] nanos;
        private final double[] density;
        private final long[] ring;
        private long written;
        /** The run of the latest event that another one was written over. */
        private long lost;

        Log(int lane, int kernels, int events) {
            this.lane = lane;
            calls = new long[kernels];
            units = new long[kernels];
            nanos = new long[kernels];
            density = new double[kernels];
            ring = new long[events * FIELDS];
        }

        void add(int kernel, long run, int done, double share, long start, long took) {
            calls[kernel]++;
            units[kernel] += done;
            nanos[kernel] += took;
            density[kernel] += share * done;
            int at = at(written++);
            lost = ring[at + 1];
            ring[at] = kernel;
            ring[at + 1] = run;
            ring[at + 2] = start;
            ring[at + 3] = took;
        }

        private int events() {
            return ring.length / FIELDS;
        }

        private int at(long event) {
            return (int) (event % events()) * FIELDS;
        }

        Stream<Profile.Event> events(long firstRun) {
            var kept = new ArrayList<Profile.Event>();
            for (long event = Math.max(0, written - events()); event < written; event++) {
                int at = at(event);
                if (ring[at + 1] >= firstRun) {
                    kept.add(new Profile.Event((int) ring[at], lane, ring[at + 1], ring[at + 2], ring[at + 3]));
                }
            }
            return kept.stream();
        }
    }

    /** A step with its calls timed. */
    private record Timed(Step step, int kernel, Recording recording) implements Step {
        @Override
        public String name() {
            return step.name();
        }

        @Override
        public List<View> reads() {
            return step.reads();
        }

        @Override
        public List<View> writes() {
            return step.writes();
        }

        @Override
        public int units() {
            return step.units();
        }

        @Override
        public boolean perSample() {
            return step.perSample();
        }

        @Override
        public boolean sumsByPart() {
            return step.sumsByPart();
        }

        @Override
        public int block() {
            return step.block();
        }

        @Override
        public boolean mayOverwrite(Storage result, Storage operand) {
            return step.mayOverwrite(result, operand);
        }

        @Override
        public boolean mayFail() {
            return step.mayFail();
        }

        @Override
        public Needs needs() {
            return step.needs();
        }

        @Override
        public void warmUp() {
            step.warmUp();
        }

        @Override
        public long multiplyAdds() {
            return step.multiplyAdds();
        }

        @Override
        public long bytes() {
            return step.bytes();
        }

        @Override
        public double density(int from, int to, Lane lane) {
            return step.density(from, to, lane);
        }

        @Override
        public List<DType> registerTypes() {
            return step.registerTypes();
        }

        @Override
        public void run(int from, int to, int part, Lane lane) {
            long start = System.nanoTime();
            step.run(from, to, part, lane);
            long nanos = System.nanoTime() - start;
            recording.logs[lane.index()].add(kernel, recording.runs, to - from, step.density(from, to, lane), start,
                    nanos);
        }

        @Override
        public String toString() {
            return step.toString();
        }
    }

    private final Graph graph;
    private final List<Kernel> kernels;
    private final Log[] logs;
    private long runs;
    private long started;
    private long nanos;

    Recording(Graph graph, List<Phase> phases, Map<Step, List<String>> paths, int lanes) {
        this.graph = graph;
        kernels = phases.stream().flatMap(phase -> phase.steps().stream())
                .map(step -> Kernel.of(step, paths.getOrDefault(step, List.of()))).toList();
        long calls = Math.max(1, phases.stream().mapToLong(Recording::calls).sum());
        int events = Math.toIntExact(Math.max(calls, Math.min(calls * TRACED_RUNS, MOST_EVENTS)));
        logs = IntStream.range(0, lanes).mapToObj(lane -> new Log(lane, kernels.size(), events)).toArray(Log[]::new);
    }

    /** The calls of steps that a run of a phase makes, whatever lane makes them. */
    private static long calls(Phase phase) {
        return switch (phase) {
            case Phase.Independent independent -> independent.parts();
            case Phase.Sequence(var steps) -> steps.size();
            case Phase.Chain(var steps, int samples, int block, int parts) -> IntStream.range(0, parts)
                    .mapToLong(part -> Math.ceilDiv(Partition.start(part + 1, parts, samples)
                            - Partition.start(part, parts, samples), block))
                    .sum() * steps.size();
        };
    }

    /** The phases that it was made for, with their steps timed. */
    List<Phase> timed(List<Phase> phases) {
        var timed = new ArrayList<Phase>();
        int kernel = 0;
        for (Phase phase : phases) {
            var steps = new ArrayList<Step>();
            for (Step step : phase.steps()) {
                steps.add(new Timed(step, kernel++, this));
            }
            timed.add(phase.with(List.copyOf(steps)));
        }
        return List.copyOf(timed);
    }

    /** A run begins. */
    public void begin() {
        runs++;
        started = System.nanoTime();
    }

    /** The run has ended, or failed. */
    public void end() {
        nanos += System.nanoTime() - started;
    }

    /** What was recorded so far; not while a run is under way. */
    public Profile profile() {
        var measured = new ArrayList<Profile.Kernel>();
        for (int i = 0; i < kernels.size(); i++) {
            long calls = 0;
            long units = 0;
            long took = 0;
            double density = 0;
            for (Log log : logs) {
                calls += log.calls[i];
                units += log.units[i];
                took += log.nanos[i];
                density += log.density[i];
            }
            measured.add(kernels.get(i).measured(calls, units, took, density));
        }
        long firstRun = 1 + Stream.of(logs).mapToLong(log -> log.lost).max().orElse(0);
        return new Profile(graph, runs, nanos, logs.length, measured,
                Stream.of(logs).flatMap(log -> log.events(firstRun)).toList());
    }
}
