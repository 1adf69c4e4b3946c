package dev.cambium.cpu.kernels;

import java.util.Arrays;

/**
 * Products in plain Java, for JVMs without the Vector API or without fused multiply-add. Sums stay in registers as they do
 * in {@link VectorProducts}, if fewer: C2 doesn't vectorise a product by itself, since for all it knows the arrays overlap.
 * Where the processor fuses, the bits are those of the vectors: both sum every element in the same order.
 */
final class ScalarProducts implements Products {
    static final Panels PANELS = new Panels(32, 8, 8);

    @Override
    public Panels panels() {
        return PANELS;
    }

    @Override
    public int edgeScratch() {
        return 0;
    }

    @Override
    public void product(float[] a, int aOffset, int[] rows, int rowFrom, int rowTo, Steps steps, int stepFrom,
            int stepTo, float[] b, int bOffset, int bStride, float[] c, int cOffset, int[] cRows, int columns,
            boolean accumulate, float[] edge, int edgeOffset) {
        int fours = columns & -4;
        for (int row = rowFrom; row < rowTo; row += 2) {
            int next = Math.min(row + 1, rowTo - 1);
            int a0 = aOffset + rows[row];
            int a1 = aOffset + rows[next];
            int c0 = cOffset + cRows[row];
            int c1 = cOffset + cRows[next];
            for (int j = 0; j < fours; j += 4) {
                tile2x4(a, a0, a1, steps.offsets(), stepFrom, stepTo, b, bOffset + j, bStride, c, c0 + j, c1 + j,
                        accumulate);
            }
            for (int j = fours; j < columns; j++) {
                tile2x1(a, a0, a1, steps.offsets(), stepFrom, stepTo, b, bOffset + j, bStride, c, c0 + j, c1 + j,
                        accumulate);
            }
        }
    }

    private static void tile2x4(float[] a, int a0, int a1, int[] steps, int from, int to, float[] b, int bOffset,
            int bStride, float[] c, int c0, int c1, boolean accumulate) {
        float s00 = 0;
        float s01 = 0;
        float s02 = 0;
        float s03 = 0;
        float s10 = 0;
        float s11 = 0;
        float s12 = 0;
        float s13 = 0;
        for (int k = from, bk = bOffset; k < to; k++, bk += bStride) {
            int step = steps[k];
            float b0 = b[bk];
            float b1 = b[bk + 1];
            float b2 = b[bk + 2];
            float b3 = b[bk + 3];
            float x = a[a0 + step];
            s00 = FusedMultiplyAdd.of(x, b0, s00);
            s01 = FusedMultiplyAdd.of(x, b1, s01);
            s02 = FusedMultiplyAdd.of(x, b2, s02);
            s03 = FusedMultiplyAdd.of(x, b3, s03);
            x = a[a1 + step];
            s10 = FusedMultiplyAdd.of(x, b0, s10);
            s11 = FusedMultiplyAdd.of(x, b1, s11);
            s12 = FusedMultiplyAdd.of(x, b2, s12);
            s13 = FusedMultiplyAdd.of(x, b3, s13);
        }
        if (accumulate) {
            s00 += c[c0];
            s01 += c[c0 + 1];
            s02 += c[c0 + 2];
            s03 += c[c0 + 3];
            s10 += c[c1];
            s11 += c[c1 + 1];
            s12 += c[c1 + 2];
            s13 += c[c1 + 3];
        }
        c[c0] = s00;
        c[c0 + 1] = s01;
        c[c0 + 2] = s02;
        c[c0 + 3] = s03;
        c[c1] = s10;
        c[c1 + 1] = s11;
        c[c1 + 2] = s12;
        c[c1 + 3] = s13;
    }

    private static void tile2x1(float[] a, int a0, int a1, int[] steps, int from, int to, float[] b, int bOffset,
            int bStride, float[] c, int c0, int c1, boolean accumulate) {
        float s0 = 0;
        float s1 = 0;
        for (int k = from, bk = bOffset; k < to; k++, bk += bStride) {
            int step = steps[k];
            s0 = FusedMultiplyAdd.of(a[a0 + step], b[bk], s0);
            s1 = FusedMultiplyAdd.of(a[a1 + step], b[bk], s1);
        }
        if (accumulate) {
            s0 += c[c0];
            s1 += c[c1];
        }
        c[c0] = s0;
        c[c1] = s1;
    }

    @Override
    public void channelwise(float[] a, int aOffset, int[] rows, int rowFrom, int rowTo, int[] steps, int stepFrom,
            int stepTo, float[] b, int bOffset, int bStride, float[] c, int cOffset, int[] cRows, int channels,
            boolean accumulate) {
        channels(a, aOffset, rows, rowFrom, rowTo, steps, stepFrom, stepTo, b, bOffset, bStride, c, cOffset, cRows,
                0, channels, accumulate);
    }

    /** The channelwise product for channels from {@code from} to {@code to}. */
    static void channels(float[] a, int aOffset, int[] rows, int rowFrom, int rowTo, int[] steps, int stepFrom,
            int stepTo, float[] b, int bOffset, int bStride, float[] c, int cOffset, int[] cRows, int from, int to,
            boolean accumulate) {
        for (int row = rowFrom; row < rowTo; row++) {
            int c0 = cOffset + cRows[row];
            int a0 = aOffset + rows[row];
            for (int j = from; j < to; j++) {
                float sum = 0;
                for (int k = stepFrom, b0 = bOffset + j; k < stepTo; k++, b0 += bStride) {
                    sum = FusedMultiplyAdd.of(a[a0 + steps[k] + j], b[b0], sum);
                }
                c[c0 + j] = accumulate ? c[c0 + j] + sum : sum;
            }
        }
    }

    @Override
    public void pack(float[] b, int bOffset, int stepStride, int columnStride, int steps, int columns, float[] panel,
            int panelOffset, int width) {
        packPanel(b, bOffset, stepStride, columnStride, steps, columns, panel, panelOffset, width, width);
    }

    /** Packs, as {@link #pack}, the first {@code width} columns of a panel whose steps are {@code panelStride} apart. */
    static void packPanel(float[] b, int bOffset, int stepStride, int columnStride, int steps, int columns,
            float[] panel, int panelOffset, int width, int panelStride) {
        for (int s = 0; s < steps; s++) {
            int from = bOffset + s * stepStride;
            int to = panelOffset + s * panelStride;
            if (columnStride == 1) {
                System.arraycopy(b, from, panel, to, columns);
            } else {
                for (int j = 0; j < columns; j++) {
                    panel[to + j] = b[from + j * columnStride];
                }
            }
            Arrays.fill(panel, to + columns, to + width, 0);
        }
    }

    @Override
    public int lanes() {
        return 1;
    }

    @Override
    public boolean moderate(float[] a, int offset, int rows, int stride, int columns) {
        return ScalarSparse.moderate(a, offset, rows, stride, columns);
    }

    @Override
    public int count(float[] a, int offset, int elements) {
        return ScalarSparse.count(a, offset, elements);
    }

    @Override
    public int list(float[] a, int offset, int from, int to, float[] values, int valuesOffset, int[] columns,
            int columnsOffset) {
        return ScalarSparse.list(a, offset, from, to, values, valuesOffset, columns, columnsOffset);
    }

    @Override
    public int entries(float[] a, int offset, int rows, int columns, int[] counts, int countsOffset, int[] found,
            int rowsOffset, int columnsOffset, int capacity) {
        int count = 0;
        for (int row = 0; row < rows && count >= 0; row++) {
            count = ScalarSparse.entries(a, offset + row * columns, row, 0, columns, count, counts, countsOffset, found,
                    rowsOffset, columnsOffset, capacity);
        }
        return count;
    }

    @Override
    public void tapGradients(float[] values, int valuesOffset, int[] numbers, int startsOffset, int lists,
            int entriesOffset, int[] rows, float[] image, int imageOffset, int[] taps, float[] w, int wOffset,
            int wStride, float[] sums, int sumsOffset, int sumsStride) {
        ScalarSparse.tapGradients(values, valuesOffset, numbers, startsOffset, lists, entriesOffset, rows, image,
                imageOffset, taps, w, wOffset, wStride, sums, sumsOffset, sumsStride);
    }

    @Override
    public void copyRows(float[] from, int fromOffset, int fromStride, float[] to, int toOffset, int toStride, int rows,
            int columns) {
        ScalarSparse.copyRows(from, fromOffset, fromStride, to, toOffset, toStride, rows, columns);
    }

    @Override
    public void sparseRows(float[] values, int valuesOffset, int[] numbers, int boundsOffset, int boundsStride,
            int entriesOffset, int rows, float[] b, int bOffset,
            int bStride, float[] c, int cOffset, int[] cRows, int columns, boolean accumulate) {
        ScalarSparse.rows(values, valuesOffset, numbers, boundsOffset, boundsStride, entriesOffset,
                rows, b, bOffset, bStride, c, cOffset, cRows, columns, accumulate);
    }

    @Override
    public void sampledDots(int[] numbers, int boundsOffset, int boundsStride, int entriesOffset,
            int rows, float[] a, int aOffset, int aStride, float[] d, int dOffset, int dStride,
            int columns, float[] sums, int sumsOffset, boolean accumulate) {
        ScalarSparse.sampledDots(numbers, boundsOffset, boundsStride, entriesOffset, rows, a, aOffset, aStride, d,
                dOffset, dStride, columns, sums, sumsOffset, accumulate);
    }

    @Override
    public void sampledDotsAndRows(float[] values, int valuesOffset, int[] numbers, int boundsOffset, int boundsStride,
            int entriesOffset, int rows, float[] a, int aOffset, int aStride, float[] d,
            int dOffset, int dStride, float[] sums, int sumsOffset, boolean accumulate, float[] c, int cOffset,
            int cStride, boolean accumulateRows) {
        ScalarSparse.sampledDotsAndRows(this, values, valuesOffset, numbers, boundsOffset, boundsStride, entriesOffset,
                rows, a, aOffset, aStride, d, dOffset, dStride, sums, sumsOffset, accumulate, c, cOffset,
                cStride, accumulateRows);
    }

    @Override
    public boolean pools(int columns) {
        return true;
    }

    @Override
    public void pooledProduct(float[] a, int aOffset, int[] windows, int right, int down, int[] steps, float[] b,
            int bOffset, int bStride, int columns, float[] shifts, int shiftsOffset, float floor, float[] c,
            int cOffset, int cStride, float[] winners, int winnersOffset) {
        for (int w = 0; w < windows.length; w++) {
            int at = aOffset + windows[w];
            for (int j = 0; j < columns; j++) {
                float s0 = 0;
                float s1 = 0;
                float s2 = 0;
                float s3 = 0;
                for (int k = 0, bk = bOffset + j; k < steps.length; k++, bk += bStride) {
                    int place = at + steps[k];
                    s0 = FusedMultiplyAdd.of(a[place], b[bk], s0);
                    s1 = FusedMultiplyAdd.of(a[place + right], b[bk], s1);
                    s2 = FusedMultiplyAdd.of(a[place + down], b[bk], s2);
                    s3 = FusedMultiplyAdd.of(a[place + down + right], b[bk], s3);
                }
                float best = s0 < s1 ? s1 : s0;
                int winner = s0 < s1 ? 1 : 0;
                winner = best < s2 ? 2 : winner;
                best = best < s2 ? s2 : best;
                winner = best < s3 ? 3 : winner;
                best = (best < s3 ? s3 : best) + shifts[shiftsOffset + j];
                c[cOffset + w * cStride + j] = best <= floor ? floor : best;
                winners[winnersOffset + w * cStride + j] = winner;
            }
        }
    }

    @Override
    public void spreadProduct(float[] a, int aOffset, int[] windows, int right, int down, int[] steps, int columns,
            float[] dy, int dyOffset, int dyStride, float[] winners, int winnersOffset, float[] sum, int sumOffset,
            int[] sumRows, boolean accumulate) {
        for (int k = 0; k < steps.length; k++) {
            for (int j = 0; j < columns; j++) {
                int to = sumOffset + sumRows[k] + j;
                float s = accumulate ? sum[to] : 0;
                for (int w = 0; w < windows.length; w++) {
                    int winner = (int) winners[winnersOffset + w * dyStride + j];
                    int place = aOffset + windows[w] + (winner & 1) * right + (winner >> 1) * down;
                    s = FusedMultiplyAdd.of(a[place + steps[k]], dy[dyOffset + w * dyStride + j], s);
                }
                sum[to] = s;
            }
        }
    }

    @Override
    public void winogradInput(float[] a, int aOffset, int[] squares, int first, int count, int down, int right,
            int channels, float[] v, int vOffset, int vRow) {
        ScalarWinograd.input(a, aOffset, squares, first, count, down, right, channels, v, vOffset, vRow);
    }

    @Override
    public boolean winogradOutput(float[] m, int mOffset, int mRow, int count, int columns, float[] c,
            int cOffset, int[] targets, int first) {
        return ScalarWinograd.output(m, mOffset, PANELS.wide(), mRow, count, columns, c, cOffset, targets, first);
    }

    @Override
    public boolean winogradPooledOutput(float[] m, int mOffset, int mRow, int count, int columns, float[] shifts,
            int shiftsOffset, float floor, float[] c, int cOffset, int cStride, float[] winners, int winnersOffset) {
        return ScalarWinograd.pooledOutput(m, mOffset, PANELS.wide(), mRow, count, columns, shifts, shiftsOffset,
                floor, c, cOffset, cStride, winners, winnersOffset);
    }

    @Override
    public void winogradKernel(float[] taps, int tapsOffset, int tapPitch, int count, float[] u, int uOffset,
            int uPitch) {
        ScalarWinograd.kernel(taps, tapsOffset, tapPitch, 0, count, u, uOffset, uPitch);
    }

    @Override
    public void winogradGradient(float[] dy, int dyOffset, int[] squares, int first, int count, int down, int right,
            int channels, float[] v, int vOffset, int vRow, int vPitch) {
        ScalarWinograd.gradient(dy, dyOffset, squares, first, count, down, right, channels, v, vOffset, vRow, vPitch);
    }

    @Override
    public boolean winogradKernelGradient(float[] m, int mOffset, int mPitch, int count) {
        return ScalarWinograd.kernelGradient(m, mOffset, mPitch, 0, count);
    }

    @Override
    public int lineStart(float[] array) {
        return 0;
    }

    /** Plain loops are fast soon enough by themselves. */
    @Override
    public void warmUp() {}

    @Override
    public boolean warmUpTransposition() {
        return true;
    }

    @Override
    public double peak() {
        return Peak.measure(ScalarProducts::chains, 1);
    }

    private static float chains(float x) {
        float a = x;
        float b = x;
        float c = x;
        float d = x;
        float e = x;
        float f = x;
        float g = x;
        float h = x;
        float i = x;
        float j = x;
        float k = x;
        float l = x;
        int state = 0;
        do {
            a = FusedMultiplyAdd.of(x, x, a);
            b = FusedMultiplyAdd.of(x, x, b);
            c = FusedMultiplyAdd.of(x, x, c);
            d = FusedMultiplyAdd.of(x, x, d);
            e = FusedMultiplyAdd.of(x, x, e);
            f = FusedMultiplyAdd.of(x, x, f);
            g = FusedMultiplyAdd.of(x, x, g);
            h = FusedMultiplyAdd.of(x, x, h);
            i = FusedMultiplyAdd.of(x, x, i);
            j = FusedMultiplyAdd.of(x, x, j);
            k = FusedMultiplyAdd.of(x, x, k);
            l = FusedMultiplyAdd.of(x, x, l);
            state = Peak.next(state);
        } while (state != 0);
        return a + b + c + d + e + f + g + h + i + j + k + l;
    }

    @Override
    public String toString() {
        return "no vectors";
    }
}
