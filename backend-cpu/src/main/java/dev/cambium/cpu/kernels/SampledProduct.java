package dev.cambium.cpu.kernels;

import java.util.Arrays;

/**
 * A product C = D·Aᵀ that is wanted only where another matrix X of its shape has entries; elsewhere it is zero. A's rows, for which C's
 * columns stand, are taken some at a time. Each element is a sum of sixteen sums of every sixteenth product, or where all
 * elements are computed one by dense tiles.
 */
public final class SampledProduct {
    static final int AT_ONCE = 24;
    private static final int SUMS = 16;

    private final PackedFactor factor;
    private final Products products;
    private final int aStride;
    private final int cRowStride;
    private final RowsProduct dense;

    /**
     * Prepares a product.
     *
     * @param factor D
     * @param transposed Dᵀ, for dense tiles
     * @param aStride from one row of A to the next; the elements of a row lie side by side
     * @param cRowStride from one row of C to the next; the elements of a row lie side by side
     */
    public SampledProduct(PackedFactor factor, PackedFactor transposed, int aStride, int cRowStride) {
        this.factor = factor;
        products = factor.products();
        this.aStride = aStride;
        this.cRowStride = cRowStride;
        dense = new RowsProduct(transposed, new Matmul.Layout(aStride, 1, 0), new Matmul.Layout(1, cRowStride, 0));
    }

    /** Returns the floats of scratch that each running part needs. */
    public int scratch() {
        return Math.max(sums() + AT_ONCE * factor.steps() * SUMS, dense.scratch());
    }

    /** Where in the scratch sums are: behind a panel of A, and room for as much. */
    private int sums() {
        return 2 * AT_ONCE * factor.width();
    }

    /**
     * Computes columns of C; all of their elements where there are too many entries, or A's rows or D are not
     * {@linkplain Products#moderate moderate}, since zero times what is infinite or NaN is not zero. Allocates nothing.
     *
     * @param columnFrom first column of C
     * @param columnTo end of the columns
     * @param lists of Xᵀ, by row
     * @param numbers array of the lists' numbers
     * @param numbersOffset where they begin
     * @param a A's array
     * @param aOffset where A begins
     * @param packed array of the packed D
     * @param packedOffset where it begins
     * @param transposed array of the packed Dᵀ
     * @param transposedOffset where it begins
     * @param c C's array
     * @param cOffset where C begins
     * @param scratch array of the scratch, {@link #scratch()} floats that no other running part uses
     * @param scratchOffset where the scratch begins
     */
    public void run(int columnFrom, int columnTo, RowLists lists, int[] numbers, int numbersOffset, float[] a,
            int aOffset, float[] packed, int packedOffset, float[] transposed, int transposedOffset, float[] c,
            int cOffset, float[] scratch, int scratchOffset) {
        boolean few = areFew(lists, numbers, numbersOffset, packed, packedOffset);
        for (int row = columnFrom; row < columnTo; row += AT_ONCE) {
            int rows = Math.min(AT_ONCE, columnTo - row);
            if (few && isModerate(row, rows, a, aOffset)) {
                sparse(row, rows, lists, numbers, numbersOffset, a, aOffset, packed, packedOffset, c, cOffset, scratch,
                        scratchOffset);
            } else {
                dense(row, rows, a, aOffset, transposed, transposedOffset, c, cOffset, scratch, scratchOffset);
            }
        }
    }

    /** Returns whether there are so few entries that visiting them alone is faster, and D may be multiplied by zeros that are left out. */
    boolean areFew(RowLists lists, int[] numbers, int numbersOffset, float[] packed, int packedOffset) {
        boolean few = lists.pay(numbers, numbersOffset);
        for (int panel = 0; few && panel < factor.panels(); panel++) {
            few = factor.isModerate(panel, packed, packedOffset);
        }
        return few;
    }

    /** Reads rows of A from end to end, which brings them into the cache as fast as can be. */
    boolean isModerate(int row, int rows, float[] a, int aOffset) {
        return products.moderate(a, aOffset + row * aStride, rows, aStride, factor.columns());
    }

    /** Computes all elements of columns of C. */
    void dense(int row, int rows, float[] a, int aOffset, float[] transposed, int transposedOffset, float[] c,
            int cOffset, float[] scratch, int scratchOffset) {
        dense.run(row, row + rows, a, aOffset, transposed, transposedOffset, c, cOffset, scratch, scratchOffset);
    }

    private void sparse(int row, int rows, RowLists lists, int[] numbers, int numbersOffset, float[] a, int aOffset,
            float[] packed, int packedOffset, float[] c, int cOffset, float[] scratch, int scratchOffset) {
        for (int panel = 0; panel < factor.panels(); panel++) {
            boolean whole = panel(panel, row, rows, a, aOffset, scratch, scratchOffset);
            int at = scratchOffset + sums();
            for (int piece = 0; piece < lists.pieces(); piece++) {
                products.sampledDots(numbers, numbersOffset + lists.bounds(row, piece), lists.boundsStride(),
                        numbersOffset + lists.entries(), rows,
                        whole ? a : scratch, whole ? aOffset + row * aStride + panel * factor.width() : scratchOffset,
                        whole ? aStride : factor.width(), packed, packedOffset + factor.panel(panel), factor.width(),
                        factor.width(), scratch, at, panel > 0);
                at += SUMS * lists.count(row, rows, piece, numbers, numbersOffset);
            }
        }
        store(row, rows, lists, numbers, numbersOffset, c, cOffset, scratch, scratchOffset);
    }

    /**
     * Computes columns of C at entries alone, and beside it rows of a product of the entries with D, reading D once for both.
     *
     * @param product the other product
     * @param values array of the entries' values
     * @param valuesOffset where they begin
     * @param result the other product's array
     * @param resultOffset where it begins
     */
    void sparseWithRows(int row, int rows, RowLists lists, float[] values, int valuesOffset, int[] numbers,
            int numbersOffset, float[] a, int aOffset, float[] packed, int packedOffset, float[] c, int cOffset,
            RowsProduct product, float[] result, int resultOffset, float[] scratch, int scratchOffset) {
        int width = factor.width();
        int edge = scratchOffset + AT_ONCE * width;
        for (int panel = 0; panel < factor.panels(); panel++) {
            boolean whole = panel(panel, row, rows, a, aOffset, scratch, scratchOffset);
            int to = resultOffset + row * product.stride() + panel * width;
            int at = scratchOffset + sums();
            for (int piece = 0; piece < lists.pieces(); piece++) {
                products.sampledDotsAndRows(values, valuesOffset, numbers,
                        numbersOffset + lists.bounds(row, piece), lists.boundsStride(),
                        numbersOffset + lists.entries(), rows,
                        whole ? a : scratch, whole ? aOffset + row * aStride + panel * width : scratchOffset,
                        whole ? aStride : width, packed, packedOffset + factor.panel(panel), width, scratch, at,
                        panel > 0, whole ? result : scratch, whole ? to : edge, whole ? product.stride() : width,
                        piece > 0);
                at += SUMS * lists.count(row, rows, piece, numbers, numbersOffset);
            }
            for (int i = 0; !whole && i < rows; i++) {
                System.arraycopy(scratch, edge + i * width, result, to + i * product.stride(), factor.columns(panel));
            }
        }
        store(row, rows, lists, numbers, numbersOffset, c, cOffset, scratch, scratchOffset);
    }

    /** Returns whether a panel of A's rows can be read where it is; else it is copied, and zeros behind it. */
    private boolean panel(int panel, int row, int rows, float[] a, int aOffset, float[] scratch, int scratchOffset) {
        int width = factor.width();
        int columns = factor.columns(panel);
        for (int i = 0; columns < width && i < rows; i++) {
            int at = scratchOffset + i * width;
            System.arraycopy(a, aOffset + (row + i) * aStride + panel * width, scratch, at, columns);
            Arrays.fill(scratch, at + columns, at + width, 0);
        }
        return columns == width;
    }

    private void store(int row, int rows, RowLists lists, int[] numbers, int numbersOffset, float[] c, int cOffset,
            float[] scratch, int scratchOffset) {
        for (int n = 0; n < factor.steps(); n++) {
            int start = cOffset + n * cRowStride + row;
            Arrays.fill(c, start, start + rows, 0);
        }
        int at = scratchOffset + sums();
        for (int piece = 0; piece < lists.pieces(); piece++) {
            for (int i = row; i < row + rows; i++) {
                int start = numbers[numbersOffset + lists.bounds(i, piece)];
                int count = lists.count(i, 1, piece, numbers, numbersOffset);
                storeTotals(scratch, at, numbers, numbersOffset + lists.entries() + start, count, c,
                        cOffset + i, cRowStride);
                at += count * SUMS;
            }
        }
    }

    /** Stores for each entry of a column of C the total of its sums. */
    static void storeTotals(float[] sums, int sumsOffset, int[] rows, int rowsOffset, int count, float[] c, int cOffset,
            int cRowStride) {
        for (int e = 0; e < count; e++) {
            c[cOffset + rows[rowsOffset + e] * cRowStride] = total(sums, sumsOffset + e * SUMS);
        }
    }

    private static float total(float[] s, int at) {
        float a = s[at] + s[at + 8] + (s[at + 4] + s[at + 12]);
        float b = s[at + 1] + s[at + 9] + (s[at + 5] + s[at + 13]);
        float c = s[at + 2] + s[at + 10] + (s[at + 6] + s[at + 14]);
        float d = s[at + 3] + s[at + 11] + (s[at + 7] + s[at + 15]);
        return a + c + (b + d);
    }
}
