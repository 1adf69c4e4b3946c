package dev.cambium.cpu.kernels;

/**
 * A product C = A·B with a {@linkplain PackedFactor packed} right factor, of which some rows at a time can be computed, on any thread,
 * while what reads them goes on with them in the cache. Every element is summed in the order of the steps, whatever rows are
 * computed at once.
 */
public final class RowsProduct {
    /** A multiple of the dense tiles' height. */
    private static final int AT_ONCE = 84;
    /** Steps after which a dense sum is added to what was summed before, as in {@link Matmul}. */
    private static final int STEPS = 512;

    private final PackedFactor right;
    private final Products products;
    private final Matmul.Layout a;
    private final Matmul.Layout c;
    /** From one row of what is computed to the next: of C, or where C's columns do not lie side by side of scratch. */
    private final int stride;
    private final int[] aRows;
    private final Steps aSteps;
    private final int[] rowsAtOnce;
    private final int[] edgeRows;

    /**
     * Prepares a product.
     *
     * @param right B
     * @param a where A lies
     * @param c where C lies
     */
    public RowsProduct(PackedFactor right, Matmul.Layout a, Matmul.Layout c) {
        this.right = right;
        products = right.products();
        this.a = a;
        this.c = c;
        stride = isInPlace() ? c.rowStride() : Alignment.roundUp(right.columns());
        aRows = Products.offsets(AT_ONCE, a.rowStride());
        aSteps = Steps.apart(right.steps(), a.columnStride());
        rowsAtOnce = Products.offsets(AT_ONCE, stride);
        edgeRows = Products.offsets(AT_ONCE, right.width());
    }

    private boolean isInPlace() {
        return c.columnStride() == 1;
    }

    /** Returns how far a row of C is from the next, which lie side by side. */
    int stride() {
        return stride;
    }

    /** Returns the floats of scratch that each running part needs. */
    public int scratch() {
        return edge() + Math.max(products.edgeScratch(), AT_ONCE * right.width());
    }

    /** Where in the scratch there is room for the edge of a panel: behind rows that cannot be computed in place. */
    private int edge() {
        return isInPlace() ? 0 : AT_ONCE * stride;
    }

    /**
     * Computes rows. Allocates nothing.
     *
     * @param rowFrom first row
     * @param rowTo end of the rows
     * @param left A's array
     * @param aOffset where A begins
     * @param packed array of the packed B
     * @param packedOffset where it begins
     * @param result C's array
     * @param cOffset where C begins
     * @param scratch array of the scratch, {@link #scratch()} floats that no other running part uses
     * @param scratchOffset where the scratch begins
     */
    public void run(int rowFrom, int rowTo, float[] left, int aOffset, float[] packed, int packedOffset, float[] result,
            int cOffset, float[] scratch, int scratchOffset) {
        for (int row = rowFrom; row < rowTo; row += AT_ONCE) {
            int rows = Math.min(AT_ONCE, rowTo - row);
            for (int panel = 0; panel < right.panels(); panel++) {
                dense(panel, row, rows, left, aOffset, packed, packedOffset, isInPlace() ? result : scratch,
                        isInPlace() ? cOffset + row * stride : scratchOffset, scratch, scratchOffset + edge());
            }
            store(row, rows, result, cOffset, scratch, scratchOffset);
        }
    }

    private void dense(int panel, int row, int rows, float[] left, int aOffset, float[] packed, int packedOffset,
            float[] target, int targetOffset, float[] scratch, int scratchOffset) {
        int from = aOffset + row * a.rowStride();
        int to = targetOffset + panel * right.width();
        int wide = products.panels().wide();
        for (int j = 0; j < right.columns(panel); j += wide) {
            for (int step = 0; step < right.steps(); step += STEPS) {
                products.product(left, from, aRows, 0, rows, aSteps, step, Math.min(right.steps(), step + STEPS),
                        packed, packedOffset + right.panel(panel) + step * right.width() + j, right.width(), target,
                        to + j, rowsAtOnce, Math.min(wide, right.columns(panel) - j), step > 0, scratch,
                        scratchOffset);
            }
        }
    }

    private void store(int row, int rows, float[] result, int cOffset, float[] scratch, int scratchOffset) {
        for (int j = 0; !isInPlace() && j < right.columns(); j++) {
            int to = cOffset + row * c.rowStride() + j * c.columnStride();
            for (int i = 0; i < rows; i++) {
                result[to + i * c.rowStride()] = scratch[scratchOffset + i * stride + j];
            }
        }
    }

    /**
     * Computes rows as {@link #run} does, but visits A's entries alone, where there are few enough of them and the panel of B is
     * {@linkplain Products#moderate moderate}.
     *
     * @param lists A's lists, by row
     * @param values array of the entries' values
     * @param valuesOffset where they begin
     * @param numbers array of the lists' numbers
     * @param numbersOffset where they begin
     */
    public void runSparse(int rowFrom, int rowTo, RowLists lists, float[] values, int valuesOffset, int[] numbers,
            int numbersOffset, float[] left, int aOffset, float[] packed, int packedOffset, float[] result, int cOffset,
            float[] scratch, int scratchOffset) {
        boolean pays = lists.pay(numbers, numbersOffset);
        for (int row = rowFrom; row < rowTo; row += AT_ONCE) {
            int rows = Math.min(AT_ONCE, rowTo - row);
            float[] target = isInPlace() ? result : scratch;
            int to = isInPlace() ? cOffset + row * stride : scratchOffset;
            for (int panel = 0; panel < right.panels(); panel++) {
                if (pays && right.isModerate(panel, packed, packedOffset)) {
                    sparse(panel, row, rows, lists, values, valuesOffset, numbers, numbersOffset, packed, packedOffset,
                            target, to, scratch, scratchOffset + edge());
                } else {
                    dense(panel, row, rows, left, aOffset, packed, packedOffset, target, to, scratch,
                            scratchOffset + edge());
                }
            }
            store(row, rows, result, cOffset, scratch, scratchOffset);
        }
    }

    private void sparse(int panel, int row, int rows, RowLists lists, float[] values, int valuesOffset, int[] numbers,
            int numbersOffset, float[] packed, int packedOffset, float[] target, int targetOffset, float[] scratch,
            int scratchOffset) {
        int to = targetOffset + panel * right.width();
        boolean whole = right.columns(panel) == right.width();
        for (int piece = 0; piece < lists.pieces(); piece++) {
            products.sparseRows(values, valuesOffset, numbers, numbersOffset + lists.bounds(row, piece),
                    lists.boundsStride(), numbersOffset + lists.entries(), rows, packed,
                    packedOffset + right.panel(panel), right.width(), whole ? target : scratch,
                    whole ? to : scratchOffset, whole ? rowsAtOnce : edgeRows, right.width(), piece > 0);
        }
        for (int i = 0; !whole && i < rows; i++) {
            System.arraycopy(scratch, scratchOffset + edgeRows[i], target, to + rowsAtOnce[i], right.columns(panel));
        }
    }
}
