package dev.cambium.cpu.kernels;

import java.util.Arrays;

/**
 * The entries of a matrix, which are its elements that are not zero, as one list for each column. NaN is an entry. A matrix with
 * more entries than {@link #capacity()} gets no lists, since visiting them would take longer than a dense product.
 *
 * <p>Lists are two arrays: the values of the entries, column by column and in each by ascending rows; and numbers, of which the first
 * {@code columns + 1} say where each column's list begins, and the others are the entries' rows.
 *
 * @param rows rows of the matrix
 * @param columns columns of the matrix
 */
public record EntryLists(int rows, int columns) {
    /**
     * Up to this share of entries the lists are faster than dense tiles. Measured, with the lists' making, where a processor has two
     * 512-bit multiply-adds a cycle: even for the gradient by the input at 0.1 of entries in random places, for the one by the weights at
     * 0.25; behind a pooling, where entries are in all places alike, later.
     */
    private static final double DENSEST = 0.15;

    /** Returns how many entries there may be at most. */
    public int capacity() {
        return (int) (DENSEST * rows * columns);
    }

    /** Returns the floats that the values take. */
    public int values() {
        return capacity();
    }

    /** Returns the integers that the numbers take: those of the lists, and room to sort. */
    public int numbers() {
        return columns + 1 + 3 * capacity();
    }

    /** Returns the place of the first entry's row, relative to where the numbers begin. */
    int entries() {
        return columns + 1;
    }

    /** Returns whether there are lists: not where there are too many entries. */
    public static boolean exist(int[] numbers, int offset) {
        return numbers[offset] >= 0;
    }

    /** Returns the share of elements that are visited: that of entries, or all where there are no lists. */
    public double density(int[] numbers, int offset) {
        return exist(numbers, offset) ? (double) numbers[offset + columns] / ((long) rows * columns) : 1;
    }

    /**
     * Makes the lists.
     *
     * @param products the loops to find entries with
     * @param a array of the matrix, row-major
     * @param aOffset where it begins
     * @param values array of the entries' values
     * @param valuesOffset where they go
     * @param numbers array of the numbers
     * @param numbersOffset where they go
     */
    public void make(Products products, float[] a, int aOffset, float[] values, int valuesOffset, int[] numbers,
            int numbersOffset) {
        int count = find(products, a, aOffset, rows, numbers, numbersOffset);
        int sorted = numbersOffset + entries();
        int foundRows = sorted + capacity();
        int foundColumns = foundRows + capacity();
        int starts = numbersOffset + 1;
        // Placing the entries moves each column's start to its end, which is where the next one's list begins.
        for (int i = 0; i < count; i++) {
            int row = numbers[foundRows + i];
            int column = numbers[foundColumns + i];
            int at = numbers[starts + column]++;
            numbers[sorted + at] = row;
            values[valuesOffset + at] = a[aOffset + row * columns + column];
        }
    }

    /**
     * Makes the lists of a matrix that {@link Pooling#maxPoolScatter} spreads a smaller one to, whose elements are windows: row by row of
     * the smaller one, so that rows ascend in each column but for those of neighbouring windows.
     *
     * @param products the loops to find entries with
     * @param pooled array of the smaller matrix, row-major
     * @param pooledOffset where it begins
     * @param winners array of the winners, in the order of the smaller matrix
     * @param winnersOffset where they begin
     * @param firsts for each row of the smaller matrix the row to which a window's first place is spread
     * @param width how many rows later the place below a place is
     * @param values array of the entries' values
     * @param valuesOffset where they go
     * @param numbers array of the numbers
     * @param numbersOffset where they go
     */
    public void makeSpread(Products products, float[] pooled, int pooledOffset, float[] winners, int winnersOffset,
            int[] firsts, int width, float[] values, int valuesOffset, int[] numbers, int numbersOffset) {
        int count = find(products, pooled, pooledOffset, firsts.length, numbers, numbersOffset);
        int sorted = numbersOffset + entries();
        int foundRows = sorted + capacity();
        int foundColumns = foundRows + capacity();
        int starts = numbersOffset + 1;
        for (int i = 0; i < count; i++) {
            int window = numbers[foundRows + i];
            int column = numbers[foundColumns + i];
            int place = window * columns + column;
            int winner = (int) winners[winnersOffset + place];
            int at = numbers[starts + column]++;
            numbers[sorted + at] = firsts[window] + (winner >> 1) * width + (winner & 1);
            values[valuesOffset + at] = pooled[pooledOffset + place];
        }
    }

    /**
     * Finds the entries of a matrix and where each column's list begins, as numbers after the first, where the next one's will be.
     *
     * @return how many there are, or −1 if there are too many for lists
     */
    private int find(Products products, float[] a, int aOffset, int rowsOfA, int[] numbers, int numbersOffset) {
        int sorted = numbersOffset + entries();
        int foundRows = sorted + capacity();
        int starts = numbersOffset + 1;
        Arrays.fill(numbers, numbersOffset, sorted, 0);
        int count = products.entries(a, aOffset, rowsOfA, columns, numbers, starts, numbers, foundRows,
                foundRows + capacity(), capacity());
        if (count < 0) {
            numbers[numbersOffset] = -1;
            return -1;
        }
        int start = 0;
        for (int column = 0; column < columns; column++) {
            int length = numbers[starts + column];
            numbers[starts + column] = start;
            start += length;
        }
        return count;
    }
}
