package dev.cambium.cpu.compiler;

import java.util.List;

/** Steps that run together between two points where all threads meet. */
sealed interface Phase {
    /** The steps, each after those whose results it reads. */
    List<Step> steps();

    /** The number of parts that threads take one by one. */
    int parts();

    /** Does one part. */
    void run(int part, Lane lane);

    /** This phase with other steps for its own, as many or fewer. */
    Phase with(List<Step> steps);

    /** Steps that do not depend on each other; each unit of each step is a part. */
    record Independent(List<Step> steps) implements Phase {
        @Override
        public int parts() {
            return steps.stream().mapToInt(Step::units).sum();
        }

        @Override
        public void run(int part, Lane lane) {
            int unit = part;
            int index = 0;
            while (unit >= steps.get(index).units()) {
                unit -= steps.get(index++).units();
            }
            steps.get(index).run(unit, unit + 1, unit, lane);
        }

        @Override
        public Phase with(List<Step> other) {
            return new Independent(other);
        }

        @Override
        public String toString() {
            return "independent";
        }
    }

    /** Short steps that one thread does one after the other, since handing them to others would take longer. */
    record Sequence(List<Step> steps) implements Phase {
        @Override
        public int parts() {
            return 1;
        }

        @Override
        public void run(int part, Lane lane) {
            for (int i = 0; i < steps.size(); i++) {
                Step step = steps.get(i);
                int units = step.units();
                if (units > 0) {
                    step.run(0, units, 0, lane);
                }
            }
        }

        @Override
        public Phase with(List<Step> other) {
            return new Sequence(other);
        }

        @Override
        public String toString() {
            return "sequence";
        }
    }

    /**
     * Steps that go through the samples of a batch one after the other, so that what one writes is still in the cache when the next
     * reads it. A step may have several units for each sample, such as the rows of a sequence.
     *
     * @param samples
     *            how many
     * @param block
     *            how many samples a step does before the next step does them
     * @param parts
     *            how many, {@link Partition#parts} if one of the steps keeps sums for each
     */
    record Chain(List<Step> steps, int samples, int block, int parts) implements Phase {
        @Override
        public void run(int part, Lane lane) {
            int start = Partition.start(part, parts, samples);
            int end = Partition.start(part + 1, parts, samples);
            for (int from = start; from < end; from += block) {
                lane.startAt(from, samples, from == start);
                int to = Math.min(from + block, end);
                for (int i = 0; i < steps.size(); i++) { // no iterator for each block
                    Step step = steps.get(i);
                    int units = step.units() / samples;
                    step.run(from * units, to * units, part, lane);
                }
            }
        }

        @Override
        public Phase with(List<Step> other) {
            return new Chain(other, samples, block, parts);
        }

        @Override
        public String toString() {
            return "chain over " + samples + " samples by " + block;
        }
    }
}
