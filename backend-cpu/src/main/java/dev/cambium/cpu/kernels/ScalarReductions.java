package dev.cambium.cpu.kernels;

/**
 * Sums of floats that stay precise when they are long: short partial sums of floats, added up in double. These loops are also the
 * definitions that {@link VectorReductions} computes with vectors, in the same order.
 */
final class ScalarReductions {
    /** Element i of a block is added to partial sum i mod 32, so that as many additions run side by side. */
    static final int STRIPE = 32;
    /** What is left over of a run's last group is added up one by one. */
    static final int GROUP = 8;
    /** At most so many elements are summed as floats. */
    static final int BLOCK = 32 * STRIPE;
    /** At most so many rows are summed as floats, even and odd ones apart. */
    static final int ROWS = 64;

    private ScalarReductions() {}

    /** The sum of a run of elements. */
    static double sum(float[] x, int xOff, int n) {
        double total = 0;
        int whole = n - n % GROUP;
        for (int i = 0; i < whole; i += BLOCK) {
            int size = Math.min(whole - i, BLOCK);
            total += (everyFourth(x, xOff + i, size) + everyFourth(x, xOff + i + 2, size))
                    + (everyFourth(x, xOff + i + 1, size) + everyFourth(x, xOff + i + 3, size));
        }
        return addRest(total, x, xOff + whole, n - whole);
    }

    /** Adds up the eight partial sums of a block that lie 4 apart. */
    private static float everyFourth(float[] x, int xOff, int size) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        int i = xOff;
        for (; i <= xOff + size - STRIPE; i += STRIPE) {
            s0 += x[i];
            s1 += x[i + 4];
            s2 += x[i + 8];
            s3 += x[i + 12];
            s4 += x[i + 16];
            s5 += x[i + 20];
            s6 += x[i + 24];
            s7 += x[i + 28];
        }
        int groups = (xOff + size - i) / GROUP;
        if (groups > 0) {
            s0 += x[i];
            s1 += x[i + 4];
        }
        if (groups > 1) {
            s2 += x[i + 8];
            s3 += x[i + 12];
        }
        if (groups > 2) {
            s4 += x[i + 16];
            s5 += x[i + 20];
        }
        return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
    }

    static double addRest(double total, float[] x, int xOff, int n) {
        double sum = total;
        for (int i = 0; i < n; i++) {
            sum += x[xOff + i];
        }
        return sum;
    }

    static float max(float[] x, int xOff, int n) {
        float result = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            result = Math.max(result, x[xOff + i]);
        }
        return result;
    }

    static float min(float[] x, int xOff, int n) {
        float result = Float.POSITIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            result = Math.min(result, x[xOff + i]);
        }
        return result;
    }

    /** {@code out[outOff + c] = Σ x[xOff + c + Σ r·strides]} over all r… below dims, for c below columns. */
    static void sumRows(float[] x, int xOff, int[] dims, int[] strides, float[] out, int outOff, int columns) {
        for (int column = 0; column < columns; column++) {
            out[outOff + column] = (float) sumColumn(x, xOff + column, dims, strides);
        }
    }

    private static double sumColumn(float[] x, int xOff, int[] dims, int[] strides) {
        int last = dims.length - 1;
        int rows = dims[last];
        int stride = strides[last];
        double total = 0;
        int runs = Reductions.size(dims, last);
        for (int run = 0; run < runs; run++) {
            int at = xOff + Reductions.offset(run, dims, strides, last);
            for (int row = 0; row < rows;) {
                int end = Math.min(rows, row + ROWS);
                float even = 0;
                float odd = 0;
                for (; row < end - 1; row += 2) {
                    even += x[at + row * stride];
                    odd += x[at + (row + 1) * stride];
                }
                if (row < end) {
                    even += x[at + row * stride];
                    row++;
                }
                total += even + odd;
            }
        }
        return total;
    }
}
