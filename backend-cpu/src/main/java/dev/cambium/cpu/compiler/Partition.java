package dev.cambium.cpu.compiler;

/**
 * How work is cut into parts that threads take one by one. The number of parts follows from the number of units alone, never from
 * that of threads, so that partial sums of a graph are always the same.
 */
final class Partition {
    private static final int MOST_PARTS = 16;

    private Partition() {}

    /** The number of parts that so many samples are cut into. */
    static int parts(int samples) {
        return Math.min(samples, MOST_PARTS);
    }

    /** Whether so many units can be done sample by sample, several for each, in parts that are as many. */
    static boolean isMultiple(int units, int samples) {
        return units % samples == 0 && parts(units) == parts(samples);
    }

    /** Where a part begins; that of {@code parts} is the end of all. */
    static int start(int part, int parts, int samples) {
        return (int) ((long) samples * part / parts);
    }
}
