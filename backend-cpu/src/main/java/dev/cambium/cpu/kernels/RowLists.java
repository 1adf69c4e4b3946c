package dev.cambium.cpu.kernels;

/**
 * The entries of a matrix, which are its elements that are not zero, listed row by row. NaN is an entry.
 *
 * <p>Columns are cut into pieces, and rows into groups. Each piece of each row has a list; the lists of a group follow each other, all
 * rows' first pieces before their second ones, since products take a piece at a time. Lists are two arrays: the values, of which each
 * group has room for all of its own; and numbers, of which the first say for each group where in its values each list begins and the last
 * one ends, the next are the entries' columns, again with room for all, and the last how many entries each part has. Parts, which are
 * groups that follow each other, can be made in any order and on any thread. Entries are counted first, since lists that nothing will
 * use take longer than counting does.
 *
 * @param rows rows of the matrix
 * @param columns columns of the matrix
 * @param group rows of a group; the last one may have fewer
 * @param pieces pieces that the columns are cut into
 */
public record RowLists(int rows, int columns, int group, int pieces) {
    /**
     * Up to this share of entries lists are faster than dense tiles. Measured for a product of 50 by 3,136 by 1,000 where a processor has
     * two 512-bit multiply-adds a cycle, with the lists' making: 0.6 of the dense product's time at 0.16, 0.9 at 0.35, 1.1 at 0.5.
     */
    private static final double DENSEST = 0.4;

    /** The rows of a panel of 8 vectors that are 32 KB, which fits the first-level cache: short lists cost less than loads from afar. */
    static final int LONGEST_PIECE = 64;

    /** Rows whose lists of a piece are a few cache lines, so that reading them one after the other pays. */
    private static final int ROWS_BY_PIECE = 8;

    private static final int MOST_PARTS = 32;

    /** Returns lists of short pieces, for an {@link EntriesProduct}. */
    public static RowLists byPiece(int rows, int columns) {
        return new RowLists(rows, columns, ROWS_BY_PIECE, Math.ceilDiv(columns, LONGEST_PIECE));
    }

    /** Returns lists of each row apart, for products that take some rows at a time, as {@link RowsProduct} does. */
    public static RowLists byRow(int rows, int columns) {
        return new RowLists(rows, columns, 1, Math.max(1, Math.ceilDiv(columns, LONGEST_PIECE)));
    }

    /** Returns the number of parts. */
    public int parts() {
        return Math.min(MOST_PARTS, groups());
    }

    private int firstGroup(int part) {
        return (int) ((long) groups() * part / parts());
    }

    /** Returns the number of groups. */
    int groups() {
        return Math.ceilDiv(rows, group);
    }

    /** Returns the rows that a group has. */
    int rowsOf(int index) {
        return Math.min(group, rows - index * group);
    }

    /** Returns the first column of a piece; that of {@link #pieces()} is the end of all. */
    int piece(int piece) {
        return (int) ((long) columns * piece / pieces);
    }

    /** Returns the floats of scratch that each running part needs. */
    public int scratch() {
        return Math.ceilDiv(groups(), parts()) * room();
    }

    /** Returns the floats that the values take. */
    public int values() {
        return rows * columns;
    }

    /** Returns the integers that the numbers take. */
    public int numbers() {
        return counts() + parts();
    }

    /** Returns where the columns of the entries begin. */
    int entries() {
        return groups() * starts();
    }

    private int counts() {
        return entries() + rows * columns;
    }

    /** Returns the numbers of a group that say where its lists begin: one more than there are lists. */
    int starts() {
        return group * pieces + 1;
    }

    /** Returns how far the values of a group, and the columns, are from those of the next. */
    int room() {
        return group * columns;
    }

    /**
     * Counts the entries of a part.
     *
     * @param products the loops to use
     * @param part which one, from 0 to {@link #parts()} − 1
     * @param a array of the matrix
     * @param aOffset where it begins
     * @param layout how it lies, with one of its strides 1
     * @return how many there are
     */
    public int count(Products products, int part, float[] a, int aOffset, Matmul.Layout layout) {
        int first = firstGroup(part) * group;
        int count = Math.min(rows, firstGroup(part + 1) * group) - first;
        int at = aOffset + first * layout.rowStride();
        boolean sideBySide = layout.columnStride() == 1;
        int stride = sideBySide ? layout.rowStride() : layout.columnStride();
        int total = 0;
        for (int run = 0; run < (sideBySide ? count : columns); run++) {
            total += products.count(a, at + run * stride, sideBySide ? columns : count);
        }
        return total;
    }

    /**
     * Makes the lists of a part, unless there are so many entries in all that nothing will use them.
     *
     * @param products the loops to use
     * @param part which one, from 0 to {@link #parts()} − 1
     * @param a array of the matrix
     * @param aOffset where it begins
     * @param layout how it lies
     * @param counts array of what {@link #count} returned for each part
     * @param countsOffset where that begins
     * @param values array of the entries' values
     * @param valuesOffset where they begin
     * @param numbers array of the numbers
     * @param numbersOffset where they begin
     * @param scratch array of the scratch, {@link #scratch()} floats that no other running part uses
     * @param scratchOffset where the scratch begins
     */
    public void make(Products products, int part, float[] a, int aOffset, Matmul.Layout layout, int[] counts,
            int countsOffset, float[] values,
            int valuesOffset, int[] numbers, int numbersOffset, float[] scratch, int scratchOffset) {
        numbers[numbersOffset + counts() + part] = counts[countsOffset + part];
        if (!pay(sum(counts, countsOffset))) {
            return;
        }
        int first = firstGroup(part);
        int last = firstGroup(part + 1);
        int firstRow = first * group;
        boolean sideBySide = layout.columnStride() == 1;
        if (!sideBySide) {
            products.pack(a, aOffset + firstRow * layout.rowStride(), layout.rowStride(), layout.columnStride(),
                    Math.min(rows, last * group) - firstRow, columns, scratch, scratchOffset, columns);
        }
        for (int index = first; index < last; index++) {
            int row = index * group;
            int from = sideBySide ? aOffset + row * layout.rowStride() : scratchOffset + (row - firstRow) * columns;
            make(products, index, sideBySide ? a : scratch, from,
                    sideBySide ? layout.rowStride() : columns, values, valuesOffset + index * room(), numbers,
                    numbersOffset + index * starts(), numbersOffset + entries() + index * room());
        }
    }

    private void make(Products products, int index, float[] a, int aOffset, int rowStride, float[] values,
            int valuesOffset, int[] numbers, int starts, int entries) {
        int count = 0;
        int list = starts;
        for (int piece = 0; piece < pieces; piece++) {
            for (int row = 0; row < rowsOf(index); row++) {
                numbers[list++] = count;
                count += products.list(a, aOffset + row * rowStride, piece(piece), piece(piece + 1), values,
                        valuesOffset + count, numbers, entries + count);
            }
        }
        numbers[list] = count;
    }

    /** Returns the entries that one piece of some rows has, of lists by row. */
    int count(int row, int count, int piece, int[] numbers, int numbersOffset) {
        int sum = 0;
        for (int at = numbersOffset + row * starts() + piece, i = 0; i < count; i++, at += starts()) {
            sum += numbers[at + 1] - numbers[at];
        }
        return sum;
    }

    /** Returns whether there are so few entries in all that visiting them alone is faster. */
    boolean pay(int[] numbers, int numbersOffset) {
        return pay(sum(numbers, numbersOffset + counts()));
    }

    private boolean pay(long entries) {
        return entries <= DENSEST * rows * columns;
    }

    /** Returns the share of elements that a product visits: that of entries, or all where they are too many. */
    public double density(int[] numbers, int numbersOffset) {
        return pay(numbers, numbersOffset) ? (double) sum(numbers, numbersOffset + counts()) / ((long) rows * columns)
                : 1;
    }

    private long sum(int[] counts, int countsOffset) {
        long sum = 0;
        for (int part = 0; part < parts(); part++) {
            sum += counts[countsOffset + part];
        }
        return sum;
    }
}
