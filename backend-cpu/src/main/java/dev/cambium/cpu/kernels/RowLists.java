package dev.cambium.cpu.kernels;

/**
 * The entries of a matrix, which are its elements that are not zero, listed row by row. NaN is an entry.
 *
 * <p>Columns are cut into pieces, and rows into groups. Each piece of each row has a list; the lists of a group follow each other, all
 * rows' first pieces before their second ones, since products take a piece at a time. Lists are two arrays: the values; and numbers, of
 * which the first are the bounds of each list, where in the values it begins and where it ends, the next are the entries' columns, and
 * the last how many entries each part has. Parts, which are groups that follow each other, can be made in any order and on any thread,
 * since entries are counted first: what nothing will use isn't listed, and entries lie side by side, which takes the fewest cache lines.
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
    private static final int LEAST_ROWS_BY_PIECE = 8;

    /** Rows whose lists of a piece are read as one stream, and whose columns still stay in the second-level cache while they are listed. */
    private static final int MOST_ROWS_BY_PIECE = 32;

    /** Groups that are wanted, for as many parts. */
    private static final int WANTED_GROUPS = 32;

    private static final int MOST_PARTS = 32;

    /** Room behind each part's entries, for what {@link Products#list} writes there: the lanes of the widest vectors there are. */
    private static final int SLACK = 64;

    /** Returns lists of short pieces, for an {@link EntriesProduct}. */
    public static RowLists byPiece(int rows, int columns) {
        int group = Math.clamp(rows / WANTED_GROUPS, LEAST_ROWS_BY_PIECE, MOST_ROWS_BY_PIECE);
        return new RowLists(rows, columns, group, Math.ceilDiv(columns, LONGEST_PIECE));
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

    private int firstRow(int part) {
        return Math.min(rows, firstGroup(part) * group);
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
        return Math.ceilDiv(groups(), parts()) * group * columns;
    }

    /** Returns the floats that the values take. */
    public int values() {
        return rows * columns + parts() * SLACK;
    }

    /** Returns the integers that the numbers take. */
    public int numbers() {
        return entriesOfParts() + parts();
    }

    /** Returns where the columns of the entries begin. */
    int entries() {
        return 2 * rows * pieces;
    }

    /** Returns where it stands how many entries each part has. */
    private int entriesOfParts() {
        return entries() + values();
    }

    /** Returns where the bounds are of a piece of a group's first row. */
    int bounds(int index, int piece) {
        return 2 * (index * group * pieces + piece * rowsOf(index));
    }

    /** Returns how far the bounds of a piece are from those of the same piece of the next row; of lists by piece, within a group. */
    int boundsStride() {
        return group == 1 ? 2 * pieces : 2;
    }

    /**
     * Returns how many counts there are: one of each row if its elements lie side by side, so that it can be made as soon as the row is there,
     * otherwise one of each part.
     */
    public int counts(Matmul.Layout layout) {
        return areSideBySide(layout) ? rows : parts();
    }

    private static boolean areSideBySide(Matmul.Layout layout) {
        return layout.columnStride() == 1;
    }

    /**
     * Counts the entries of a row or a part.
     *
     * @param products the loops to use
     * @param index which one, from 0 to {@link #counts} − 1
     * @param a array of the matrix
     * @param aOffset where it begins
     * @param layout how it lies, with one of its strides 1
     * @return how many there are
     */
    public int count(Products products, int index, float[] a, int aOffset, Matmul.Layout layout) {
        if (areSideBySide(layout)) {
            return products.count(a, aOffset + index * layout.rowStride(), columns);
        }
        int first = firstRow(index);
        int count = firstRow(index + 1) - first;
        int total = 0;
        for (int column = 0; column < columns; column++) {
            total += products.count(a, aOffset + first * layout.rowStride() + column * layout.columnStride(), count);
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
     * @param counts array of what {@link #count} returned for each row or part
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
        boolean sideBySide = areSideBySide(layout);
        int first = firstGroup(part);
        int last = firstGroup(part + 1);
        int firstRow = firstRow(part);
        int lastRow = firstRow(part + 1);
        int firstCount = sideBySide ? firstRow : part;
        int lastCount = sideBySide ? lastRow : part + 1;
        numbers[numbersOffset + entriesOfParts() + part] = Math
                .toIntExact(sum(counts, countsOffset + firstCount, lastCount - firstCount));
        if (!pay(sum(counts, countsOffset, counts(layout)))) {
            return;
        }
        int entry = part * SLACK + Math.toIntExact(sum(counts, countsOffset, firstCount));
        if (!sideBySide) {
            products.pack(a, aOffset + firstRow * layout.rowStride(), layout.rowStride(), layout.columnStride(),
                    lastRow - firstRow, columns, scratch, scratchOffset, columns);
        }
        for (int index = first; index < last; index++) {
            int row = index * group;
            int from = sideBySide ? aOffset + row * layout.rowStride() : scratchOffset + (row - firstRow) * columns;
            entry = make(products, index, entry, sideBySide ? a : scratch, from,
                    sideBySide ? layout.rowStride() : columns, values, valuesOffset, numbers, numbersOffset);
        }
    }

    /** Makes the lists of a group, whose first entry has a given place, and returns that of the next group's. */
    private int make(Products products, int index, int first, float[] a, int aOffset, int rowStride, float[] values,
            int valuesOffset, int[] numbers, int numbersOffset) {
        int entry = first;
        int bounds = numbersOffset + bounds(index, 0);
        for (int piece = 0; piece < pieces; piece++) {
            for (int row = 0; row < rowsOf(index); row++) {
                numbers[bounds++] = entry;
                entry += products.list(a, aOffset + row * rowStride, piece(piece), piece(piece + 1), values,
                        valuesOffset + entry, numbers, numbersOffset + entries() + entry);
                numbers[bounds++] = entry;
            }
        }
        return entry;
    }

    /** Returns the entries that one piece of some rows has, of lists by row. */
    int count(int row, int count, int piece, int[] numbers, int numbersOffset) {
        int sum = 0;
        for (int at = numbersOffset + bounds(row, piece), i = 0; i < count; i++, at += boundsStride()) {
            sum += numbers[at + 1] - numbers[at];
        }
        return sum;
    }

    /** Returns whether there are so few entries in all that visiting them alone is faster. */
    boolean pay(int[] numbers, int numbersOffset) {
        return pay(sum(numbers, numbersOffset + entriesOfParts(), parts()));
    }

    private boolean pay(long entries) {
        return entries <= DENSEST * rows * columns;
    }

    /** Returns the share of elements that a product visits: that of entries, or all where they are too many. */
    public double density(int[] numbers, int numbersOffset) {
        return pay(numbers, numbersOffset)
                ? (double) sum(numbers, numbersOffset + entriesOfParts(), parts()) / ((long) rows * columns)
                : 1;
    }

    private static long sum(int[] counts, int offset, int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += counts[offset + i];
        }
        return sum;
    }
}
