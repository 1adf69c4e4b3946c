package dev.cambium.cpu.kernels;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Optional;

import com.sun.management.HotSpotDiagnosticMXBean;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Finds where cache lines begin in an array. Java doesn't tell: it depends on the collector, the array's size and the size
 * of object headers. Large arrays of G1 begin where a region does, behind a header of known size. In others it searches: loads that cross
 * a line are slower, so it sweeps over the array from each of the offsets and sees which sweeps are quick. That takes a third of a second
 * in a JVM that has just started.
 */
final class LineSearch {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    /** Elements below which loads that cross lines cost less than the search. */
    private static final int LEAST = 1 << 16;
    private static final int SWEPT = 2048;
    private static final int MAX_ROUNDS = 1000;
    /** Rounds for which the answer must stay the same: early ones see the JIT compiler at work. */
    private static final int STABLE_ROUNDS = 20;
    /** Where lines begin in a large array of a JVM with headers of 16 bytes whose objects begin on lines. */
    private static final int USUAL = 12;
    /** Where they do if headers are compact (JEP 519), which are 12 bytes long. */
    private static final int COMPACT = 13;
    private static final Optional<Regions> REGIONS = Regions.ofG1();

    private LineSearch() {}

    /**
     * The regions of G1, which gives objects of half a region or more regions of their own and doesn't move them.
     *
     * @param bytes
     *            the size of a region
     * @param lineStart
     *            where lines begin in an array that begins where a region does
     */
    private record Regions(long bytes, int lineStart) {
        static Optional<Regions> ofG1() {
            try {
                var machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
                return machine != null && is(machine, "UseG1GC") && is(machine, "UseCompressedClassPointers")
                        ? Optional.of(new Regions(Long.parseLong(machine.getVMOption("G1HeapRegionSize").getValue()),
                                is(machine, "UseCompactObjectHeaders") ? COMPACT : USUAL))
                        : Optional.empty();
            } catch (IllegalArgumentException otherMachine) {
                return Optional.empty();
            }
        }

        private static boolean is(HotSpotDiagnosticMXBean machine, String option) {
            return Boolean.parseBoolean(machine.getVMOption(option).getValue());
        }

        boolean holdOne(float[] array) {
            return (long) array.length * Float.BYTES >= bytes / 2;
        }
    }

    static int lineStart(float[] array) {
        if (array.length < LEAST) {
            return USUAL;
        }
        return REGIONS.filter(regions -> regions.holdOne(array)).map(Regions::lineStart)
                .orElseGet(() -> search(array));
    }

    static int search(float[] array) {
        long[] best = new long[Alignment.LINE];
        Arrays.fill(best, Long.MAX_VALUE);
        int answer = -1;
        int stable = 0;
        for (int round = 0; round < MAX_ROUNDS && stable < STABLE_ROUNDS; round++) {
            for (int offset = 0; offset < Alignment.LINE; offset++) {
                long start = System.nanoTime();
                float sum = sweep(array, offset);
                long time = System.nanoTime() - start;
                best[offset] = Math.min(best[offset], sum == 0 ? time : time + 1);
            }
            int found = firstOfQuickRun(best);
            stable = found >= 0 && found == answer ? stable + 1 : 0;
            answer = found;
        }
        return stable == STABLE_ROUNDS ? answer : USUAL;
    }

    /**
     * Returns the offset at which the quick sweeps begin, all around the line; -1 if they are not one run, or not of the
     * length that a vector's size makes them.
     */
    private static int firstOfQuickRun(long[] times) {
        long quickest = Long.MAX_VALUE;
        long slowest = 0;
        for (long time : times) {
            quickest = Math.min(quickest, time);
            slowest = Math.max(slowest, time);
        }
        if (slowest * 4 < quickest * 5) {
            return -1;
        }
        long limit = (quickest + slowest) / 2;
        int first = -1;
        int runs = 0;
        int quick = 0;
        for (int i = 0; i < times.length; i++) {
            quick += times[i] < limit ? 1 : 0;
            if (times[i] < limit && times[(i + times.length - 1) % times.length] >= limit) {
                first = i;
                runs++;
            }
        }
        return runs == 1 && quick == Math.max(1, Alignment.LINE - SPECIES.length() + 1) ? first : -1;
    }

    private static float sweep(float[] array, int from) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int repeat = 0; repeat < 4; repeat++) {
            for (int i = from; i < from + SWEPT; i += 4 * Alignment.LINE) {
                s0 = s0.add(FloatVector.fromArray(SPECIES, array, i));
                s1 = s1.add(FloatVector.fromArray(SPECIES, array, i + Alignment.LINE));
                s2 = s2.add(FloatVector.fromArray(SPECIES, array, i + 2 * Alignment.LINE));
                s3 = s3.add(FloatVector.fromArray(SPECIES, array, i + 3 * Alignment.LINE));
            }
        }
        return s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
    }
}
