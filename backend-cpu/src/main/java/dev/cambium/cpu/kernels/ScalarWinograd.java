package dev.cambium.cpu.kernels;

/**
 * The transforms of {@link Winograd} in plain Java; see {@link Products#winogradInput} and its neighbours. Those over vectors do
 * the same operations in the same order.
 */
final class ScalarWinograd {
    private ScalarWinograd() {}

    static void input(float[] a, int aOffset, int[] squares, int first, int count, int down, int right, int channels,
            float[] v, int vOffset, int vRow) {
        for (int i = 0; i < count; i++) {
            int source = aOffset + squares[first + i];
            for (int j = 0; j < channels; j++) {
                input(a, source + j, down, right, v, vOffset + i * vRow + j, channels);
            }
        }
    }

    /** With frequencies {@code pitch} apart. */
    private static void input(float[] a, int at, int down, int right, float[] v, int to, int pitch) {
        inputRow(a, at, at + 2 * down, -1, right, v, to, pitch);
        inputRow(a, at + down, at + 2 * down, 1, right, v, to + 4 * pitch, pitch);
        inputRow(a, at + 2 * down, at + down, -1, right, v, to + 8 * pitch, pitch);
        inputRow(a, at + down, at + 3 * down, -1, right, v, to + 12 * pitch, pitch);
    }

    private static void inputRow(float[] a, int one, int other, float sign, int right, float[] v, int to, int pitch) {
        float t0 = a[one] + sign * a[other];
        float t1 = a[one + right] + sign * a[other + right];
        float t2 = a[one + 2 * right] + sign * a[other + 2 * right];
        float t3 = a[one + 3 * right] + sign * a[other + 3 * right];
        v[to] = t0 - t2;
        v[to + pitch] = t1 + t2;
        v[to + 2 * pitch] = t2 - t1;
        v[to + 3 * pitch] = t1 - t3;
    }

    /** With frequencies {@code mPitch} apart. */
    static boolean output(float[] m, int mOffset, int mPitch, int mRow, int count, int columns, float[] c, int cOffset,
            int[] targets, int first) {
        float flag = 0;
        for (int i = 0; i < count; i++) {
            int target = 4 * (first + i);
            for (int j = 0; j < columns; j++) {
                int at = mOffset + i * mRow + j;
                float y00 = outputLeft(m, at, mPitch);
                float y01 = outputRight(m, at, mPitch);
                float y10 = outputLeft(m, at + 4 * mPitch, mPitch);
                float y11 = outputRight(m, at + 4 * mPitch, mPitch);
                float left = outputLeft(m, at + 8 * mPitch, mPitch);
                float right = outputRight(m, at + 8 * mPitch, mPitch);
                y00 = y00 + y10 + left;
                y01 = y01 + y11 + right;
                y10 = y10 - left - outputLeft(m, at + 12 * mPitch, mPitch);
                y11 = y11 - right - outputRight(m, at + 12 * mPitch, mPitch);
                flag += y00 * 0 + y01 * 0 + y10 * 0 + y11 * 0;
                int to0 = cOffset + j;
                c[to0 + targets[target + 3]] = y11;
                c[to0 + targets[target + 2]] = y10;
                c[to0 + targets[target + 1]] = y01;
                c[to0 + targets[target]] = y00;
            }
        }
        return flag == 0;
    }

    /** With frequencies {@code mPitch} apart. */
    static boolean pooledOutput(float[] m, int mOffset, int mPitch, int mRow, int count, int columns, float[] shifts,
            int shiftsOffset, float floor, float[] c, int cOffset, int cStride, float[] winners, int winnersOffset) {
        float flag = 0;
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < columns; j++) {
                int at = mOffset + i * mRow + j;
                float left = outputLeft(m, at + 8 * mPitch, mPitch);
                float right = outputRight(m, at + 8 * mPitch, mPitch);
                float upperLeft = outputLeft(m, at + 4 * mPitch, mPitch);
                float upperRight = outputRight(m, at + 4 * mPitch, mPitch);
                float y00 = outputLeft(m, at, mPitch) + upperLeft + left;
                float y01 = outputRight(m, at, mPitch) + upperRight + right;
                float y10 = upperLeft - left - outputLeft(m, at + 12 * mPitch, mPitch);
                float y11 = upperRight - right - outputRight(m, at + 12 * mPitch, mPitch);
                flag += y00 * 0 + y01 * 0 + y10 * 0 + y11 * 0;
                float best = y00 < y01 ? y01 : y00;
                int winner = y00 < y01 ? 1 : 0;
                winner = best < y10 ? 2 : winner;
                best = best < y10 ? y10 : best;
                winner = best < y11 ? 3 : winner;
                best = (best < y11 ? y11 : best) + shifts[shiftsOffset + j];
                c[cOffset + i * cStride + j] = best <= floor ? floor : best;
                winners[winnersOffset + i * cStride + j] = winner;
            }
        }
        return flag == 0;
    }

    private static float outputLeft(float[] m, int at, int pitch) {
        return m[at + pitch] + m[at + 2 * pitch] + m[at];
    }

    private static float outputRight(float[] m, int at, int pitch) {
        return m[at + pitch] - m[at + 2 * pitch] - m[at + 3 * pitch];
    }

    /** Of kernels from {@code from} to {@code to}: columns, then rows. */
    static void kernel(float[] taps, int tapsOffset, int tapPitch, int from, int to, float[] u, int uOffset,
            int uPitch) {
        for (int j = from; j < to; j++) {
            for (int column = 0; column < 3; column++) {
                kernelLine(taps, tapsOffset + j + column * tapPitch, 3 * tapPitch, u, uOffset + j + column * uPitch,
                        4 * uPitch);
            }
            for (int row = 0; row < 4; row++) {
                int at = uOffset + j + 4 * row * uPitch;
                kernelLine(u, at, uPitch, u, at, uPitch);
            }
        }
    }

    private static void kernelLine(float[] g, int at, int gStep, float[] u, int to, int uStep) {
        float g0 = g[at];
        float g1 = g[at + gStep];
        float g2 = g[at + 2 * gStep];
        u[to] = g0;
        u[to + uStep] = 0.5f * (g0 + g2 + g1);
        u[to + 2 * uStep] = 0.5f * (g0 + g2 - g1);
        u[to + 3 * uStep] = g2;
    }

    static void gradient(float[] dy, int dyOffset, int[] squares, int first, int count, int down, int right,
            int channels, float[] v, int vOffset, int vRow, int vPitch) {
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < channels; j++) {
                int at = dyOffset + squares[first + i] + j;
                float a = dy[at];
                float b = dy[at + right];
                float c = dy[at + down];
                float d = dy[at + down + right];
                int to = vOffset + i * vRow + j;
                gradientRow(a, b, v, to, vPitch);
                gradientRow(a + c, b + d, v, to + 4 * vPitch, vPitch);
                gradientRow(a - c, b - d, v, to + 8 * vPitch, vPitch);
                gradientRow(c, d, v, to + 12 * vPitch, vPitch);
            }
        }
    }

    private static void gradientRow(float left, float right, float[] v, int to, int pitch) {
        v[to] = left;
        v[to + pitch] = left + right;
        v[to + 2 * pitch] = left - right;
        v[to + 3 * pitch] = right;
    }

    static boolean kernelGradient(float[] m, int mOffset, int mPitch, int from, int to) {
        float flag = 0;
        for (int j = from; j < to; j++) {
            for (int column = 0; column < 4; column++) {
                kernelGradientLine(m, mOffset + j + column * mPitch, 4 * mPitch);
            }
            for (int row = 0; row < 3; row++) {
                flag += kernelGradientLine(m, mOffset + j + 4 * row * mPitch, mPitch);
            }
        }
        return flag == 0;
    }

    /** Gᵀ times a line of four, in place. */
    private static float kernelGradientLine(float[] m, int at, int step) {
        float m1 = 0.5f * m[at + step];
        float m2 = 0.5f * m[at + 2 * step];
        float t0 = m1 + m2 + m[at];
        float t1 = m1 - m2;
        float t2 = m1 + m2 - m[at + 3 * step];
        m[at] = t0;
        m[at + step] = t1;
        m[at + 2 * step] = t2;
        return t0 * 0 + t1 * 0 + t2 * 0;
    }
}
