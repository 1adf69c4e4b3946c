package dev.cambium.cpu.kernels;

import java.util.Arrays;

/**
 * A product C = D·Aᵀ that is wanted only where another matrix X of its shape has entries; elsewhere it is zero. A's rows, for which C's
 * columns stand, are taken some at a time, and D's rows are {@linkplain PackedFactor packed}. Each element is a sum of sixteen sums
 * of every sixteenth product.
 */
public final class SampledProduct {
    private static final int AT_ONCE = 24;
    private static final int SUMS = 16;

    private final PackedFactor packedFactor;
    private final Products products;
    private final int aStride;
    private final int cRowStride;
    private final int[] everything;

    /**
     * Prepares a product.
     *
     * @param packedFactor D
     * @param aStride from one row of A to the next; the elements of a row lie side by side
     * @param cRowStride from one row of C to the next; the elements of a row lie side by side
     */
    public SampledProduct(PackedFactor packedFactor, int aStride, int cRowStride) {
        this.packedFactor = packedFactor;
        products = packedFactor.products();
        this.aStride = aStride;
        this.cRowStride = cRowStride;
        everything = new int[2 + packedFactor.steps()];
        everything[1] = packedFactor.steps();
        for (int i = 0; i < packedFactor.steps(); i++) {
            everything[2 + i] = i;
        }
    }

    /** Returns the floats of scratch that each running part needs. */
    public int scratch() {
        return AT_ONCE * (packedFactor.width() + packedFactor.steps() * SUMS);
    }

    /**
     * Computes columns of C; all of their elements where there are too many entries, or A's rows or D are not
     * {@linkplain Products#moderate moderate}, since zero times what is infinite or NaN is not zero. Allocates nothing.
     *
     * @param columnFrom first column of C
     * @param columnTo end of the columns
     * @param lists of Xᵀ
     * @param numbers array of the lists' numbers
     * @param numbersOffset where they begin
     * @param a A's array
     * @param aOffset where A begins
     * @param packed array of the packed D
     * @param packedOffset where it begins
     * @param c C's array
     * @param cOffset where C begins
     * @param scratch array of the scratch, {@link #scratch()} floats that no other running part uses
     * @param scratchOffset where the scratch begins
     */
    public void run(int columnFrom, int columnTo, RowLists lists, int[] numbers, int numbersOffset, float[] a,
            int aOffset, float[] packed, int packedOffset, float[] c, int cOffset, float[] scratch, int scratchOffset) {
        boolean few = lists.pay(numbers, numbersOffset);
        for (int panel = 0; few && panel < packedFactor.panels(); panel++) {
            few = packedFactor.isModerate(panel, packed, packedOffset);
        }
        for (int row = columnFrom; row < columnTo; row += AT_ONCE) {
            int rows = Math.min(AT_ONCE, columnTo - row);
            int from = aOffset + row * aStride;
            int to = cOffset + row;
            if (few && products.moderate(a, from, rows, aStride, packedFactor.columns())) {
                for (int i = 0; i < packedFactor.steps(); i++) {
                    int start = to + i * cRowStride;
                    Arrays.fill(c, start, start + rows, 0);
                }
                block(rows, numbers, numbersOffset + row * lists.starts(), lists.starts(), lists.pieces(),
                        numbersOffset + lists.entries() + row * lists.columns(), lists.columns(), a, from, packed,
                        packedOffset, c, to, scratch, scratchOffset);
            } else {
                block(rows, everything, 0, 0, 1, 2, 0, a, from, packed, packedOffset, c, to, scratch, scratchOffset);
            }
        }
    }

    /** Some rows of A; the lists begin with the first one's. */
    private void block(int rows, int[] numbers, int starts, int startsStride, int pieces, int entries,
            int entriesStride, float[] a, int aOffset, float[] packed, int packedOffset, float[] c, int cOffset,
            float[] scratch, int scratchOffset) {
        int sums = scratchOffset + AT_ONCE * packedFactor.width();
        for (int panel = 0; panel < packedFactor.panels(); panel++) {
            int width = packedFactor.width();
            int columns = packedFactor.columns(panel);
            boolean whole = columns == width;
            for (int i = 0; !whole && i < rows; i++) {
                int at = scratchOffset + i * width;
                System.arraycopy(a, aOffset + i * aStride + panel * width, scratch, at, columns);
                Arrays.fill(scratch, at + columns, at + width, 0);
            }
            products.sampledDots(numbers, starts, startsStride, pieces, entries, entriesStride, 0, rows,
                    whole ? a : scratch,
                    whole ? aOffset + panel * width : scratchOffset, whole ? aStride : width, packed,
                    packedOffset + packedFactor.panel(panel), width, width, scratch, sums, panel > 0);
        }
        int at = sums;
        for (int i = 0; i < rows; i++) {
            int end = numbers[starts + i * startsStride + pieces];
            for (int e = numbers[starts + i * startsStride]; e < end; e++, at += SUMS) {
                int row = numbers[entries + i * entriesStride + e];
                c[cOffset + row * cRowStride + i] = total(scratch, at);
            }
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
