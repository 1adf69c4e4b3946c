package dev.cambium.cpu.compiler;

import java.util.List;

import dev.cambium.cpu.kernels.Alignment;
import dev.cambium.cpu.kernels.Products;
import dev.cambium.tensor.DType;

/**
 * Brings the rows of a matrix whose columns lie side by side to lie so themselves, some of them at a time.
 *
 * @param source
 *            [1, m, n], whose row stride is 1
 * @param target
 *            [1, m, n], row-major
 */
record TransposeStep(Products products, View source, View target) implements Step {
    /** Elements that don't stay in the first-level cache. */
    private static final int LARGE = 1 << 14;
    /** Columns of the product from which on all of its left factor is read several times. */
    private static final int WIDE = 64;
    /** Rows that are transposed at once: what is read of each column is a cache line. */
    private static final int ROWS = Alignment.LINE;

    /**
     * Whether a left factor whose columns lie side by side, [1, m, k], should be brought to lie row by row first: a product's tiles then find its
     * elements in fewer cache lines, which makes up for it if there are columns enough to read them again and again.
     */
    static boolean pays(View left, View right) {
        return left.storage().dtype() == DType.FLOAT32 && left.shape().dim(0) == 1 && left.strides()[2] != 1
                && left.strides()[1] == 1 && left.shape().dim(1) >= ROWS && left.shape().size() >= LARGE
                && right.shape().dim(2) >= WIDE;
    }

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
