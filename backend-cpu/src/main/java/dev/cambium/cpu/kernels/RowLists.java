package dev.cambium.cpu.kernels;

/**
 * The entries of a matrix, which are its elements that are not zero, as one list for each row, for {@link EntriesProduct} and {@link RowsProduct}. NaN is
 * an entry.
 *
 * <p>Columns are cut into pieces. Lists are two arrays: the values, of which each row has room for all of its own; and numbers, of
 * which the first say where in a row's list each piece begins, the next are the entries' columns, again with room for all, and the last
 * how many entries each part has. Parts, which are rows that follow each other, can be made in any order and on any thread.
 *
 * @param rows rows of the matrix
 * @param columns columns of the matrix
 */
public record RowLists(int rows, int columns) {
    /**
     * Up to this share of entries lists are faster than dense tiles. Measured for a product of 50 by 3,136 by 1,000 where a processor has
     * two 512-bit multiply-adds a cycle, with the lists' making: 0.7 of the dense product's time at 0.25, and as much at 1.
     */
    private static final double DENSEST = 0.5;

    /** The rows of a panel of 8 vectors that are 32 KB, which fits the first-level cache: short lists cost less than loads from afar. */
    static final int LONGEST_PIECE = 64;

    private static final int MOST_PARTS = 32;

    /** Returns the number of parts. */
    public int parts() {
        return Math.min(MOST_PARTS, rows);
    }

    private int firstRow(int part) {
        return (int) ((long) rows * part / parts());
    }

    /** Returns the pieces that the columns are cut into. */
    int pieces() {
        return Math.ceilDiv(columns, LONGEST_PIECE);
    }

    /** Returns the first column of a piece; that of {@link #pieces()} is the end of all. */
    int piece(int piece) {
        return (int) ((long) columns * piece / pieces());
    }

    /** Returns the floats of scratch that each running part needs. */
    public int scratch() {
        return Math.ceilDiv(rows, parts()) * columns;
    }

    /** Returns the floats that the values take. */
    public int values() {
        return rows * columns;
    }

    /** Returns the integers that the numbers take. */
    public int numbers() {
        return entries() + rows * columns + parts();
    }

    /** Returns where the columns of the entries begin. */
    int entries() {
        return rows * starts();
    }

    private int counts() {
        return entries() + rows * columns;
    }

    /** Returns the numbers of a row that say where its columns begin: one more than there are pieces. */
    int starts() {
        return pieces() + 1;
    }

    /**
     * Makes the lists of a part.
     *
     * @param products the loops to use
     * @param part which one, from 0 to {@link #parts()} − 1
     * @param a array of the matrix
     * @param aOffset where it begins
     * @param layout how it lies
     * @param values array of the entries' values
     * @param valuesOffset where they begin
     * @param numbers array of the numbers
     * @param numbersOffset where they begin
     * @param scratch array of the scratch, {@link #scratch()} floats that no other running part uses
     * @param scratchOffset where the scratch begins
     */
    public void make(Products products, int part, float[] a, int aOffset, Matmul.Layout layout, float[] values,
            int valuesOffset, int[] numbers, int numbersOffset, float[] scratch, int scratchOffset) {
        int first = firstRow(part);
        boolean sideBySide = layout.columnStride() == 1;
        if (!sideBySide) {
            products.pack(a, aOffset + first * layout.rowStride(), layout.rowStride(), layout.columnStride(),
                    firstRow(part + 1) - first, columns, scratch, scratchOffset, columns);
        }
        int entries = numbersOffset + entries();
        int total = 0;
        for (int row = first; row < firstRow(part + 1); row++) {
            int from = sideBySide ? aOffset + row * layout.rowStride() : scratchOffset + (row - first) * columns;
            int starts = numbersOffset + row * starts();
            int count = 0;
            numbers[starts] = 0;
            for (int piece = 0; piece < pieces(); piece++) {
                count += products.list(sideBySide ? a : scratch, from, piece(piece), piece(piece + 1), values,
                        valuesOffset + row * columns + count, numbers, entries + row * columns + count);
                numbers[starts + piece + 1] = count;
            }
            total += count;
        }
        numbers[numbersOffset + counts() + part] = total;
    }

    /** Returns whether there are so few entries in all that visiting them alone is faster. */
    boolean pay(int[] numbers, int numbersOffset) {
        return count(numbers, numbersOffset) <= DENSEST * rows * columns;
    }

    /** Returns the share of elements that a product visits: that of entries, or all where they are too many. */
    public double density(int[] numbers, int numbersOffset) {
        return pay(numbers, numbersOffset) ? (double) count(numbers, numbersOffset) / ((long) rows * columns) : 1;
    }

    private long count(int[] numbers, int numbersOffset) {
        long count = 0;
        for (int part = 0; part < parts(); part++) {
            count += numbers[numbersOffset + counts() + part];
        }
        return count;
    }
}
