package dev.cambium.cpu.kernels;

import static dev.cambium.cpu.kernels.Vectors.exact;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Reductions of {@link Lanes}. Sums are added up in the order of their scalar twins, whatever the width of vectors. */
final class VectorReductions {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Double> DOUBLES = Vectors.DOUBLES;
    private static final int L = SPECIES.length();

    private VectorReductions() {}

    /** Elements that don't fill a vector are looked at together with some that have been. */
    static float max(float[] x, int xOff, int n) {
        if (n < L) {
            return ScalarReductions.max(x, xOff, n);
        }
        FloatVector m0 = exact(FloatVector.fromArray(SPECIES, x, xOff + n - L));
        FloatVector m1 = m0;
        int i = 0;
        for (; i <= n - 2 * L; i += 2 * L) {
            m0 = m0.max(FloatVector.fromArray(SPECIES, x, xOff + i));
            m1 = m1.max(FloatVector.fromArray(SPECIES, x, xOff + i + L));
        }
        if (i <= n - L) {
            m0 = m0.max(FloatVector.fromArray(SPECIES, x, xOff + i));
        }
        return m0.max(m1).reduceLanes(VectorOperators.MAX);
    }

    static float min(float[] x, int xOff, int n) {
        if (n < L) {
            return ScalarReductions.min(x, xOff, n);
        }
        FloatVector m0 = exact(FloatVector.fromArray(SPECIES, x, xOff + n - L));
        FloatVector m1 = m0;
        int i = 0;
        for (; i <= n - 2 * L; i += 2 * L) {
            m0 = m0.min(FloatVector.fromArray(SPECIES, x, xOff + i));
            m1 = m1.min(FloatVector.fromArray(SPECIES, x, xOff + i + L));
        }
        if (i <= n - L) {
            m0 = m0.min(FloatVector.fromArray(SPECIES, x, xOff + i));
        }
        return m0.min(m1).reduceLanes(VectorOperators.MIN);
    }

    static void sumRows(float[] x, int xOff, int[] dims, int[] strides, float[] out, int outOff, int columns) {
        int column = 0;
        for (; column <= columns - L; column += L) {
            sumVectors(x, xOff + column, dims, strides, out, outOff + column);
        }
        if (column < columns) {
            ScalarReductions.sumRows(x, xOff + column, dims, strides, out, outOff + column, columns - column);
        }
    }

    private static void sumVectors(float[] x, int xOff, int[] dims, int[] strides, float[] out, int outOff) {
        int last = dims.length - 1;
        int rows = dims[last];
        int stride = strides[last];
        DoubleVector low = exact(DoubleVector.zero(DOUBLES));
        DoubleVector high = exact(DoubleVector.zero(DOUBLES));
        int runs = Reductions.size(dims, last);
        for (int run = 0; run < runs; run++) {
            int at = xOff + Reductions.offset(run, dims, strides, last);
            for (int row = 0; row < rows;) {
                int end = Math.min(rows, row + ScalarReductions.ROWS);
                FloatVector even = exact(FloatVector.zero(SPECIES));
                FloatVector odd = exact(FloatVector.zero(SPECIES));
                for (; row < end - 1; row += 2) {
                    even = even.add(FloatVector.fromArray(SPECIES, x, at + row * stride));
                    odd = odd.add(FloatVector.fromArray(SPECIES, x, at + (row + 1) * stride));
                }
                if (row < end) {
                    even = even.add(FloatVector.fromArray(SPECIES, x, at + row * stride));
                    row++;
                }
                FloatVector sum = even.add(odd);
                low = low.add(sum.convertShape(VectorOperators.F2D, DOUBLES, 0));
                high = high.add(sum.convertShape(VectorOperators.F2D, DOUBLES, 1));
            }
        }
        FloatVector front = exact((FloatVector) low.convertShape(VectorOperators.D2F, SPECIES, 0));
        front.add(high.convertShape(VectorOperators.D2F, SPECIES, -1)).intoArray(out, outOff);
    }
}
