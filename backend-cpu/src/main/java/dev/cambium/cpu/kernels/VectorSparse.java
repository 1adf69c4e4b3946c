package dev.cambium.cpu.kernels;

import static dev.cambium.cpu.kernels.Vectors.exact;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loops that visit entries alone, over the Vector API: lanes are input channels. Taps are taken nine, three or one at a time, whose
 * sums or weights stay in registers; see {@link SparseConvolution} for what the arguments are.
 */
final class VectorSparse {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int L = SPECIES.length();

    /** Whether there are instructions that compress a vector: on x86 and SVE, whose vectors are wide, and not on NEON. */
    private static final boolean COMPRESSES = L >= 8;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final IntVector COLUMNS = IntVector.zero(INTS).addIndex(1);

    private VectorSparse() {}

    /** What is too large overflows at the first product, and infinity times zero is NaN. */
    static boolean moderate(float[] a, int offset, int rows, int stride, int columns) {
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        FloatVector sum = zero;
        FloatVector scale = exact(FloatVector.broadcast(SPECIES, 0x1p80f));
        int whole = SPECIES.loopBound(columns);
        for (int row = 0; row < rows; row++) {
            int at = offset + row * stride;
            for (int i = at; i < at + whole; i += L) {
                sum = exact(FloatVector.fromArray(SPECIES, a, i)).mul(scale).fma(zero, sum);
            }
        }
        return sum.reduceLanes(VectorOperators.ADD) == 0
                && ScalarSparse.moderate(a, offset + whole, rows, stride, columns - whole);
    }

    static int list(float[] a, int offset, int from, int to, float[] values, int valuesOffset, int[] columns,
            int columnsOffset) {
        int count = 0;
        int column = from;
        for (; COMPRESSES && column <= to - L; column += L) {
            FloatVector value = exact(FloatVector.fromArray(SPECIES, a, offset + column));
            VectorMask<Float> entry = value.compare(VectorOperators.NE, 0);
            value.compress(entry).intoArray(values, valuesOffset + count);
            COLUMNS.add(column).compress(entry.cast(INTS)).intoArray(columns, columnsOffset + count);
            count += entry.trueCount();
        }
        return count + ScalarSparse.list(a, offset, column, to, values, valuesOffset + count, columns,
                columnsOffset + count);
    }

    static int entries(float[] a, int offset, int rows, int columns, int[] counts, int countsOffset, int[] found,
            int rowsOffset, int columnsOffset, int capacity) {
        int count = 0;
        int whole = COMPRESSES ? SPECIES.loopBound(columns) : 0;
        for (int row = 0; row < rows; row++) {
            int at = offset + row * columns;
            int first = 0;
            if (count <= capacity - columns) {
                int before = count;
                IntVector rowOfAll = IntVector.broadcast(INTS, row);
                for (; first < whole; first += L) {
                    VectorMask<Float> entry = exact(FloatVector.fromArray(SPECIES, a, at + first))
                            .compare(VectorOperators.NE, 0);
                    rowOfAll.intoArray(found, rowsOffset + count);
                    COLUMNS.add(first).compress(entry.cast(INTS)).intoArray(found, columnsOffset + count);
                    count += entry.trueCount();
                }
                for (int e = before; e < count; e++) {
                    counts[countsOffset + found[columnsOffset + e]]++;
                }
            }
            if (first < columns) {
                count = ScalarSparse.entries(a, at, row, first, columns, count, counts, countsOffset, found, rowsOffset,
                        columnsOffset, capacity);
                if (count < 0) {
                    return -1;
                }
            }
        }
        return count;
    }

    static void gatherTaps(float[] values, int valuesOffset, int[] entries, int entriesOffset, int from, int to,
            int[] rows, float[] x, int xOffset,
            int[] taps, int channels, float[] sum, int sumOffset) {
        int whole = SPECIES.loopBound(channels);
        for (int i = 0; i < whole; i += L) {
            int tap = 0;
            for (; tap <= taps.length - 9; tap += 9) {
                gatherTaps9(values, valuesOffset, entries, entriesOffset, from, to, rows, x, xOffset + i, taps, tap,
                        sum,
                        sumOffset + tap * channels + i, channels);
            }
            for (; tap <= taps.length - 3; tap += 3) {
                gatherTaps3(values, valuesOffset, entries, entriesOffset, from, to, rows, x, xOffset + i, taps, tap,
                        sum,
                        sumOffset + tap * channels + i, channels);
            }
            for (; tap < taps.length; tap++) {
                gatherTaps1(values, valuesOffset, entries, entriesOffset, from, to, rows, x, xOffset + i, taps, tap,
                        sum,
                        sumOffset + tap * channels + i);
            }
        }
        if (whole < channels) {
            ScalarSparse.gatherTaps(values, valuesOffset, entries, entriesOffset, from, to, rows, x, xOffset, taps,
                    whole, channels, sum,
                    sumOffset);
        }
    }

    private static void gatherTaps9(float[] values, int valuesOffset, int[] entries, int entriesOffset, int from,
            int to, int[] rows, float[] x,
            int xOffset, int[] taps, int tap, float[] sum, int sumOffset, int tapStep) {
        int t0 = taps[tap + 0];
        int t1 = taps[tap + 1];
        int t2 = taps[tap + 2];
        int t3 = taps[tap + 3];
        int t4 = taps[tap + 4];
        int t5 = taps[tap + 5];
        int t6 = taps[tap + 6];
        int t7 = taps[tap + 7];
        int t8 = taps[tap + 8];
        FloatVector s0 = exact(FloatVector.fromArray(SPECIES, sum, sumOffset + 0 * tapStep));
        FloatVector s1 = exact(FloatVector.fromArray(SPECIES, sum, sumOffset + 1 * tapStep));
        FloatVector s2 = exact(FloatVector.fromArray(SPECIES, sum, sumOffset + 2 * tapStep));
        FloatVector s3 = exact(FloatVector.fromArray(SPECIES, sum, sumOffset + 3 * tapStep));
        FloatVector s4 = exact(FloatVector.fromArray(SPECIES, sum, sumOffset + 4 * tapStep));
        FloatVector s5 = exact(FloatVector.fromArray(SPECIES, sum, sumOffset + 5 * tapStep));
        FloatVector s6 = exact(FloatVector.fromArray(SPECIES, sum, sumOffset + 6 * tapStep));
        FloatVector s7 = exact(FloatVector.fromArray(SPECIES, sum, sumOffset + 7 * tapStep));
        FloatVector s8 = exact(FloatVector.fromArray(SPECIES, sum, sumOffset + 8 * tapStep));
        for (int e = from; e < to; e++) {
            FloatVector v = exact(FloatVector.broadcast(SPECIES, values[valuesOffset + e]));
            int at = xOffset + rows[entries[entriesOffset + e]];
            s0 = v.fma(exact(FloatVector.fromArray(SPECIES, x, at + t0)), s0);
            s1 = v.fma(exact(FloatVector.fromArray(SPECIES, x, at + t1)), s1);
            s2 = v.fma(exact(FloatVector.fromArray(SPECIES, x, at + t2)), s2);
            s3 = v.fma(exact(FloatVector.fromArray(SPECIES, x, at + t3)), s3);
            s4 = v.fma(exact(FloatVector.fromArray(SPECIES, x, at + t4)), s4);
            s5 = v.fma(exact(FloatVector.fromArray(SPECIES, x, at + t5)), s5);
            s6 = v.fma(exact(FloatVector.fromArray(SPECIES, x, at + t6)), s6);
            s7 = v.fma(exact(FloatVector.fromArray(SPECIES, x, at + t7)), s7);
            s8 = v.fma(exact(FloatVector.fromArray(SPECIES, x, at + t8)), s8);
        }
        s0.intoArray(sum, sumOffset + 0 * tapStep);
        s1.intoArray(sum, sumOffset + 1 * tapStep);
        s2.intoArray(sum, sumOffset + 2 * tapStep);
        s3.intoArray(sum, sumOffset + 3 * tapStep);
        s4.intoArray(sum, sumOffset + 4 * tapStep);
        s5.intoArray(sum, sumOffset + 5 * tapStep);
        s6.intoArray(sum, sumOffset + 6 * tapStep);
        s7.intoArray(sum, sumOffset + 7 * tapStep);
        s8.intoArray(sum, sumOffset + 8 * tapStep);
    }

    private static void gatherTaps3(float[] values, int valuesOffset, int[] entries, int entriesOffset, int from,
            int to, int[] rows, float[] x,
            int xOffset, int[] taps, int tap, float[] sum, int sumOffset, int tapStep) {
        int t0 = taps[tap + 0];
        int t1 = taps[tap + 1];
        int t2 = taps[tap + 2];
        FloatVector s0 = exact(FloatVector.fromArray(SPECIES, sum, sumOffset + 0 * tapStep));
        FloatVector s1 = exact(FloatVector.fromArray(SPECIES, sum, sumOffset + 1 * tapStep));
        FloatVector s2 = exact(FloatVector.fromArray(SPECIES, sum, sumOffset + 2 * tapStep));
        for (int e = from; e < to; e++) {
            FloatVector v = exact(FloatVector.broadcast(SPECIES, values[valuesOffset + e]));
            int at = xOffset + rows[entries[entriesOffset + e]];
            s0 = v.fma(exact(FloatVector.fromArray(SPECIES, x, at + t0)), s0);
            s1 = v.fma(exact(FloatVector.fromArray(SPECIES, x, at + t1)), s1);
            s2 = v.fma(exact(FloatVector.fromArray(SPECIES, x, at + t2)), s2);
        }
        s0.intoArray(sum, sumOffset + 0 * tapStep);
        s1.intoArray(sum, sumOffset + 1 * tapStep);
        s2.intoArray(sum, sumOffset + 2 * tapStep);
    }

    private static void gatherTaps1(float[] values, int valuesOffset, int[] entries, int entriesOffset, int from,
            int to, int[] rows, float[] x,
            int xOffset, int[] taps, int tap, float[] sum, int sumOffset) {
        int t0 = taps[tap];
        FloatVector s0 = exact(FloatVector.fromArray(SPECIES, sum, sumOffset));
        for (int e = from; e < to; e++) {
            FloatVector v = exact(FloatVector.broadcast(SPECIES, values[valuesOffset + e]));
            int at = xOffset + rows[entries[entriesOffset + e]];
            s0 = v.fma(exact(FloatVector.fromArray(SPECIES, x, at + t0)), s0);
        }
        s0.intoArray(sum, sumOffset);
    }

    static void scatterTaps(float[] values, int valuesOffset, int[] entries, int entriesOffset, int from, int to,
            int[] rows, float[] w, int wOffset,
            int[] taps, int channels, float[] dx, int dxOffset) {
        int whole = SPECIES.loopBound(channels);
        for (int i = 0; i < whole; i += L) {
            int tap = 0;
            for (; tap <= taps.length - 9; tap += 9) {
                scatterTaps9(values, valuesOffset, entries, entriesOffset, from, to, rows, w,
                        wOffset + tap * channels + i, channels, taps, tap,
                        dx, dxOffset + i);
            }
            for (; tap <= taps.length - 3; tap += 3) {
                scatterTaps3(values, valuesOffset, entries, entriesOffset, from, to, rows, w,
                        wOffset + tap * channels + i, channels, taps, tap,
                        dx, dxOffset + i);
            }
            for (; tap < taps.length; tap++) {
                scatterTaps1(values, valuesOffset, entries, entriesOffset, from, to, rows, w,
                        wOffset + tap * channels + i, taps, tap, dx,
                        dxOffset + i);
            }
        }
        if (whole < channels) {
            ScalarSparse.scatterTaps(values, valuesOffset, entries, entriesOffset, from, to, rows, w, wOffset, taps,
                    whole, channels, dx,
                    dxOffset);
        }
    }

    private static void scatterTaps9(float[] values, int valuesOffset, int[] entries, int entriesOffset, int from,
            int to, int[] rows, float[] w,
            int wOffset, int tapStep, int[] taps, int tap, float[] dx, int dxOffset) {
        int t0 = taps[tap + 0];
        int t1 = taps[tap + 1];
        int t2 = taps[tap + 2];
        int t3 = taps[tap + 3];
        int t4 = taps[tap + 4];
        int t5 = taps[tap + 5];
        int t6 = taps[tap + 6];
        int t7 = taps[tap + 7];
        int t8 = taps[tap + 8];
        FloatVector w0 = exact(FloatVector.fromArray(SPECIES, w, wOffset + 0 * tapStep));
        FloatVector w1 = exact(FloatVector.fromArray(SPECIES, w, wOffset + 1 * tapStep));
        FloatVector w2 = exact(FloatVector.fromArray(SPECIES, w, wOffset + 2 * tapStep));
        FloatVector w3 = exact(FloatVector.fromArray(SPECIES, w, wOffset + 3 * tapStep));
        FloatVector w4 = exact(FloatVector.fromArray(SPECIES, w, wOffset + 4 * tapStep));
        FloatVector w5 = exact(FloatVector.fromArray(SPECIES, w, wOffset + 5 * tapStep));
        FloatVector w6 = exact(FloatVector.fromArray(SPECIES, w, wOffset + 6 * tapStep));
        FloatVector w7 = exact(FloatVector.fromArray(SPECIES, w, wOffset + 7 * tapStep));
        FloatVector w8 = exact(FloatVector.fromArray(SPECIES, w, wOffset + 8 * tapStep));
        for (int e = from; e < to; e++) {
            FloatVector v = exact(FloatVector.broadcast(SPECIES, values[valuesOffset + e]));
            int at = dxOffset + rows[entries[entriesOffset + e]];
            v.fma(w0, exact(FloatVector.fromArray(SPECIES, dx, at + t0))).intoArray(dx, at + t0);
            v.fma(w1, exact(FloatVector.fromArray(SPECIES, dx, at + t1))).intoArray(dx, at + t1);
            v.fma(w2, exact(FloatVector.fromArray(SPECIES, dx, at + t2))).intoArray(dx, at + t2);
            v.fma(w3, exact(FloatVector.fromArray(SPECIES, dx, at + t3))).intoArray(dx, at + t3);
            v.fma(w4, exact(FloatVector.fromArray(SPECIES, dx, at + t4))).intoArray(dx, at + t4);
            v.fma(w5, exact(FloatVector.fromArray(SPECIES, dx, at + t5))).intoArray(dx, at + t5);
            v.fma(w6, exact(FloatVector.fromArray(SPECIES, dx, at + t6))).intoArray(dx, at + t6);
            v.fma(w7, exact(FloatVector.fromArray(SPECIES, dx, at + t7))).intoArray(dx, at + t7);
            v.fma(w8, exact(FloatVector.fromArray(SPECIES, dx, at + t8))).intoArray(dx, at + t8);
        }
    }

    private static void scatterTaps3(float[] values, int valuesOffset, int[] entries, int entriesOffset, int from,
            int to, int[] rows, float[] w,
            int wOffset, int tapStep, int[] taps, int tap, float[] dx, int dxOffset) {
        int t0 = taps[tap + 0];
        int t1 = taps[tap + 1];
        int t2 = taps[tap + 2];
        FloatVector w0 = exact(FloatVector.fromArray(SPECIES, w, wOffset + 0 * tapStep));
        FloatVector w1 = exact(FloatVector.fromArray(SPECIES, w, wOffset + 1 * tapStep));
        FloatVector w2 = exact(FloatVector.fromArray(SPECIES, w, wOffset + 2 * tapStep));
        for (int e = from; e < to; e++) {
            FloatVector v = exact(FloatVector.broadcast(SPECIES, values[valuesOffset + e]));
            int at = dxOffset + rows[entries[entriesOffset + e]];
            v.fma(w0, exact(FloatVector.fromArray(SPECIES, dx, at + t0))).intoArray(dx, at + t0);
            v.fma(w1, exact(FloatVector.fromArray(SPECIES, dx, at + t1))).intoArray(dx, at + t1);
            v.fma(w2, exact(FloatVector.fromArray(SPECIES, dx, at + t2))).intoArray(dx, at + t2);
        }
    }

    private static void scatterTaps1(float[] values, int valuesOffset, int[] entries, int entriesOffset, int from,
            int to, int[] rows, float[] w,
            int wOffset, int[] taps, int tap, float[] dx, int dxOffset) {
        int t0 = taps[tap];
        FloatVector w0 = exact(FloatVector.fromArray(SPECIES, w, wOffset));
        for (int e = from; e < to; e++) {
            FloatVector v = exact(FloatVector.broadcast(SPECIES, values[valuesOffset + e]));
            int at = dxOffset + rows[entries[entriesOffset + e]];
            v.fma(w0, exact(FloatVector.fromArray(SPECIES, dx, at + t0))).intoArray(dx, at + t0);
        }
    }

    static void sampledDots(int[] numbers, int startsOffset, int startsStride, int pieces, int entriesOffset,
            int entriesStride,
            int rowFrom, int rowTo, float[] a, int aOffset, int aStride, float[] d, int dOffset, int dStride,
            int columns, float[] sums, int sumsOffset, boolean accumulate) {
        switch (L) {
            case 16 ->
                    dots16(numbers, startsOffset, startsStride, pieces, entriesOffset, entriesStride, rowFrom, rowTo, a,
                            aOffset, aStride, d, dOffset, dStride, sums, sumsOffset, accumulate);
            case 8 ->
                    dots8(numbers, startsOffset, startsStride, pieces, entriesOffset, entriesStride, rowFrom, rowTo, a,
                            aOffset, aStride, d, dOffset, dStride, sums, sumsOffset, accumulate);
            case 4 ->
                    dots4(numbers, startsOffset, startsStride, pieces, entriesOffset, entriesStride, rowFrom, rowTo, a,
                            aOffset, aStride, d, dOffset, dStride, sums, sumsOffset, accumulate);
            default -> ScalarSparse.sampledDots(numbers, startsOffset, startsStride, pieces, entriesOffset,
                    entriesStride,
                    rowFrom, rowTo, a, aOffset, aStride, d, dOffset, dStride, columns, sums, sumsOffset, accumulate);
        }
    }

    // Sixteen sums are one, two or four vectors. Each is written out, since C2 keeps vectors in registers only so.

    private static void dots16(int[] numbers, int startsOffset, int startsStride, int pieces, int entriesOffset,
            int entriesStride, int rowFrom, int rowTo, float[] a, int aOffset, int aStride, float[] d, int dOffset,
            int dStride, float[] sums, int sumsOffset, boolean accumulate) {
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        int sum = sumsOffset;
        for (int row = rowFrom; row < rowTo; row++) {
            int from = numbers[startsOffset + row * startsStride];
            int to = numbers[startsOffset + row * startsStride + pieces];
            int columns = entriesOffset + row * entriesStride;
            int w = aOffset + row * aStride;
            FloatVector w0 = exact(FloatVector.fromArray(SPECIES, a, w + 0 * L));
            FloatVector w1 = exact(FloatVector.fromArray(SPECIES, a, w + 1 * L));
            FloatVector w2 = exact(FloatVector.fromArray(SPECIES, a, w + 2 * L));
            FloatVector w3 = exact(FloatVector.fromArray(SPECIES, a, w + 3 * L));
            FloatVector w4 = exact(FloatVector.fromArray(SPECIES, a, w + 4 * L));
            FloatVector w5 = exact(FloatVector.fromArray(SPECIES, a, w + 5 * L));
            FloatVector w6 = exact(FloatVector.fromArray(SPECIES, a, w + 6 * L));
            FloatVector w7 = exact(FloatVector.fromArray(SPECIES, a, w + 7 * L));
            for (int e = from; e < to; e++, sum += 16) {
                int at = dOffset + numbers[columns + e] * dStride;
                FloatVector s0 = accumulate ? exact(FloatVector.fromArray(SPECIES, sums, sum + 0 * L)) : zero;
                s0 = w0.fma(exact(FloatVector.fromArray(SPECIES, d, at + 0 * L)), s0);
                s0 = w1.fma(exact(FloatVector.fromArray(SPECIES, d, at + 1 * L)), s0);
                s0 = w2.fma(exact(FloatVector.fromArray(SPECIES, d, at + 2 * L)), s0);
                s0 = w3.fma(exact(FloatVector.fromArray(SPECIES, d, at + 3 * L)), s0);
                s0 = w4.fma(exact(FloatVector.fromArray(SPECIES, d, at + 4 * L)), s0);
                s0 = w5.fma(exact(FloatVector.fromArray(SPECIES, d, at + 5 * L)), s0);
                s0 = w6.fma(exact(FloatVector.fromArray(SPECIES, d, at + 6 * L)), s0);
                s0 = w7.fma(exact(FloatVector.fromArray(SPECIES, d, at + 7 * L)), s0);
                s0.intoArray(sums, sum + 0 * L);
            }
        }
    }

    private static void dots8(int[] numbers, int startsOffset, int startsStride, int pieces, int entriesOffset,
            int entriesStride, int rowFrom, int rowTo, float[] a, int aOffset, int aStride, float[] d, int dOffset,
            int dStride, float[] sums, int sumsOffset, boolean accumulate) {
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        int sum = sumsOffset;
        for (int row = rowFrom; row < rowTo; row++) {
            int from = numbers[startsOffset + row * startsStride];
            int to = numbers[startsOffset + row * startsStride + pieces];
            int columns = entriesOffset + row * entriesStride;
            int w = aOffset + row * aStride;
            FloatVector w0 = exact(FloatVector.fromArray(SPECIES, a, w + 0 * L));
            FloatVector w1 = exact(FloatVector.fromArray(SPECIES, a, w + 1 * L));
            FloatVector w2 = exact(FloatVector.fromArray(SPECIES, a, w + 2 * L));
            FloatVector w3 = exact(FloatVector.fromArray(SPECIES, a, w + 3 * L));
            FloatVector w4 = exact(FloatVector.fromArray(SPECIES, a, w + 4 * L));
            FloatVector w5 = exact(FloatVector.fromArray(SPECIES, a, w + 5 * L));
            FloatVector w6 = exact(FloatVector.fromArray(SPECIES, a, w + 6 * L));
            FloatVector w7 = exact(FloatVector.fromArray(SPECIES, a, w + 7 * L));
            for (int e = from; e < to; e++, sum += 16) {
                int at = dOffset + numbers[columns + e] * dStride;
                FloatVector s0 = accumulate ? exact(FloatVector.fromArray(SPECIES, sums, sum + 0 * L)) : zero;
                FloatVector s1 = accumulate ? exact(FloatVector.fromArray(SPECIES, sums, sum + 1 * L)) : zero;
                s0 = w0.fma(exact(FloatVector.fromArray(SPECIES, d, at + 0 * L)), s0);
                s1 = w1.fma(exact(FloatVector.fromArray(SPECIES, d, at + 1 * L)), s1);
                s0 = w2.fma(exact(FloatVector.fromArray(SPECIES, d, at + 2 * L)), s0);
                s1 = w3.fma(exact(FloatVector.fromArray(SPECIES, d, at + 3 * L)), s1);
                s0 = w4.fma(exact(FloatVector.fromArray(SPECIES, d, at + 4 * L)), s0);
                s1 = w5.fma(exact(FloatVector.fromArray(SPECIES, d, at + 5 * L)), s1);
                s0 = w6.fma(exact(FloatVector.fromArray(SPECIES, d, at + 6 * L)), s0);
                s1 = w7.fma(exact(FloatVector.fromArray(SPECIES, d, at + 7 * L)), s1);
                s0.intoArray(sums, sum + 0 * L);
                s1.intoArray(sums, sum + 1 * L);
            }
        }
    }

    private static void dots4(int[] numbers, int startsOffset, int startsStride, int pieces, int entriesOffset,
            int entriesStride, int rowFrom, int rowTo, float[] a, int aOffset, int aStride, float[] d, int dOffset,
            int dStride, float[] sums, int sumsOffset, boolean accumulate) {
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        int sum = sumsOffset;
        for (int row = rowFrom; row < rowTo; row++) {
            int from = numbers[startsOffset + row * startsStride];
            int to = numbers[startsOffset + row * startsStride + pieces];
            int columns = entriesOffset + row * entriesStride;
            int w = aOffset + row * aStride;
            FloatVector w0 = exact(FloatVector.fromArray(SPECIES, a, w + 0 * L));
            FloatVector w1 = exact(FloatVector.fromArray(SPECIES, a, w + 1 * L));
            FloatVector w2 = exact(FloatVector.fromArray(SPECIES, a, w + 2 * L));
            FloatVector w3 = exact(FloatVector.fromArray(SPECIES, a, w + 3 * L));
            FloatVector w4 = exact(FloatVector.fromArray(SPECIES, a, w + 4 * L));
            FloatVector w5 = exact(FloatVector.fromArray(SPECIES, a, w + 5 * L));
            FloatVector w6 = exact(FloatVector.fromArray(SPECIES, a, w + 6 * L));
            FloatVector w7 = exact(FloatVector.fromArray(SPECIES, a, w + 7 * L));
            for (int e = from; e < to; e++, sum += 16) {
                int at = dOffset + numbers[columns + e] * dStride;
                FloatVector s0 = accumulate ? exact(FloatVector.fromArray(SPECIES, sums, sum + 0 * L)) : zero;
                FloatVector s1 = accumulate ? exact(FloatVector.fromArray(SPECIES, sums, sum + 1 * L)) : zero;
                FloatVector s2 = accumulate ? exact(FloatVector.fromArray(SPECIES, sums, sum + 2 * L)) : zero;
                FloatVector s3 = accumulate ? exact(FloatVector.fromArray(SPECIES, sums, sum + 3 * L)) : zero;
                s0 = w0.fma(exact(FloatVector.fromArray(SPECIES, d, at + 0 * L)), s0);
                s1 = w1.fma(exact(FloatVector.fromArray(SPECIES, d, at + 1 * L)), s1);
                s2 = w2.fma(exact(FloatVector.fromArray(SPECIES, d, at + 2 * L)), s2);
                s3 = w3.fma(exact(FloatVector.fromArray(SPECIES, d, at + 3 * L)), s3);
                s0 = w4.fma(exact(FloatVector.fromArray(SPECIES, d, at + 4 * L)), s0);
                s1 = w5.fma(exact(FloatVector.fromArray(SPECIES, d, at + 5 * L)), s1);
                s2 = w6.fma(exact(FloatVector.fromArray(SPECIES, d, at + 6 * L)), s2);
                s3 = w7.fma(exact(FloatVector.fromArray(SPECIES, d, at + 7 * L)), s3);
                s0.intoArray(sums, sum + 0 * L);
                s1.intoArray(sums, sum + 1 * L);
                s2.intoArray(sums, sum + 2 * L);
                s3.intoArray(sums, sum + 3 * L);
            }
        }
    }

    static void dotsAndRows16(float[] values, int valuesOffset, int[] numbers, int startsOffset, int startsStride,
            int pieces, int entriesOffset, int entriesStride, int rows, float[] a, int aOffset, int aStride, float[] d,
            int dOffset, int dStride, float[] sums, int sumsOffset, boolean accumulate, float[] c, int cOffset,
            int cStride) {
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        int sum = sumsOffset;
        for (int row = 0; row < rows; row++) {
            int from = numbers[startsOffset + row * startsStride];
            int to = numbers[startsOffset + row * startsStride + pieces];
            int columns = entriesOffset + row * entriesStride;
            int v = valuesOffset + row * entriesStride;
            int w = aOffset + row * aStride;
            int target = cOffset + row * cStride;
            FloatVector w0 = exact(FloatVector.fromArray(SPECIES, a, w + 0 * L));
            FloatVector w1 = exact(FloatVector.fromArray(SPECIES, a, w + 1 * L));
            FloatVector w2 = exact(FloatVector.fromArray(SPECIES, a, w + 2 * L));
            FloatVector w3 = exact(FloatVector.fromArray(SPECIES, a, w + 3 * L));
            FloatVector w4 = exact(FloatVector.fromArray(SPECIES, a, w + 4 * L));
            FloatVector w5 = exact(FloatVector.fromArray(SPECIES, a, w + 5 * L));
            FloatVector w6 = exact(FloatVector.fromArray(SPECIES, a, w + 6 * L));
            FloatVector w7 = exact(FloatVector.fromArray(SPECIES, a, w + 7 * L));
            FloatVector r0 = zero;
            FloatVector r1 = zero;
            FloatVector r2 = zero;
            FloatVector r3 = zero;
            FloatVector r4 = zero;
            FloatVector r5 = zero;
            FloatVector r6 = zero;
            FloatVector r7 = zero;
            for (int e = from; e < to; e++, sum += 16) {
                int at = dOffset + numbers[columns + e] * dStride;
                FloatVector x = exact(FloatVector.broadcast(SPECIES, values[v + e]));
                FloatVector s0 = accumulate ? exact(FloatVector.fromArray(SPECIES, sums, sum)) : zero;
                FloatVector y = exact(FloatVector.fromArray(SPECIES, d, at + 0 * L));
                s0 = w0.fma(y, s0);
                r0 = x.fma(y, r0);
                y = exact(FloatVector.fromArray(SPECIES, d, at + 1 * L));
                s0 = w1.fma(y, s0);
                r1 = x.fma(y, r1);
                y = exact(FloatVector.fromArray(SPECIES, d, at + 2 * L));
                s0 = w2.fma(y, s0);
                r2 = x.fma(y, r2);
                y = exact(FloatVector.fromArray(SPECIES, d, at + 3 * L));
                s0 = w3.fma(y, s0);
                r3 = x.fma(y, r3);
                y = exact(FloatVector.fromArray(SPECIES, d, at + 4 * L));
                s0 = w4.fma(y, s0);
                r4 = x.fma(y, r4);
                y = exact(FloatVector.fromArray(SPECIES, d, at + 5 * L));
                s0 = w5.fma(y, s0);
                r5 = x.fma(y, r5);
                y = exact(FloatVector.fromArray(SPECIES, d, at + 6 * L));
                s0 = w6.fma(y, s0);
                r6 = x.fma(y, r6);
                y = exact(FloatVector.fromArray(SPECIES, d, at + 7 * L));
                s0 = w7.fma(y, s0);
                r7 = x.fma(y, r7);
                s0.intoArray(sums, sum);
            }
            r0.intoArray(c, target + 0 * L);
            r1.intoArray(c, target + 1 * L);
            r2.intoArray(c, target + 2 * L);
            r3.intoArray(c, target + 3 * L);
            r4.intoArray(c, target + 4 * L);
            r5.intoArray(c, target + 5 * L);
            r6.intoArray(c, target + 6 * L);
            r7.intoArray(c, target + 7 * L);
        }
    }

    static void rows(float[] values, int valuesOffset, int[] numbers, int startsOffset, int startsStride,
            int entriesOffset, int entriesStride, int rowFrom, int rowTo, int stepFrom, float[] b, int bOffset,
            int bStride, float[] c, int cOffset, int[] cRows, int columns, boolean accumulate) {
        if (columns == 8 * L) {
            rows8(values, valuesOffset, numbers, startsOffset, startsStride, entriesOffset, entriesStride,
                    rowFrom, rowTo, stepFrom, b, bOffset, bStride, c, cOffset, cRows, accumulate);
        } else {
            rows4(values, valuesOffset, numbers, startsOffset, startsStride, entriesOffset, entriesStride,
                    rowFrom, rowTo, stepFrom, b, bOffset, bStride, c, cOffset, cRows, accumulate);
        }
    }

    private static void rows8(float[] values, int valuesOffset, int[] numbers, int startsOffset, int startsStride,
            int entriesOffset, int entriesStride, int rowFrom, int rowTo, int stepFrom, float[] b, int bOffset,
            int bStride, float[] c, int cOffset, int[] cRows, boolean accumulate) {
        for (int row = rowFrom; row < rowTo; row++) {
            int from = numbers[startsOffset + row * startsStride];
            int to = numbers[startsOffset + row * startsStride + 1];
            int v = valuesOffset + row * entriesStride;
            int steps = entriesOffset + row * entriesStride;
            int at = cOffset + cRows[row];
            FloatVector zero = exact(FloatVector.zero(SPECIES));
            FloatVector s0 = accumulate ? exact(FloatVector.fromArray(SPECIES, c, at)) : zero;
            FloatVector s1 = accumulate ? exact(FloatVector.fromArray(SPECIES, c, at + L)) : zero;
            FloatVector s2 = accumulate ? exact(FloatVector.fromArray(SPECIES, c, at + 2 * L)) : zero;
            FloatVector s3 = accumulate ? exact(FloatVector.fromArray(SPECIES, c, at + 3 * L)) : zero;
            FloatVector s4 = accumulate ? exact(FloatVector.fromArray(SPECIES, c, at + 4 * L)) : zero;
            FloatVector s5 = accumulate ? exact(FloatVector.fromArray(SPECIES, c, at + 5 * L)) : zero;
            FloatVector s6 = accumulate ? exact(FloatVector.fromArray(SPECIES, c, at + 6 * L)) : zero;
            FloatVector s7 = accumulate ? exact(FloatVector.fromArray(SPECIES, c, at + 7 * L)) : zero;
            for (int e = from; e < to; e++) {
                FloatVector x = exact(FloatVector.broadcast(SPECIES, values[v + e]));
                int bk = bOffset + (numbers[steps + e] - stepFrom) * bStride;
                s0 = x.fma(exact(FloatVector.fromArray(SPECIES, b, bk + 0 * L)), s0);
                s1 = x.fma(exact(FloatVector.fromArray(SPECIES, b, bk + 1 * L)), s1);
                s2 = x.fma(exact(FloatVector.fromArray(SPECIES, b, bk + 2 * L)), s2);
                s3 = x.fma(exact(FloatVector.fromArray(SPECIES, b, bk + 3 * L)), s3);
                s4 = x.fma(exact(FloatVector.fromArray(SPECIES, b, bk + 4 * L)), s4);
                s5 = x.fma(exact(FloatVector.fromArray(SPECIES, b, bk + 5 * L)), s5);
                s6 = x.fma(exact(FloatVector.fromArray(SPECIES, b, bk + 6 * L)), s6);
                s7 = x.fma(exact(FloatVector.fromArray(SPECIES, b, bk + 7 * L)), s7);
            }
            s0.intoArray(c, at + 0 * L);
            s1.intoArray(c, at + 1 * L);
            s2.intoArray(c, at + 2 * L);
            s3.intoArray(c, at + 3 * L);
            s4.intoArray(c, at + 4 * L);
            s5.intoArray(c, at + 5 * L);
            s6.intoArray(c, at + 6 * L);
            s7.intoArray(c, at + 7 * L);
        }
    }

    private static void rows4(float[] values, int valuesOffset, int[] numbers, int startsOffset, int startsStride,
            int entriesOffset, int entriesStride, int rowFrom, int rowTo, int stepFrom, float[] b, int bOffset,
            int bStride, float[] c, int cOffset, int[] cRows, boolean accumulate) {
        for (int row = rowFrom; row < rowTo; row++) {
            int from = numbers[startsOffset + row * startsStride];
            int to = numbers[startsOffset + row * startsStride + 1];
            int v = valuesOffset + row * entriesStride;
            int steps = entriesOffset + row * entriesStride;
            int at = cOffset + cRows[row];
            FloatVector zero = exact(FloatVector.zero(SPECIES));
            FloatVector s0 = accumulate ? exact(FloatVector.fromArray(SPECIES, c, at)) : zero;
            FloatVector s1 = accumulate ? exact(FloatVector.fromArray(SPECIES, c, at + L)) : zero;
            FloatVector s2 = accumulate ? exact(FloatVector.fromArray(SPECIES, c, at + 2 * L)) : zero;
            FloatVector s3 = accumulate ? exact(FloatVector.fromArray(SPECIES, c, at + 3 * L)) : zero;
            for (int e = from; e < to; e++) {
                FloatVector x = exact(FloatVector.broadcast(SPECIES, values[v + e]));
                int bk = bOffset + (numbers[steps + e] - stepFrom) * bStride;
                s0 = x.fma(exact(FloatVector.fromArray(SPECIES, b, bk + 0 * L)), s0);
                s1 = x.fma(exact(FloatVector.fromArray(SPECIES, b, bk + 1 * L)), s1);
                s2 = x.fma(exact(FloatVector.fromArray(SPECIES, b, bk + 2 * L)), s2);
                s3 = x.fma(exact(FloatVector.fromArray(SPECIES, b, bk + 3 * L)), s3);
            }
            s0.intoArray(c, at + 0 * L);
            s1.intoArray(c, at + 1 * L);
            s2.intoArray(c, at + 2 * L);
            s3.intoArray(c, at + 3 * L);
        }
    }
}
