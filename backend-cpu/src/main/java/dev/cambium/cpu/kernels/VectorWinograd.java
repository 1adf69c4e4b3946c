package dev.cambium.cpu.kernels;

import static dev.cambium.cpu.kernels.Vectors.exact;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transforms of {@link Winograd} over the Vector API: lanes are channels. If there are enough of them, the last vector
 * begins where it just fits, and does some channels over again.
 */
final class VectorWinograd {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int L = SPECIES.length();
    private static final int WIDE = VectorProducts.PANELS.wide();

    private VectorWinograd() {}

    static void input(float[] a, int aOffset, int[] squares, int first, int count, int down, int right, int channels,
            float[] v, int vOffset, int vRow) {
        if (channels < L) {
            ScalarWinograd.input(a, aOffset, squares, first, count, down, right, channels, v, vOffset, vRow);
            return;
        }
        for (int j = 0; j < channels; j += L) {
            int channel = Math.min(j, channels - L);
            int from = aOffset + channel;
            int to = vOffset + channel;
            inputRow(a, from, from + 2 * down, -1, squares, first, count, right, v, to, channels, vRow);
            inputRow(a, from + down, from + 2 * down, 1, squares, first, count, right, v, to + 4 * channels, channels,
                    vRow);
            inputRow(a, from + 2 * down, from + down, -1, squares, first, count, right, v, to + 8 * channels, channels,
                    vRow);
            inputRow(a, from + down, from + 3 * down, -1, squares, first, count, right, v, to + 12 * channels,
                    channels, vRow);
        }
    }

    /**
     * Four frequencies, {@code vPitch} apart, from two rows of pixels, of which the second counts {@code sign} times. All sixteen in one
     * method are more than C2 inlines.
     */
    private static void inputRow(float[] a, int oneOffset, int otherOffset, float sign, int[] squares, int first,
            int count, int right, float[] v, int vOffset, int vPitch, int vRow) {
        FloatVector s = exact(FloatVector.broadcast(SPECIES, sign));
        for (int i = 0, to = vOffset; i < count; i++, to += vRow) {
            int one = oneOffset + squares[first + i];
            int other = otherOffset + squares[first + i];
            FloatVector t0 = s.fma(FloatVector.fromArray(SPECIES, a, other), FloatVector.fromArray(SPECIES, a, one));
            FloatVector t1 = s.fma(FloatVector.fromArray(SPECIES, a, other + right),
                    FloatVector.fromArray(SPECIES, a, one + right));
            FloatVector t2 = s.fma(FloatVector.fromArray(SPECIES, a, other + 2 * right),
                    FloatVector.fromArray(SPECIES, a, one + 2 * right));
            FloatVector t3 = s.fma(FloatVector.fromArray(SPECIES, a, other + 3 * right),
                    FloatVector.fromArray(SPECIES, a, one + 3 * right));
            t0.sub(t2).intoArray(v, to);
            t1.add(t2).intoArray(v, to + vPitch);
            t2.sub(t1).intoArray(v, to + 2 * vPitch);
            t1.sub(t3).intoArray(v, to + 3 * vPitch);
        }
    }

    static boolean output(float[] m, int mOffset, int mRow, int count, int columns, float[] c, int cOffset,
            int[] targets, int first) {
        if (columns < L) {
            return ScalarWinograd.output(m, mOffset, WIDE, mRow, count, columns, c, cOffset, targets, first);
        }
        boolean finite = true;
        for (int j = 0; j < columns; j += L) {
            int column = Math.min(j, columns - L);
            finite &= output(m, mOffset + column, mRow, count, c, cOffset + column, targets, first);
        }
        return finite;
    }

    private static boolean output(float[] m, int mOffset, int mRow, int count, float[] c, int cOffset,
            int[] targets, int first) {
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        FloatVector flag = zero;
        for (int i = 0; i < count; i++) {
            int at = mOffset + i * mRow;
            FloatVector m1 = exact(FloatVector.fromArray(SPECIES, m, at + WIDE));
            FloatVector m2 = FloatVector.fromArray(SPECIES, m, at + 2 * WIDE);
            FloatVector y00 = m1.add(m2).add(FloatVector.fromArray(SPECIES, m, at));
            FloatVector y01 = m1.sub(m2).sub(FloatVector.fromArray(SPECIES, m, at + 3 * WIDE));
            m1 = exact(FloatVector.fromArray(SPECIES, m, at + 5 * WIDE));
            m2 = FloatVector.fromArray(SPECIES, m, at + 6 * WIDE);
            FloatVector y10 = m1.add(m2).add(FloatVector.fromArray(SPECIES, m, at + 4 * WIDE));
            FloatVector y11 = m1.sub(m2).sub(FloatVector.fromArray(SPECIES, m, at + 7 * WIDE));
            y00 = y00.add(y10);
            y01 = y01.add(y11);
            m1 = exact(FloatVector.fromArray(SPECIES, m, at + 9 * WIDE));
            m2 = FloatVector.fromArray(SPECIES, m, at + 10 * WIDE);
            FloatVector left = m1.add(m2).add(FloatVector.fromArray(SPECIES, m, at + 8 * WIDE));
            FloatVector right = m1.sub(m2).sub(FloatVector.fromArray(SPECIES, m, at + 11 * WIDE));
            y00 = y00.add(left);
            y01 = y01.add(right);
            y10 = y10.sub(left);
            y11 = y11.sub(right);
            m1 = exact(FloatVector.fromArray(SPECIES, m, at + 13 * WIDE));
            m2 = FloatVector.fromArray(SPECIES, m, at + 14 * WIDE);
            y10 = y10.sub(m1.add(m2).add(FloatVector.fromArray(SPECIES, m, at + 12 * WIDE)));
            y11 = y11.sub(m1.sub(m2).sub(FloatVector.fromArray(SPECIES, m, at + 15 * WIDE)));
            flag = y00.fma(zero, y01.fma(zero, y10.fma(zero, y11.fma(zero, flag))));
            int target = 4 * (first + i);
            y11.intoArray(c, cOffset + targets[target + 3]);
            y10.intoArray(c, cOffset + targets[target + 2]);
            y01.intoArray(c, cOffset + targets[target + 1]);
            y00.intoArray(c, cOffset + targets[target]);
        }
        return flag.reduceLanes(VectorOperators.ADD) == 0;
    }

    static boolean pooledOutput(float[] m, int mOffset, int mRow, int count, int columns, float[] shifts,
            int shiftsOffset, float floor, float[] c, int cOffset, int cStride, float[] winners, int winnersOffset) {
        if (columns < L) {
            return ScalarWinograd.pooledOutput(m, mOffset, WIDE, mRow, count, columns, shifts, shiftsOffset, floor, c,
                    cOffset, cStride, winners, winnersOffset);
        }
        boolean finite = true;
        for (int j = 0; j < columns; j += L) {
            int column = Math.min(j, columns - L);
            finite &= pooledOutput(m, mOffset + column, mRow, count, shifts, shiftsOffset + column, floor, c,
                    cOffset + column, cStride, winners, winnersOffset + column);
        }
        return finite;
    }

    /** Written out again, since C2 keeps vectors in registers only within one method. */
    private static boolean pooledOutput(float[] m, int mOffset, int mRow, int count, float[] shifts, int shiftsOffset,
            float floor, float[] c, int cOffset, int cStride, float[] winners, int winnersOffset) {
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        FloatVector flag = zero;
        FloatVector shift = exact(FloatVector.fromArray(SPECIES, shifts, shiftsOffset));
        FloatVector least = exact(FloatVector.broadcast(SPECIES, floor));
        for (int i = 0; i < count; i++) {
            int at = mOffset + i * mRow;
            FloatVector m1 = exact(FloatVector.fromArray(SPECIES, m, at + WIDE));
            FloatVector m2 = FloatVector.fromArray(SPECIES, m, at + 2 * WIDE);
            FloatVector y00 = m1.add(m2).add(FloatVector.fromArray(SPECIES, m, at));
            FloatVector y01 = m1.sub(m2).sub(FloatVector.fromArray(SPECIES, m, at + 3 * WIDE));
            m1 = exact(FloatVector.fromArray(SPECIES, m, at + 5 * WIDE));
            m2 = FloatVector.fromArray(SPECIES, m, at + 6 * WIDE);
            FloatVector y10 = m1.add(m2).add(FloatVector.fromArray(SPECIES, m, at + 4 * WIDE));
            FloatVector y11 = m1.sub(m2).sub(FloatVector.fromArray(SPECIES, m, at + 7 * WIDE));
            y00 = y00.add(y10);
            y01 = y01.add(y11);
            m1 = exact(FloatVector.fromArray(SPECIES, m, at + 9 * WIDE));
            m2 = FloatVector.fromArray(SPECIES, m, at + 10 * WIDE);
            FloatVector left = m1.add(m2).add(FloatVector.fromArray(SPECIES, m, at + 8 * WIDE));
            FloatVector right = m1.sub(m2).sub(FloatVector.fromArray(SPECIES, m, at + 11 * WIDE));
            y00 = y00.add(left);
            y01 = y01.add(right);
            y10 = y10.sub(left);
            y11 = y11.sub(right);
            m1 = exact(FloatVector.fromArray(SPECIES, m, at + 13 * WIDE));
            m2 = FloatVector.fromArray(SPECIES, m, at + 14 * WIDE);
            y10 = y10.sub(m1.add(m2).add(FloatVector.fromArray(SPECIES, m, at + 12 * WIDE)));
            y11 = y11.sub(m1.sub(m2).sub(FloatVector.fromArray(SPECIES, m, at + 15 * WIDE)));
            flag = y00.fma(zero, y01.fma(zero, y10.fma(zero, y11.fma(zero, flag))));
            VectorMask<Float> beats = y00.compare(VectorOperators.LT, y01);
            FloatVector best = y00.blend(y01, beats);
            FloatVector winner = zero.blend(1, beats);
            beats = best.compare(VectorOperators.LT, y10);
            best = best.blend(y10, beats);
            winner = winner.blend(2, beats);
            beats = best.compare(VectorOperators.LT, y11);
            best = best.blend(y11, beats).add(shift);
            best.blend(least, best.compare(VectorOperators.LE, least)).intoArray(c, cOffset + i * cStride);
            winner.blend(3, beats).intoArray(winners, winnersOffset + i * cStride);
        }
        return flag.reduceLanes(VectorOperators.ADD) == 0;
    }

    static void kernel(float[] taps, int tapsOffset, int tapPitch, int count, float[] u, int uOffset, int uPitch) {
        int whole = SPECIES.loopBound(count);
        for (int column = 0; column < 3; column++) {
            kernelLine(taps, tapsOffset + column * tapPitch, 3 * tapPitch, whole, u, uOffset + column * uPitch,
                    4 * uPitch);
        }
        for (int row = 0; row < 4; row++) {
            int at = uOffset + 4 * row * uPitch;
            kernelLine(u, at, uPitch, whole, u, at, uPitch);
        }
        ScalarWinograd.kernel(taps, tapsOffset, tapPitch, whole, count, u, uOffset, uPitch);
    }

    /** G times lines of three, which may lie where the result goes. */
    private static void kernelLine(float[] g, int gOffset, int gStep, int count, float[] u, int uOffset, int uStep) {
        FloatVector half = exact(FloatVector.broadcast(SPECIES, 0.5f));
        for (int j = 0; j < count; j += L) {
            int at = gOffset + j;
            int to = uOffset + j;
            FloatVector g0 = exact(FloatVector.fromArray(SPECIES, g, at));
            FloatVector g1 = FloatVector.fromArray(SPECIES, g, at + gStep);
            FloatVector g2 = FloatVector.fromArray(SPECIES, g, at + 2 * gStep);
            FloatVector ends = g0.add(g2);
            g0.intoArray(u, to);
            half.mul(ends.add(g1)).intoArray(u, to + uStep);
            half.mul(ends.sub(g1)).intoArray(u, to + 2 * uStep);
            g2.intoArray(u, to + 3 * uStep);
        }
    }

    static void gradient(float[] dy, int dyOffset, int[] squares, int first, int count, int down, int right,
            int channels, float[] v, int vOffset, int vRow, int vPitch) {
        if (channels < L) {
            ScalarWinograd.gradient(dy, dyOffset, squares, first, count, down, right, channels, v, vOffset, vRow,
                    vPitch);
            return;
        }
        for (int j = 0; j < channels; j += L) {
            int channel = Math.min(j, channels - L);
            gradient(dy, dyOffset + channel, squares, first, count, down, right, v, vOffset + channel, vRow, vPitch);
        }
    }

    private static void gradient(float[] dy, int dyOffset, int[] squares, int first, int count, int down, int right,
            float[] v, int vOffset, int vRow, int vPitch) {
        for (int i = 0, to = vOffset; i < count; i++, to += vRow) {
            int at = dyOffset + squares[first + i];
            FloatVector a = exact(FloatVector.fromArray(SPECIES, dy, at));
            FloatVector b = exact(FloatVector.fromArray(SPECIES, dy, at + right));
            FloatVector c = exact(FloatVector.fromArray(SPECIES, dy, at + down));
            FloatVector d = exact(FloatVector.fromArray(SPECIES, dy, at + down + right));
            a.intoArray(v, to);
            a.add(b).intoArray(v, to + vPitch);
            a.sub(b).intoArray(v, to + 2 * vPitch);
            b.intoArray(v, to + 3 * vPitch);
            FloatVector sum = a.add(c);
            FloatVector other = b.add(d);
            sum.intoArray(v, to + 4 * vPitch);
            sum.add(other).intoArray(v, to + 5 * vPitch);
            sum.sub(other).intoArray(v, to + 6 * vPitch);
            other.intoArray(v, to + 7 * vPitch);
            sum = a.sub(c);
            other = b.sub(d);
            sum.intoArray(v, to + 8 * vPitch);
            sum.add(other).intoArray(v, to + 9 * vPitch);
            sum.sub(other).intoArray(v, to + 10 * vPitch);
            other.intoArray(v, to + 11 * vPitch);
            c.intoArray(v, to + 12 * vPitch);
            c.add(d).intoArray(v, to + 13 * vPitch);
            c.sub(d).intoArray(v, to + 14 * vPitch);
            d.intoArray(v, to + 15 * vPitch);
        }
    }

    static boolean kernelGradient(float[] m, int mOffset, int mPitch, int count) {
        int whole = SPECIES.loopBound(count);
        for (int column = 0; column < 4; column++) {
            kernelGradientLine(m, mOffset + column * mPitch, 4 * mPitch, whole);
        }
        boolean finite = true;
        for (int row = 0; row < 3; row++) {
            finite &= kernelGradientLine(m, mOffset + 4 * row * mPitch, mPitch, whole);
        }
        return finite && ScalarWinograd.kernelGradient(m, mOffset, mPitch, whole, count);
    }

    /** Gᵀ times lines of four, in place; tells whether the results are finite. */
    private static boolean kernelGradientLine(float[] m, int mOffset, int step, int count) {
        FloatVector half = exact(FloatVector.broadcast(SPECIES, 0.5f));
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        FloatVector flag = zero;
        for (int j = 0; j < count; j += L) {
            int at = mOffset + j;
            FloatVector m1 = half.mul(FloatVector.fromArray(SPECIES, m, at + step));
            FloatVector m2 = half.mul(FloatVector.fromArray(SPECIES, m, at + 2 * step));
            FloatVector t0 = m1.add(m2).add(FloatVector.fromArray(SPECIES, m, at));
            FloatVector t1 = m1.sub(m2);
            FloatVector t2 = m1.add(m2).sub(FloatVector.fromArray(SPECIES, m, at + 3 * step));
            t0.intoArray(m, at);
            t1.intoArray(m, at + step);
            t2.intoArray(m, at + 2 * step);
            flag = t0.fma(zero, t1.fma(zero, t2.fma(zero, flag)));
        }
        return flag.reduceLanes(VectorOperators.ADD) == 0;
    }
}
