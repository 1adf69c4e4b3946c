package dev.cambium.cpu.kernels;

import static dev.cambium.cpu.kernels.Vectors.exact;

import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Packs columns whose steps are contiguous, by transposing blocks of 8 columns in registers, as soon as that is compiled.
 *
 * <p>
 * A vector holds 8 steps of a column, or 16, of which each half is transposed by itself and stored with a mask (of vectors of 8 the first half
 * is all). Vectors of 8 on a
 * machine that prefers 16 would store through the method that all others store through, and on a busy machine, where C2 compiles late,
 * tiles then saw two classes of vectors and kept theirs as objects.
 */
final class Transposition {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int L = SPECIES.length();
    /** Whether the machine has vectors for it. */
    static final boolean AVAILABLE = L == 8 || L == 16;
    /** Steps in a block. */
    static final int STEPS = L;
    /** Within each half, lane i of DOWNn comes from lane i - n, of UPn from i + n; ODDn holds the lanes whose index has bit n set. */
    private static final VectorShuffle<Float> DOWN1 = shift(7);
    private static final VectorShuffle<Float> DOWN2 = shift(6);
    private static final VectorShuffle<Float> DOWN4 = shift(4);
    private static final VectorShuffle<Float> UP1 = shift(1);
    private static final VectorShuffle<Float> UP2 = shift(2);
    private static final VectorShuffle<Float> UP4 = shift(4);
    private static final VectorMask<Float> ODD1 = VectorMask.fromLong(SPECIES, 0b10101010_10101010);
    private static final VectorMask<Float> ODD2 = VectorMask.fromLong(SPECIES, 0b11001100_11001100);
    private static final VectorMask<Float> ODD4 = VectorMask.fromLong(SPECIES, 0b11110000_11110000);
    private static final VectorMask<Float> FIRST_HALF = VectorMask.fromLong(SPECIES, 0b00000000_11111111);
    private static final VectorMask<Float> SECOND_HALF = VectorMask.fromLong(SPECIES, 0b11111111_00000000);

    /** Blocks in a call that warms up and is not empty. */
    private static final int BLOCKS = 2;
    /** One call of so many is not empty. C2 inlines all that such a rare round of the loop calls, since the vector library demands it. */
    private static final int RARE = 25;
    /** Calls that are looked at. */
    private static final int TIMED_CALLS = 4;
    private static final long LIMIT_NANOS = 1_000_000_000L;
    /** A block takes less than this once it is compiled, and many times this before. */
    private static final long COMPILED_NANOS = 200;
    private static volatile boolean compiled;

    private Transposition() {}

    /** Whether it is fast. */
    static boolean isCompiled() {
        return compiled;
    }

    /**
     * Calls it until the JIT compiler has compiled it, and takes it into use if it then is fast: its vectors may have stayed objects. Most
     * calls are empty, lest the compiler loses its time with the methods of the vector library. Returns whether it is in use.
     */
    static boolean warmUp() {
        float[] array = new float[2 * 8 * BLOCKS * STEPS];
        if (!compiled && UntilCompiled.call(List.of(() -> warmUp(array, BLOCKS)), (_, calls) -> {
            for (int call = 0; call < calls; call++) {
                warmUp(array, call % RARE == 0 ? BLOCKS : 0);
            }
        }, Transposition::isFast, LIMIT_NANOS)) {
            compiled = true;
        }
        return compiled;
    }

    private static void warmUp(float[] array, int blocks) {
        pack(array, 0, BLOCKS * STEPS, blocks * STEPS, array, 8 * BLOCKS * STEPS, 8);
    }

    private static boolean isFast(Runnable blocks) {
        long start = System.nanoTime();
        for (int call = 0; call < TIMED_CALLS; call++) {
            blocks.run();
        }
        return System.nanoTime() - start < TIMED_CALLS * BLOCKS * COMPILED_NANOS;
    }

    /**
     * Packs 8 columns and some steps, {@link #STEPS} or more, blocks of which may overlap:
     * {@code panel[panelOffset + s * width + j] = b[bOffset + j * columnStride + s]}. Three rounds exchange lanes 1, 2 and 4 apart between
     * columns as far apart. All stands in one method: it can be called without a block then, and a method for the stores would be more than
     * C2 inlines behind so many vectors.
     */
    static void pack(float[] b, int bOffset, int columnStride, int steps, float[] panel, int panelOffset,
            int width) {
        for (int s = 0; s < steps; s += STEPS) {
            int step = Math.min(s, steps - STEPS);
            int from = bOffset + step;
            int to = panelOffset + step * width;
            FloatVector a0 = exact(FloatVector.fromArray(SPECIES, b, from));
            FloatVector a1 = exact(FloatVector.fromArray(SPECIES, b, from + columnStride));
            FloatVector a2 = exact(FloatVector.fromArray(SPECIES, b, from + 2 * columnStride));
            FloatVector a3 = exact(FloatVector.fromArray(SPECIES, b, from + 3 * columnStride));
            FloatVector a4 = exact(FloatVector.fromArray(SPECIES, b, from + 4 * columnStride));
            FloatVector a5 = exact(FloatVector.fromArray(SPECIES, b, from + 5 * columnStride));
            FloatVector a6 = exact(FloatVector.fromArray(SPECIES, b, from + 6 * columnStride));
            FloatVector a7 = exact(FloatVector.fromArray(SPECIES, b, from + 7 * columnStride));

            FloatVector b0 = a0.blend(a1.rearrange(DOWN1), ODD1);
            FloatVector b1 = a0.rearrange(UP1).blend(a1, ODD1);
            FloatVector b2 = a2.blend(a3.rearrange(DOWN1), ODD1);
            FloatVector b3 = a2.rearrange(UP1).blend(a3, ODD1);
            FloatVector b4 = a4.blend(a5.rearrange(DOWN1), ODD1);
            FloatVector b5 = a4.rearrange(UP1).blend(a5, ODD1);
            FloatVector b6 = a6.blend(a7.rearrange(DOWN1), ODD1);
            FloatVector b7 = a6.rearrange(UP1).blend(a7, ODD1);

            FloatVector c0 = b0.blend(b2.rearrange(DOWN2), ODD2);
            FloatVector c2 = b0.rearrange(UP2).blend(b2, ODD2);
            FloatVector c1 = b1.blend(b3.rearrange(DOWN2), ODD2);
            FloatVector c3 = b1.rearrange(UP2).blend(b3, ODD2);
            FloatVector c4 = b4.blend(b6.rearrange(DOWN2), ODD2);
            FloatVector c6 = b4.rearrange(UP2).blend(b6, ODD2);
            FloatVector c5 = b5.blend(b7.rearrange(DOWN2), ODD2);
            FloatVector c7 = b5.rearrange(UP2).blend(b7, ODD2);

            FloatVector d0 = c0.blend(c4.rearrange(DOWN4), ODD4);
            FloatVector d4 = c0.rearrange(UP4).blend(c4, ODD4);
            FloatVector d1 = c1.blend(c5.rearrange(DOWN4), ODD4);
            FloatVector d5 = c1.rearrange(UP4).blend(c5, ODD4);
            FloatVector d2 = c2.blend(c6.rearrange(DOWN4), ODD4);
            FloatVector d6 = c2.rearrange(UP4).blend(c6, ODD4);
            FloatVector d3 = c3.blend(c7.rearrange(DOWN4), ODD4);
            FloatVector d7 = c3.rearrange(UP4).blend(c7, ODD4);

            d0.intoArray(panel, to, FIRST_HALF);
            d1.intoArray(panel, to + width, FIRST_HALF);
            d2.intoArray(panel, to + 2 * width, FIRST_HALF);
            d3.intoArray(panel, to + 3 * width, FIRST_HALF);
            d4.intoArray(panel, to + 4 * width, FIRST_HALF);
            d5.intoArray(panel, to + 5 * width, FIRST_HALF);
            d6.intoArray(panel, to + 6 * width, FIRST_HALF);
            d7.intoArray(panel, to + 7 * width, FIRST_HALF);
            if (L == 16) {
                int next = to + 8 * width - 8;
                d0.intoArray(panel, next, SECOND_HALF);
                d1.intoArray(panel, next + width, SECOND_HALF);
                d2.intoArray(panel, next + 2 * width, SECOND_HALF);
                d3.intoArray(panel, next + 3 * width, SECOND_HALF);
                d4.intoArray(panel, next + 4 * width, SECOND_HALF);
                d5.intoArray(panel, next + 5 * width, SECOND_HALF);
                d6.intoArray(panel, next + 6 * width, SECOND_HALF);
                d7.intoArray(panel, next + 7 * width, SECOND_HALF);
            }
        }
    }

    private static VectorShuffle<Float> shift(int lanes) {
        return VectorShuffle.fromOp(SPECIES, lane -> (lane & ~7) + (lane + lanes & 7));
    }
}
