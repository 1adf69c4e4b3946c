package dev.cambium.cpu.kernels;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op;

/**
 * A product C = A·B that visits A's entries alone. Rows of B are taken in pieces that the second-level cache holds, and where they lie
 * row by row they are read from memory just once, in that order. Parts are of B's rows, and of its columns where there are few
 * rows; each part has sums of its own, which lie panel by panel and which {@link #join} adds in the order of the parts.
 */
public final class EntriesProduct {
    /** Parts that are wanted: sums take room for each, and are all read again. */
    private static final int WANTED_PARTS = 8;
    /** Floats that all sums may take beside those of one part: they should stay in the second-level caches. */
    private static final int MOST_SUMS = 1 << 20;
    /** Multiply-adds below which making lists isn't worth it. */
    private static final long MIN_WORK = 1 << 20;
    /**
     * Rows of A from which copying a piece of B costs less than reading rows of it that don't begin on cache lines. At 1,000 rows the
     * product takes 0.8 of the time with the copy, at 50 as much as without.
     */
    private static final int FEWEST_PACKED = 100;

    private final Products products;
    private final RowLists lists;
    private final int columns;
    private final Matmul.Layout b;
    private final int width;
    private final int rowParts;
    private final int columnParts;
    private final int[] aRows;
    private final Steps aSteps;
    private final int[] sumRows;

    /**
     * Prepares a product.
     *
     * @param products the loops to use
     * @param lists A's lists, by piece
     * @param columns columns of B
     * @param a where A lies
     * @param b where B lies
     */
    public EntriesProduct(Products products, RowLists lists, int columns, Matmul.Layout a, Matmul.Layout b) {
        this.products = products;
        this.lists = lists;
        this.columns = columns;
        this.b = b;
        width = 8 * products.lanes();
        long sums = (long) lists.rows() * panels() * width;
        rowParts = Math.clamp(MOST_SUMS / sums, 1, Math.min(lists.pieces(), WANTED_PARTS));
        columnParts = Math.min(panels(), Math.ceilDiv(WANTED_PARTS, rowParts));
        aRows = Products.offsets(lists.rows(), a.rowStride());
        aSteps = Steps.apart(lists.columns(), a.columnStride());
        sumRows = Products.offsets(lists.rows(), width);
    }

    /** Returns whether lists of A's entries can gain anything: for one large product with columns enough to fill vectors. */
    public static boolean pays(Products products, int batch, int rows, int columns, int inner) {
        return batch == 1 && columns >= 8 * products.lanes() && (long) rows * columns * inner >= MIN_WORK
                && 3L * rows * (inner + 1) <= Integer.MAX_VALUE
                && (long) rows * (columns + 8L * products.lanes()) <= Integer.MAX_VALUE;
    }

    private int panels() {
        return Math.ceilDiv(columns, width);
    }

    /** The floats that the sums of a panel take. */
    private int panelSums() {
        return lists.rows() * width;
    }

    /** Returns the number of parts. */
    public int parts() {
        return rowParts * columnParts;
    }

    /** Returns the floats that all sums take. */
    public int sums() {
        return rowParts * panels() * panelSums();
    }

    /** Returns the floats of scratch that each running part needs. */
    public int scratch() {
        return panel() + products.edgeScratch();
    }

    private int panel() {
        return RowLists.LONGEST_PIECE * width;
    }

    /**
     * Computes the sums of one part. Where there are too many entries, or a piece of B isn't {@linkplain Products#moderate moderate},
     * since zero times what is not finite is not zero, it takes the dense tiles. Allocates nothing.
     *
     * @param part which one
     * @param values array of the entries' values
     * @param valuesOffset where they begin
     * @param numbers array of the lists' numbers
     * @param numbersOffset where they begin
     * @param left A's array
     * @param aOffset where A begins
     * @param right B's array
     * @param bOffset where B begins
     * @param sums array of the sums
     * @param sumsOffset where they begin
     * @param scratch array of the scratch, {@link #scratch()} floats that no other running part uses
     * @param scratchOffset where the scratch begins; fastest on a boundary of {@link Alignment}
     */
    public void run(int part, float[] values, int valuesOffset, int[] numbers, int numbersOffset, float[] left,
            int aOffset, float[] right, int bOffset, float[] sums, int sumsOffset, float[] scratch,
            int scratchOffset) {
        int rowPart = part / columnParts;
        int columnPart = part % columnParts;
        int sum = sumsOffset + rowPart * panels() * panelSums();
        int firstPiece = lists.pieces() * rowPart / rowParts;
        int lastPiece = lists.pieces() * (rowPart + 1) / rowParts;
        int firstPanel = panels() * columnPart / columnParts;
        int lastPanel = panels() * (columnPart + 1) / columnParts;
        boolean few = lists.pay(numbers, numbersOffset);
        for (int piece = firstPiece; piece < lastPiece; piece++) {
            boolean sparse = few && isModerate(piece, firstPanel, lastPanel, right, bOffset);
            for (int panel = firstPanel; panel < lastPanel; panel++) {
                block(piece, panel, piece > firstPiece, sparse, values, valuesOffset, numbers, numbersOffset, left,
                        aOffset, right, bOffset, sums, sum + panel * panelSums(), scratch, scratchOffset);
            }
        }
    }

    /** Reads the piece along its rows, which brings it into the cache as fast as can be. */
    private boolean isModerate(int piece, int firstPanel, int lastPanel, float[] right, int bOffset) {
        int steps = lists.piece(piece + 1) - lists.piece(piece);
        int count = Math.min(columns, lastPanel * width) - firstPanel * width;
        int at = bOffset + lists.piece(piece) * b.rowStride() + firstPanel * width * b.columnStride();
        return b.columnStride() == 1 ? products.moderate(right, at, steps, b.rowStride(), count)
                : products.moderate(right, at, count, b.columnStride(), steps);
    }

    private void block(int piece, int panel, boolean accumulate, boolean sparse, float[] values, int valuesOffset,
            int[] numbers, int numbersOffset, float[] left, int aOffset, float[] right, int bOffset, float[] sums,
            int sum, float[] scratch, int scratchOffset) {
        int from = lists.piece(piece);
        int to = lists.piece(piece + 1);
        int count = Math.min(width, columns - panel * width);
        int at = bOffset + from * b.rowStride() + panel * width * b.columnStride();
        boolean inPlace = b.columnStride() == 1 && count == width && lists.rows() < FEWEST_PACKED;
        if (!inPlace) {
            products.pack(right, at, b.rowStride(), b.columnStride(), to - from, count, scratch, scratchOffset, width);
        }
        float[] source = inPlace ? right : scratch;
        int sourceAt = inPlace ? at : scratchOffset;
        int stride = inPlace ? b.rowStride() : width;
        if (sparse) {
            for (int group = 0; group < lists.groups(); group++) {
                products.sparseRows(values, valuesOffset, numbers, numbersOffset + lists.bounds(group, piece),
                        lists.boundsStride(), numbersOffset + lists.entries(), lists.rowsOf(group), source,
                        sourceAt - from * stride, stride, sums, sum + sumRows[group * lists.group()], sumRows, width,
                        accumulate);
            }
        } else {
            int wide = products.panels().wide();
            for (int j = 0; j < width; j += wide) {
                products.product(left, aOffset, aRows, 0, lists.rows(), aSteps, from, to, source, sourceAt + j, stride,
                        sums, sum + j, sumRows, Math.min(wide, width - j), accumulate, scratch,
                        scratchOffset + panel());
            }
        }
    }

    /**
     * Adds the parts' sums to those of the first, and copies them to some rows of C.
     *
     * @param rowFrom first row
     * @param rowTo end of the rows
     * @param sums array of the sums
     * @param sumsOffset where they begin
     * @param c C's array
     * @param cOffset where C begins
     * @param cStride from one row of C to the next; the elements of a row lie side by side
     */
    public void join(int rowFrom, int rowTo, float[] sums, int sumsOffset, float[] c, int cOffset, int cStride) {
        for (int panel = 0; panel < panels(); panel++) {
            int from = sumsOffset + panel * panelSums() + sumRows[rowFrom];
            for (int part = 1; part < rowParts; part++) {
                Elementwise.binary(Op.BinaryKind.ADD, DType.FLOAT32, sums, from, 1, sums,
                        from + part * panels() * panelSums(), 1, sums, from, (rowTo - rowFrom) * width);
            }
            int count = Math.min(width, columns - panel * width);
            for (int row = rowFrom; row < rowTo; row++) {
                System.arraycopy(sums, from + (row - rowFrom) * width, c, cOffset + row * cStride + panel * width,
                        count);
            }
        }
    }
}
