package dev.cambium.cpu.kernels;

/**
 * A batched matrix product C[b] = A[b]·B[b] of fixed shapes, cut into parts that may run in any order and on any thread.
 * Operands are read where they lie, transposed or not; each part packs what it needs of B into scratch that the caller
 * gives it. The cut depends on the shapes alone and every element of C belongs to one part, which sums it in the order of
 * the inner index: the result's bits don't depend on how parts are run.
 */
public final class Matmul {
    /**
     * Where a matrix lies in its array: element (i, j) of matrix b is at {@code offset + b * batchStride + i * rowStride +
     * j * columnStride}. The product is fastest where one of the two inner strides is 1.
     *
     * @param rowStride from one row to the next
     * @param columnStride from one column to the next
     * @param batchStride from one matrix of the batch to the next; 0 uses the same one for the whole batch
     */
    public record Layout(int rowStride, int columnStride, int batchStride) {
        /** Returns the layout of dense row-major matrices that follow each other. */
        public static Layout rowMajor(int rows, int columns) {
            return new Layout(columns, 1, rows * columns);
        }

        /** Returns this layout with rows and columns exchanged. */
        public Layout transposed() {
            return new Layout(columnStride, rowStride, batchStride);
        }
    }

    /**
     * The elements of C that one part computes.
     *
     * @param batchFrom first matrix of the batch
     * @param batchTo end of the matrices
     * @param rowFrom first row in each
     * @param rowTo end of the rows
     * @param columnFrom first column in each
     * @param columnTo end of the columns
     */
    public record Block(int batchFrom, int batchTo, int rowFrom, int rowTo, int columnFrom, int columnTo) {}

    /** Steps of the inner index that all rows do before the next: a wide panel of them is 128 KB and stays in L2. */
    private static final int STEPS = 512;
    private static final int MAX_PANELS = 4;
    private static final int MAX_ROWS = 252;
    /**
     * Rows below which packing B again for each part costs more than a part is worth. From there on it pays even where B could be read in place,
     * since its rows may be pages apart: looking those up, and lines that take each other's place in the cache, have cost up to half of the time.
     */
    private static final int MIN_ROWS = 96;
    private static final int WANTED_PARTS = 32;
    /** Multiply-adds below which a part isn't worth handing to a thread. */
    private static final long MIN_WORK = 1 << 18;

    private final Products products;
    private final Panels panels;
    private final int inner;
    private final Layout a;
    private final Layout b;
    private final Layout c;
    private final int[] aRows;
    private final Steps aSteps;
    private final int[] cRows;
    private final int[] rowCuts;
    private final int[] columnCuts;
    private final int[] batchCuts;

    /**
     * Prepares a product.
     *
     * @param products the loops to run it with
     * @param batch number of matrices, 0 or more
     * @param rows rows of A and C, 0 or more
     * @param columns columns of B and C, 0 or more
     * @param inner columns of A and rows of B, 0 or more; with 0 the product is zero
     * @param a where A lies, a matrix of rows × inner
     * @param b where B lies, a matrix of inner × columns
     * @param c where C lies, a matrix of rows × columns whose column stride is 1
     */
    public Matmul(Products products, int batch, int rows, int columns, int inner, Layout a, Layout b, Layout c) {
        if (c.columnStride() != 1) {
            throw new IllegalArgumentException("the result's column stride must be 1, not " + c.columnStride());
        }
        this.products = products;
        this.panels = products.panels();
        this.inner = inner;
        this.a = a;
        this.b = b;
        this.c = c;
        aRows = Products.offsets(rows, a.rowStride());
        aSteps = Steps.apart(inner, a.columnStride());
        cRows = Products.offsets(rows, c.rowStride());

        long work = (long) batch * rows * columns * Math.max(1, inner);
        int wanted = (int) Math.min(WANTED_PARTS, Math.ceilDiv(work, MIN_WORK));
        int batchParts = Math.min(batch, wanted);
        batchCuts = evenCuts(batch, batchParts, 1);
        wanted = Math.ceilDiv(wanted, Math.max(1, batchParts));
        int panelCount = panels.count(columns);
        int columnParts = Math.max(Math.ceilDiv(panelCount, MAX_PANELS), Math.min(panelCount, wanted));
        columnCuts = evenCuts(columns, columnParts, panels.wide());
        wanted = Math.ceilDiv(wanted, Math.max(1, columnParts));
        int rowParts = Math.max(Math.ceilDiv(rows, MAX_ROWS), Math.min(rows / MIN_ROWS, wanted));
        rowCuts = evenCuts(rows, rowParts, 6);
    }

    /** Cuts a range into about {@code parts} nearly equal pieces whose lengths are multiples of {@code unit}, but the last. */
    private static int[] evenCuts(int length, int parts, int unit) {
        if (length == 0) {
            return new int[1];
        }
        int units = Math.ceilDiv(length, unit);
        int[] cuts = new int[Math.clamp(parts, 1, units) + 1];
        int pieces = cuts.length - 1;
        for (int i = 0; i <= pieces; i++) {
            cuts[i] = (int) Math.min(length, (long) units * i / pieces * unit);
        }
        return cuts;
    }

    /** Returns the number of parts; 0 if C is empty. */
    public int parts() {
        return (batchCuts.length - 1) * (rowCuts.length - 1) * (columnCuts.length - 1);
    }

    /** Returns what a part computes. Parts that follow each other share rows before they share columns. */
    public Block block(int part) {
        int columnParts = columnCuts.length - 1;
        int rowParts = rowCuts.length - 1;
        int columnPart = part % columnParts;
        int rowPart = part / columnParts % rowParts;
        int batchPart = part / columnParts / rowParts;
        return new Block(batchCuts[batchPart], batchCuts[batchPart + 1], rowCuts[rowPart], rowCuts[rowPart + 1],
                columnCuts[columnPart], columnCuts[columnPart + 1]);
    }

    /** Returns the floats of scratch that each running part needs. */
    public int scratch() {
        return panel() + products.edgeScratch();
    }

    private int panel() {
        return Math.min(STEPS, inner) * panels.wide();
    }

    /**
     * Computes one part: C = A·B there, or C += A·B. Allocates nothing.
     *
     * @param part which one, from 0 to {@link #parts()} − 1
     * @param left A's array
     * @param aOffset where A begins
     * @param right B's array
     * @param bOffset where B begins
     * @param result C's array; C must overlap neither A nor B
     * @param cOffset where C begins
     * @param accumulate whether to add to what C holds
     * @param scratch array of the scratch, {@link #scratch()} floats that no other running part uses
     * @param scratchOffset where the scratch begins; fastest on a boundary of {@link Alignment}
     */
    public void run(int part, float[] left, int aOffset, float[] right, int bOffset, float[] result, int cOffset,
            boolean accumulate, float[] scratch, int scratchOffset) {
        int columnParts = columnCuts.length - 1;
        int rowParts = rowCuts.length - 1;
        int columnPart = part % columnParts;
        int rowPart = part / columnParts % rowParts;
        int batchPart = part / columnParts / rowParts;
        for (int i = batchCuts[batchPart]; i < batchCuts[batchPart + 1]; i++) {
            block(rowCuts[rowPart], rowCuts[rowPart + 1], columnCuts[columnPart], columnCuts[columnPart + 1],
                    left, aOffset + i * a.batchStride(), right, bOffset + i * b.batchStride(),
                    result, cOffset + i * c.batchStride(), accumulate, scratch, scratchOffset);
        }
    }

    /**
     * Computes one whole matrix of the batch. Allocates nothing.
     *
     * @param left A's array
     * @param aOffset where this matrix of A begins
     * @param right B's array
     * @param bOffset where that of B begins
     * @param result C's array
     * @param cOffset where that of C begins
     * @param scratch array of the scratch, as for {@link #run}
     * @param scratchOffset where the scratch begins
     */
    public void runMatrix(float[] left, int aOffset, float[] right, int bOffset, float[] result, int cOffset,
            float[] scratch, int scratchOffset) {
        block(0, rowCuts[rowCuts.length - 1], 0, columnCuts[columnCuts.length - 1], left, aOffset, right, bOffset,
                result, cOffset, false, scratch, scratchOffset);
    }

    private void block(int rowFrom, int rowTo, int columnFrom, int columnTo, float[] left, int aOffset, float[] right,
            int bOffset, float[] result, int cOffset, boolean accumulate, float[] scratch, int scratchOffset) {
        int edge = scratchOffset + panel();
        int stepFrom = 0;
        do {
            int stepTo = Math.min(inner, stepFrom + STEPS);
            for (int column = columnFrom, count; column < columnTo; column += count) {
                count = panels.next(columnTo - column);
                int width = panels.width(count);
                float[] panel = right;
                int panelOffset = bOffset + stepFrom * b.rowStride() + column * b.columnStride();
                int panelStride = b.rowStride();
                if (b.columnStride() != 1 || count < width
                        || (rowTo - rowFrom >= MIN_ROWS && b.rowStride() != width)) {
                    products.pack(right, panelOffset, b.rowStride(), b.columnStride(), stepTo - stepFrom, count,
                            scratch, scratchOffset, width);
                    panel = scratch;
                    panelOffset = scratchOffset;
                    panelStride = width;
                }
                products.product(left, aOffset, aRows, rowFrom, rowTo, aSteps, stepFrom, stepTo, panel, panelOffset,
                        panelStride, result, cOffset + column, cRows, count, accumulate || stepFrom > 0, scratch, edge);
            }
            stepFrom = stepTo;
        } while (stepFrom < inner);
    }
}
