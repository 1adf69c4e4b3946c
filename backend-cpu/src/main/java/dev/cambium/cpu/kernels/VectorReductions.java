package dev.cambium.cpu.kernels;

import static dev.cambium.cpu.kernels.Vectors.exact;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Reductions of {@link Lanes}. Sums are added up in the order of their scalar twins, whatever the width of vectors. */
final class VectorReductions {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final int L = SPECIES.length();
    /** Vectors of four: what all machines have, so that the order of a sum is the same on all of them. */
    private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
    /** A constant, because {@link Vectors#exact} knows one species only. */
    private static final FloatVector ZERO = FloatVector.zero(FOUR);

    private VectorReductions() {}

    static double sum(float[] x, int xOff, int n) {
        double total = 0;
        int i = 0;
        while (i <= n - ScalarReductions.STRIPE) {
            int end = i + Math.min(n - i, ScalarReductions.BLOCK) / ScalarReductions.STRIPE * ScalarReductions.STRIPE;
            FloatVector s0 = ZERO;
            FloatVector s1 = ZERO;
            FloatVector s2 = ZERO;
            FloatVector s3 = ZERO;
            FloatVector s4 = ZERO;
            FloatVector s5 = ZERO;
            FloatVector s6 = ZERO;
            FloatVector s7 = ZERO;
            for (; i < end; i += ScalarReductions.STRIPE) {
                s0 = s0.add(FloatVector.fromArray(FOUR, x, xOff + i));
                s1 = s1.add(FloatVector.fromArray(FOUR, x, xOff + i + 4));
                s2 = s2.add(FloatVector.fromArray(FOUR, x, xOff + i + 8));
                s3 = s3.add(FloatVector.fromArray(FOUR, x, xOff + i + 12));
                s4 = s4.add(FloatVector.fromArray(FOUR, x, xOff + i + 16));
                s5 = s5.add(FloatVector.fromArray(FOUR, x, xOff + i + 20));
                s6 = s6.add(FloatVector.fromArray(FOUR, x, xOff + i + 24));
                s7 = s7.add(FloatVector.fromArray(FOUR, x, xOff + i + 28));
            }
            FloatVector s = s0.add(s4).add(s2.add(s6)).add(s1.add(s5).add(s3.add(s7)));
            total += (s.lane(0) + s.lane(2)) + (s.lane(1) + s.lane(3));
        }
        return ScalarReductions.addRest(total, x, xOff + i, n - i);
    }

    static float max(float[] x, int xOff, int n) {
        FloatVector m0 = exact(FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY));
        FloatVector m1 = m0;
        int i = 0;
        for (; i <= n - 2 * L; i += 2 * L) {
            m0 = m0.max(FloatVector.fromArray(SPECIES, x, xOff + i));
            m1 = m1.max(FloatVector.fromArray(SPECIES, x, xOff + i + L));
        }
        float rest = ScalarReductions.max(x, xOff + i, n - i);
        return Math.max(m0.max(m1).reduceLanes(VectorOperators.MAX), rest);
    }

    static float min(float[] x, int xOff, int n) {
        FloatVector m0 = exact(FloatVector.broadcast(SPECIES, Float.POSITIVE_INFINITY));
        FloatVector m1 = m0;
        int i = 0;
        for (; i <= n - 2 * L; i += 2 * L) {
            m0 = m0.min(FloatVector.fromArray(SPECIES, x, xOff + i));
            m1 = m1.min(FloatVector.fromArray(SPECIES, x, xOff + i + L));
        }
        float rest = ScalarReductions.min(x, xOff + i, n - i);
        return Math.min(m0.min(m1).reduceLanes(VectorOperators.MIN), rest);
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
        DoubleVector low = DoubleVector.zero(DOUBLES);
        DoubleVector high = DoubleVector.zero(DOUBLES);
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
        var front = (FloatVector) low.convertShape(VectorOperators.D2F, SPECIES, 0);
        front.add(high.convertShape(VectorOperators.D2F, SPECIES, -1)).intoArray(out, outOff);
    }
}
