package dev.cambium.cpu.kernels;

import static dev.cambium.cpu.kernels.Vectors.exactEight;

import java.util.concurrent.locks.LockSupport;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Packs columns whose steps are contiguous, by transposing blocks of 8x8 in registers, as soon as that is compiled. */
final class Transposition {
    private static final VectorSpecies<Float> EIGHT = Vectors.EIGHT;
    /** Lane i of DOWNn comes from lane i - n, of UPn from i + n; ODDn holds the lanes whose index has bit n set. */
    private static final VectorShuffle<Float> DOWN1 = VectorShuffle.iota(EIGHT, 7, 1, true);
    private static final VectorShuffle<Float> DOWN2 = VectorShuffle.iota(EIGHT, 6, 1, true);
    private static final VectorShuffle<Float> DOWN4 = VectorShuffle.iota(EIGHT, 4, 1, true);
    private static final VectorShuffle<Float> UP1 = VectorShuffle.iota(EIGHT, 1, 1, true);
    private static final VectorShuffle<Float> UP2 = VectorShuffle.iota(EIGHT, 2, 1, true);
    private static final VectorShuffle<Float> UP4 = VectorShuffle.iota(EIGHT, 4, 1, true);
    private static final VectorMask<Float> ODD1 = VectorMask.fromLong(EIGHT, 0b10101010);
    private static final VectorMask<Float> ODD2 = VectorMask.fromLong(EIGHT, 0b11001100);
    private static final VectorMask<Float> ODD4 = VectorMask.fromLong(EIGHT, 0b11110000);

    private static final int CALLS = 500;
    private static final long LIMIT_NANOS = 1_000_000_000L;
    /** A block takes less than this once it is compiled, and many times this before. */
    private static final long COMPILED_NANOS = 200;
    private static final long PAUSE_NANOS = 200_000;
    private static volatile boolean compiled;

    private Transposition() {}

    /** Whether it is fast. */
    static boolean isCompiled() {
        return compiled;
    }

    /**
     * Calls it until the JIT compiler has compiled it, and takes it into use if it then is fast: its vectors may have stayed objects. Returns
     * whether it is in use.
     */
    static boolean warmUp() {
        float[] array = new float[2 * 64];
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (!compiled && System.nanoTime() < deadline) {
            LockSupport.parkNanos(PAUSE_NANOS);
            long start = System.nanoTime();
            for (int call = 0; call < CALLS; call++) {
                pack(array, 0, 8, 8, array, 64, 8);
            }
            compiled = System.nanoTime() - start < CALLS * COMPILED_NANOS;
        }
        return compiled;
    }

    /** Packs 8 columns and a multiple of 8 steps: {@code panel[panelOffset + s * width + j] = b[bOffset + j * columnStride + s]}. */
    static void pack(float[] b, int bOffset, int columnStride, int steps, float[] panel, int panelOffset,
            int width) {
        for (int s = 0; s < steps; s += 8) {
            transpose8x8(b, bOffset + s, columnStride, panel, panelOffset + s * width, width);
        }
    }

    /** Transposes 8 columns of 8 steps: three rounds that exchange lanes 1, 2 and 4 apart between rows as far apart. */
    private static void transpose8x8(float[] b, int offset, int columnStride, float[] panel, int panelOffset,
            int width) {
        FloatVector a0 = exactEight(FloatVector.fromArray(EIGHT, b, offset));
        FloatVector a1 = exactEight(FloatVector.fromArray(EIGHT, b, offset + columnStride));
        FloatVector a2 = exactEight(FloatVector.fromArray(EIGHT, b, offset + 2 * columnStride));
        FloatVector a3 = exactEight(FloatVector.fromArray(EIGHT, b, offset + 3 * columnStride));
        FloatVector a4 = exactEight(FloatVector.fromArray(EIGHT, b, offset + 4 * columnStride));
        FloatVector a5 = exactEight(FloatVector.fromArray(EIGHT, b, offset + 5 * columnStride));
        FloatVector a6 = exactEight(FloatVector.fromArray(EIGHT, b, offset + 6 * columnStride));
        FloatVector a7 = exactEight(FloatVector.fromArray(EIGHT, b, offset + 7 * columnStride));

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

        d0.intoArray(panel, panelOffset);
        d1.intoArray(panel, panelOffset + width);
        d2.intoArray(panel, panelOffset + 2 * width);
        d3.intoArray(panel, panelOffset + 3 * width);
        d4.intoArray(panel, panelOffset + 4 * width);
        d5.intoArray(panel, panelOffset + 5 * width);
        d6.intoArray(panel, panelOffset + 6 * width);
        d7.intoArray(panel, panelOffset + 7 * width);
    }
}
