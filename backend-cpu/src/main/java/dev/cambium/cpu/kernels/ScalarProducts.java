package dev.cambium.cpu.kernels;

import java.util.Arrays;

/**
 * Products in plain Java, for JVMs without the Vector API or without fused multiply-add. The inner loops run along
 * contiguous columns, so that C2 may vectorise them by itself. Where the processor fuses, the bits are those of
 * {@link VectorProducts}: both sum every element in the same order.
 */
final class ScalarProducts implements Products {
    private static final Panels PANELS = new Panels(128, 16);

    @Override
    public Panels panels() {
        return PANELS;
    }

    @Override
    public int edgeScratch() {
        return PANELS.wide();
    }

    @Override
    public void product(float[] a, int aOffset, int[] rows, int rowFrom, int rowTo, int[] steps, int stepFrom,
            int stepTo,
            float[] b, int bOffset, int bStride, float[] c, int cOffset, int[] cRows, int columns, boolean accumulate,
            float[] edge, int edgeOffset) {
        for (int row = rowFrom; row < rowTo; row++) {
            int a0 = aOffset + rows[row];
            Arrays.fill(edge, edgeOffset, edgeOffset + columns, 0);
            int k = stepFrom;
            int b0 = bOffset;
            for (; k + 4 <= stepTo; k += 4, b0 += 4 * bStride) {
                fourSteps(a[a0 + steps[k]], a[a0 + steps[k + 1]], a[a0 + steps[k + 2]], a[a0 + steps[k + 3]],
                        b, b0, bStride, edge, edgeOffset, columns);
            }
            for (; k < stepTo; k++, b0 += bStride) {
                step(a[a0 + steps[k]], b, b0, edge, edgeOffset, columns);
            }
            finish(edge, edgeOffset, c, cOffset + cRows[row], columns, accumulate);
        }
    }

    private static void fourSteps(float x0, float x1, float x2, float x3, float[] b, int b0, int bStride, float[] sums,
            int offset, int columns) {
        int b1 = b0 + bStride;
        int b2 = b1 + bStride;
        int b3 = b2 + bStride;
        for (int j = 0; j < columns; j++) {
            float sum = FusedMultiplyAdd.of(x0, b[b0 + j], sums[offset + j]);
            sum = FusedMultiplyAdd.of(x1, b[b1 + j], sum);
            sum = FusedMultiplyAdd.of(x2, b[b2 + j], sum);
            sums[offset + j] = FusedMultiplyAdd.of(x3, b[b3 + j], sum);
        }
    }

    private static void step(float x, float[] b, int bOffset, float[] sums, int offset, int columns) {
        for (int j = 0; j < columns; j++) {
            sums[offset + j] = FusedMultiplyAdd.of(x, b[bOffset + j], sums[offset + j]);
        }
    }

    private static void finish(float[] sums, int offset, float[] c, int cOffset, int columns, boolean accumulate) {
        if (accumulate) {
            for (int j = 0; j < columns; j++) {
                c[cOffset + j] += sums[offset + j];
            }
        } else {
            System.arraycopy(sums, offset, c, cOffset, columns);
        }
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
            int stepTo,
            float[] b, int bOffset, int bStride, float[] c, int cOffset, int[] cRows, int from, int to,
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
        packPanel(b, bOffset, stepStride, columnStride, steps, columns, panel, panelOffset, width);
    }

    static void packPanel(float[] b, int bOffset, int stepStride, int columnStride, int steps, int columns,
            float[] panel, int panelOffset, int width) {
        for (int s = 0; s < steps; s++) {
            int from = bOffset + s * stepStride;
            int to = panelOffset + s * width;
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
    public int lineStart(float[] array) {
        return 0;
    }

    @Override
    public void warmUp() {
        WarmUp.run(this);
    }
}
