package dev.cambium.cpu.kernels;

import static dev.cambium.cpu.kernels.Vectors.exact;
import static dev.cambium.cpu.kernels.Vectors.exactEight;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Reductions of {@link Lanes}. Sums are added up in the order of their scalar twins, whatever the width of vectors. */
final class VectorReductions {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Double> DOUBLES = Vectors.DOUBLES;
    private static final int L = SPECIES.length();
    private static final VectorSpecies<Float> EIGHT = Vectors.EIGHT;
    /** Lane i comes from lane i + 4 or i + 2. */
    private static final VectorShuffle<Float> UP4 = VectorShuffle.iota(EIGHT, 4, 1, true);
    private static final VectorShuffle<Float> UP2 = VectorShuffle.iota(EIGHT, 2, 1, true);

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
            m0 = exact(m0).max(FloatVector.fromArray(SPECIES, x, xOff + i));
            m1 = exact(m1).max(FloatVector.fromArray(SPECIES, x, xOff + i + L));
        }
        if (i <= n - L) {
            m0 = exact(m0).max(FloatVector.fromArray(SPECIES, x, xOff + i));
        }
        return exact(m0).max(m1).reduceLanes(VectorOperators.MAX);
    }

    static float min(float[] x, int xOff, int n) {
        if (n < L) {
            return ScalarReductions.min(x, xOff, n);
        }
        FloatVector m0 = exact(FloatVector.fromArray(SPECIES, x, xOff + n - L));
        FloatVector m1 = m0;
        int i = 0;
        for (; i <= n - 2 * L; i += 2 * L) {
            m0 = exact(m0).min(FloatVector.fromArray(SPECIES, x, xOff + i));
            m1 = exact(m1).min(FloatVector.fromArray(SPECIES, x, xOff + i + L));
        }
        if (i <= n - L) {
            m0 = exact(m0).min(FloatVector.fromArray(SPECIES, x, xOff + i));
        }
        return exact(m0).min(m1).reduceLanes(VectorOperators.MIN);
    }

    /** Partial sums are lanes of four vectors of 8, which vectors of fewer lanes leave to the scalar twin. */
    static double sum(float[] x, int xOff, int n) {
        if (L < ScalarReductions.GROUP) {
            return ScalarReductions.sum(x, xOff, n);
        }
        double total = 0;
        int whole = n - n % ScalarReductions.GROUP;
        for (int i = 0; i < whole; i += ScalarReductions.BLOCK) {
            total += sumBlock(x, xOff + i, Math.min(whole - i, ScalarReductions.BLOCK));
        }
        return ScalarReductions.addRest(total, x, xOff + whole, n - whole);
    }

    private static float sumBlock(float[] x, int xOff, int size) {
        FloatVector s0 = exactEight(FloatVector.zero(EIGHT));
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int i = xOff;
        for (; i <= xOff + size - ScalarReductions.STRIPE; i += ScalarReductions.STRIPE) {
            s0 = exactEight(s0).add(FloatVector.fromArray(EIGHT, x, i));
            s1 = exactEight(s1).add(FloatVector.fromArray(EIGHT, x, i + 8));
            s2 = exactEight(s2).add(FloatVector.fromArray(EIGHT, x, i + 16));
            s3 = exactEight(s3).add(FloatVector.fromArray(EIGHT, x, i + 24));
        }
        int groups = (xOff + size - i) / ScalarReductions.GROUP;
        if (groups > 0) {
            s0 = exactEight(s0).add(FloatVector.fromArray(EIGHT, x, i));
        }
        if (groups > 1) {
            s1 = exactEight(s1).add(FloatVector.fromArray(EIGHT, x, i + 8));
        }
        if (groups > 2) {
            s2 = exactEight(s2).add(FloatVector.fromArray(EIGHT, x, i + 16));
        }
        FloatVector sums = exactEight(s0).add(s2).add(exactEight(s1).add(s3));
        sums = sums.add(sums.rearrange(UP4));
        sums = sums.add(sums.rearrange(UP2));
        return sums.lane(0) + sums.lane(1);
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
                    even = exact(even).add(FloatVector.fromArray(SPECIES, x, at + row * stride));
                    odd = exact(odd).add(FloatVector.fromArray(SPECIES, x, at + (row + 1) * stride));
                }
                if (row < end) {
                    even = exact(even).add(FloatVector.fromArray(SPECIES, x, at + row * stride));
                    row++;
                }
                FloatVector sum = exact(even).add(odd);
                low = exact(low).add(sum.convertShape(VectorOperators.F2D, DOUBLES, 0));
                high = exact(high).add(sum.convertShape(VectorOperators.F2D, DOUBLES, 1));
            }
        }
        FloatVector front = exact((FloatVector) exact(low).convertShape(VectorOperators.D2F, SPECIES, 0));
        front.add(exact(high).convertShape(VectorOperators.D2F, SPECIES, -1)).intoArray(out, outOff);
    }
}
