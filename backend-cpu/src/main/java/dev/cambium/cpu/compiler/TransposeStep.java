package dev.cambium.cpu.compiler;

import java.util.List;

import dev.cambium.cpu.kernels.Products;

/**
 * Brings the rows of a matrix whose columns lie side by side to lie so themselves, some of them at a time.
 *
 * @param source
 *            [1, m, n], whose row stride is 1
 * @param target
 *            [1, m, n], row-major
 */
record TransposeStep(Products products, View source, View target) implements Step {
    /** Rows that are transposed at once: what is read of each column is some cache lines. */
    private static final int ROWS = 64;

    @Override
    public String name() {
        return "transpose";
    }

    @Override
    public List<View> reads() {
        return List.of(source);
    }

    @Override
    public List<View> writes() {
        return List.of(target);
    }

    @Override
    public int units() {
        return Math.ceilDiv(source.shape().dim(1), ROWS);
    }

    @Override
    public void run(int from, int to, int part, Lane lane) {
        int columns = source.shape().dim(2);
        int first = from * ROWS;
        int rows = Math.min(to * ROWS, source.shape().dim(1)) - first;
        products.pack(source.storage().floats(), lane.at(source) + first, 1, source.strides()[2], rows, columns,
                target.storage().floats(), lane.at(target) + first * columns, columns);
    }

    @Override
    public String toString() {
        return name() + " " + source + " → " + target;
    }
}
