package dev.cambium.cpu.kernels;

import static dev.cambium.cpu.kernels.Vectors.exact;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loops that visit entries alone, over the Vector API. Of a convolution's gradients lanes are input channels; taps are taken nine, three
 * or one at a time, whose sums and weights stay in registers.
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

    static int count(float[] a, int offset, int elements) {
        int count = 0;
        int whole = SPECIES.loopBound(elements);
        for (int i = 0; i < whole; i += L) {
            count += exact(FloatVector.fromArray(SPECIES, a, offset + i)).compare(VectorOperators.NE, 0).trueCount();
        }
        return count + ScalarSparse.count(a, offset + whole, elements - whole);
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

    static void tapGradients(float[] values, int valuesOffset, int[] numbers, int startsOffset, int lists,
            int entriesOffset, int[] rows, float[] image, int imageOffset, int[] taps, float[] w, int wOffset,
            int wStride, float[] sums, int sumsOffset, int sumsStride) {
        int tap = 0;
        while (tap < taps.length) {
            int count = ScalarSparse.tapsAtOnce(taps, tap, L);
            int at = imageOffset + taps[tap];
            int weight = wOffset + tap * L;
            int sum = sumsOffset + tap * L;
            switch (count) {
                case 9 -> taps9(values, valuesOffset, numbers, startsOffset, lists, entriesOffset, rows, image, at,
                        taps[tap + 3] - taps[tap], w, weight, wStride, sums, sum, sumsStride);
                case 3 -> taps3(values, valuesOffset, numbers, startsOffset, lists, entriesOffset, rows, image, at, w,
                        weight, wStride, sums, sum, sumsStride);
                default -> taps1(values, valuesOffset, numbers, startsOffset, lists, entriesOffset, rows, image, at, w,
                        weight, wStride, sums, sum, sumsStride);
            }
            tap += count;
        }
    }

    // What a multiply-add is called on has to be exact; what it takes has not, and C2 inlines no more casts than there are.

    private static void taps9(float[] values, int valuesOffset, int[] numbers, int startsOffset, int lists,
            int entriesOffset, int[] rows, float[] image, int imageOffset, int down, float[] w, int wOffset,
            int wStride,
            float[] sums, int sumsOffset, int sumsStride) {
        for (int list = 0; list < lists; list++) {
            int from = numbers[startsOffset + list];
            int to = numbers[startsOffset + list + 1];
            if (from >= to) {
                continue;
            }
            int weight = wOffset + list * wStride;
            int sum = sumsOffset + list * sumsStride;
            FloatVector w0 = FloatVector.fromArray(SPECIES, w, weight);
            FloatVector w1 = FloatVector.fromArray(SPECIES, w, weight + L);
            FloatVector w2 = FloatVector.fromArray(SPECIES, w, weight + 2 * L);
            FloatVector w3 = FloatVector.fromArray(SPECIES, w, weight + 3 * L);
            FloatVector w4 = FloatVector.fromArray(SPECIES, w, weight + 4 * L);
            FloatVector w5 = FloatVector.fromArray(SPECIES, w, weight + 5 * L);
            FloatVector w6 = FloatVector.fromArray(SPECIES, w, weight + 6 * L);
            FloatVector w7 = FloatVector.fromArray(SPECIES, w, weight + 7 * L);
            FloatVector w8 = FloatVector.fromArray(SPECIES, w, weight + 8 * L);
            FloatVector s0 = exact(FloatVector.fromArray(SPECIES, sums, sum));
            FloatVector s1 = exact(FloatVector.fromArray(SPECIES, sums, sum + L));
            FloatVector s2 = exact(FloatVector.fromArray(SPECIES, sums, sum + 2 * L));
            FloatVector s3 = exact(FloatVector.fromArray(SPECIES, sums, sum + 3 * L));
            FloatVector s4 = exact(FloatVector.fromArray(SPECIES, sums, sum + 4 * L));
            FloatVector s5 = exact(FloatVector.fromArray(SPECIES, sums, sum + 5 * L));
            FloatVector s6 = exact(FloatVector.fromArray(SPECIES, sums, sum + 6 * L));
            FloatVector s7 = exact(FloatVector.fromArray(SPECIES, sums, sum + 7 * L));
            FloatVector s8 = exact(FloatVector.fromArray(SPECIES, sums, sum + 8 * L));
            for (int e = from; e < to; e++) {
                FloatVector v = exact(FloatVector.broadcast(SPECIES, values[valuesOffset + e]));
                int top = imageOffset + rows[numbers[entriesOffset + e]];
                int middle = top + down;
                int bottom = middle + down;
                s0 = v.fma(FloatVector.fromArray(SPECIES, image, top), s0);
                v.fma(w0, FloatVector.fromArray(SPECIES, image, top + L)).intoArray(image, top + L);
                s1 = v.fma(FloatVector.fromArray(SPECIES, image, top + 2 * L), s1);
                v.fma(w1, FloatVector.fromArray(SPECIES, image, top + 3 * L)).intoArray(image, top + 3 * L);
                s2 = v.fma(FloatVector.fromArray(SPECIES, image, top + 4 * L), s2);
                v.fma(w2, FloatVector.fromArray(SPECIES, image, top + 5 * L)).intoArray(image, top + 5 * L);
                s3 = v.fma(FloatVector.fromArray(SPECIES, image, middle), s3);
                v.fma(w3, FloatVector.fromArray(SPECIES, image, middle + L)).intoArray(image, middle + L);
                s4 = v.fma(FloatVector.fromArray(SPECIES, image, middle + 2 * L), s4);
                v.fma(w4, FloatVector.fromArray(SPECIES, image, middle + 3 * L)).intoArray(image, middle + 3 * L);
                s5 = v.fma(FloatVector.fromArray(SPECIES, image, middle + 4 * L), s5);
                v.fma(w5, FloatVector.fromArray(SPECIES, image, middle + 5 * L)).intoArray(image, middle + 5 * L);
                s6 = v.fma(FloatVector.fromArray(SPECIES, image, bottom), s6);
                v.fma(w6, FloatVector.fromArray(SPECIES, image, bottom + L)).intoArray(image, bottom + L);
                s7 = v.fma(FloatVector.fromArray(SPECIES, image, bottom + 2 * L), s7);
                v.fma(w7, FloatVector.fromArray(SPECIES, image, bottom + 3 * L)).intoArray(image, bottom + 3 * L);
                s8 = v.fma(FloatVector.fromArray(SPECIES, image, bottom + 4 * L), s8);
                v.fma(w8, FloatVector.fromArray(SPECIES, image, bottom + 5 * L)).intoArray(image, bottom + 5 * L);
            }
            s0.intoArray(sums, sum);
            s1.intoArray(sums, sum + L);
            s2.intoArray(sums, sum + 2 * L);
            s3.intoArray(sums, sum + 3 * L);
            s4.intoArray(sums, sum + 4 * L);
            s5.intoArray(sums, sum + 5 * L);
            s6.intoArray(sums, sum + 6 * L);
            s7.intoArray(sums, sum + 7 * L);
            s8.intoArray(sums, sum + 8 * L);
        }
    }

    private static void taps3(float[] values, int valuesOffset, int[] numbers, int startsOffset, int lists,
            int entriesOffset, int[] rows, float[] image, int imageOffset, float[] w, int wOffset, int wStride,
            float[] sums, int sumsOffset, int sumsStride) {
        for (int list = 0; list < lists; list++) {
            int from = numbers[startsOffset + list];
            int to = numbers[startsOffset + list + 1];
            if (from >= to) {
                continue;
            }
            int weight = wOffset + list * wStride;
            int sum = sumsOffset + list * sumsStride;
            FloatVector w0 = FloatVector.fromArray(SPECIES, w, weight);
            FloatVector w1 = FloatVector.fromArray(SPECIES, w, weight + L);
            FloatVector w2 = FloatVector.fromArray(SPECIES, w, weight + 2 * L);
            FloatVector s0 = exact(FloatVector.fromArray(SPECIES, sums, sum));
            FloatVector s1 = exact(FloatVector.fromArray(SPECIES, sums, sum + L));
            FloatVector s2 = exact(FloatVector.fromArray(SPECIES, sums, sum + 2 * L));
            for (int e = from; e < to; e++) {
                FloatVector v = exact(FloatVector.broadcast(SPECIES, values[valuesOffset + e]));
                int at = imageOffset + rows[numbers[entriesOffset + e]];
                s0 = v.fma(FloatVector.fromArray(SPECIES, image, at), s0);
                v.fma(w0, FloatVector.fromArray(SPECIES, image, at + L)).intoArray(image, at + L);
                s1 = v.fma(FloatVector.fromArray(SPECIES, image, at + 2 * L), s1);
                v.fma(w1, FloatVector.fromArray(SPECIES, image, at + 3 * L)).intoArray(image, at + 3 * L);
                s2 = v.fma(FloatVector.fromArray(SPECIES, image, at + 4 * L), s2);
                v.fma(w2, FloatVector.fromArray(SPECIES, image, at + 5 * L)).intoArray(image, at + 5 * L);
            }
            s0.intoArray(sums, sum);
            s1.intoArray(sums, sum + L);
            s2.intoArray(sums, sum + 2 * L);
        }
    }

    private static void taps1(float[] values, int valuesOffset, int[] numbers, int startsOffset, int lists,
            int entriesOffset, int[] rows, float[] image, int imageOffset, float[] w, int wOffset, int wStride,
            float[] sums, int sumsOffset, int sumsStride) {
        for (int list = 0; list < lists; list++) {
            int from = numbers[startsOffset + list];
            int to = numbers[startsOffset + list + 1];
            if (from >= to) {
                continue;
            }
            int weight = wOffset + list * wStride;
            int sum = sumsOffset + list * sumsStride;
            FloatVector w0 = FloatVector.fromArray(SPECIES, w, weight);
            FloatVector s0 = exact(FloatVector.fromArray(SPECIES, sums, sum));
            for (int e = from; e < to; e++) {
                FloatVector v = exact(FloatVector.broadcast(SPECIES, values[valuesOffset + e]));
                int at = imageOffset + rows[numbers[entriesOffset + e]];
                s0 = v.fma(FloatVector.fromArray(SPECIES, image, at), s0);
                v.fma(w0, FloatVector.fromArray(SPECIES, image, at + L)).intoArray(image, at + L);
            }
            s0.intoArray(sums, sum);
        }
    }

    static void copyRows(float[] from, int fromOffset, int fromStride, float[] to, int toOffset, int toStride, int rows,
            int columns) {
        if (SPECIES.loopBound(columns) != columns) {
            ScalarSparse.copyRows(from, fromOffset, fromStride, to, toOffset, toStride, rows, columns);
            return;
        }
        for (int row = 0; row < rows; row++) {
            int source = fromOffset + row * fromStride;
            int target = toOffset + row * toStride;
            for (int j = 0; j < columns; j += L) {
                exact(FloatVector.fromArray(SPECIES, from, source + j)).intoArray(to, target + j);
            }
        }
    }

    static void sampledDots(int[] numbers, int boundsOffset, int boundsStride, int entriesOffset,
            int rows, float[] a, int aOffset, int aStride, float[] d, int dOffset, int dStride,
            int columns, float[] sums, int sumsOffset, boolean accumulate) {
        switch (L) {
            case 16 ->
                    dots16(numbers, boundsOffset, boundsStride, entriesOffset, rows, a,
                            aOffset, aStride, d, dOffset, dStride, sums, sumsOffset, accumulate);
            case 8 ->
                    dots8(numbers, boundsOffset, boundsStride, entriesOffset, rows, a,
                            aOffset, aStride, d, dOffset, dStride, sums, sumsOffset, accumulate);
            case 4 ->
                    dots4(numbers, boundsOffset, boundsStride, entriesOffset, rows, a,
                            aOffset, aStride, d, dOffset, dStride, sums, sumsOffset, accumulate);
            default -> ScalarSparse.sampledDots(numbers, boundsOffset, boundsStride, entriesOffset,
                    rows, a, aOffset, aStride, d, dOffset, dStride, columns, sums, sumsOffset, accumulate);
        }
    }

    // Sixteen sums are one, two or four vectors. Each is written out, since C2 keeps vectors in registers only so.

    private static void dots16(int[] numbers, int boundsOffset, int boundsStride, int entriesOffset, int rows,
            float[] a, int aOffset, int aStride, float[] d, int dOffset,
            int dStride, float[] sums, int sumsOffset, boolean accumulate) {
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        int sum = sumsOffset;
        for (int row = 0; row < rows; row++) {
            int from = numbers[boundsOffset + row * boundsStride];
            int to = numbers[boundsOffset + row * boundsStride + 1];
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
                int at = dOffset + numbers[entriesOffset + e] * dStride;
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

    private static void dots8(int[] numbers, int boundsOffset, int boundsStride, int entriesOffset, int rows, float[] a,
            int aOffset, int aStride, float[] d, int dOffset,
            int dStride, float[] sums, int sumsOffset, boolean accumulate) {
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        int sum = sumsOffset;
        for (int row = 0; row < rows; row++) {
            int from = numbers[boundsOffset + row * boundsStride];
            int to = numbers[boundsOffset + row * boundsStride + 1];
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
                int at = dOffset + numbers[entriesOffset + e] * dStride;
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

    private static void dots4(int[] numbers, int boundsOffset, int boundsStride, int entriesOffset, int rows, float[] a,
            int aOffset, int aStride, float[] d, int dOffset,
            int dStride, float[] sums, int sumsOffset, boolean accumulate) {
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        int sum = sumsOffset;
        for (int row = 0; row < rows; row++) {
            int from = numbers[boundsOffset + row * boundsStride];
            int to = numbers[boundsOffset + row * boundsStride + 1];
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
                int at = dOffset + numbers[entriesOffset + e] * dStride;
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

    static void dotsAndRows16(float[] values, int valuesOffset, int[] numbers, int boundsOffset, int boundsStride,
            int entriesOffset, int rows, float[] a, int aOffset, int aStride, float[] d,
            int dOffset, int dStride, float[] sums, int sumsOffset, boolean accumulate, float[] c, int cOffset,
            int cStride, boolean accumulateRows) {
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        int sum = sumsOffset;
        for (int row = 0; row < rows; row++) {
            int from = numbers[boundsOffset + row * boundsStride];
            int to = numbers[boundsOffset + row * boundsStride + 1];
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
            FloatVector r0 = accumulateRows ? exact(FloatVector.fromArray(SPECIES, c, target + 0 * L)) : zero;
            FloatVector r1 = accumulateRows ? exact(FloatVector.fromArray(SPECIES, c, target + 1 * L)) : zero;
            FloatVector r2 = accumulateRows ? exact(FloatVector.fromArray(SPECIES, c, target + 2 * L)) : zero;
            FloatVector r3 = accumulateRows ? exact(FloatVector.fromArray(SPECIES, c, target + 3 * L)) : zero;
            FloatVector r4 = accumulateRows ? exact(FloatVector.fromArray(SPECIES, c, target + 4 * L)) : zero;
            FloatVector r5 = accumulateRows ? exact(FloatVector.fromArray(SPECIES, c, target + 5 * L)) : zero;
            FloatVector r6 = accumulateRows ? exact(FloatVector.fromArray(SPECIES, c, target + 6 * L)) : zero;
            FloatVector r7 = accumulateRows ? exact(FloatVector.fromArray(SPECIES, c, target + 7 * L)) : zero;
            for (int e = from; e < to; e++, sum += 16) {
                int at = dOffset + numbers[entriesOffset + e] * dStride;
                FloatVector x = exact(FloatVector.broadcast(SPECIES, values[valuesOffset + e]));
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

    static void rows(float[] values, int valuesOffset, int[] numbers, int boundsOffset, int boundsStride,
            int entriesOffset, int rows, float[] b, int bOffset,
            int bStride, float[] c, int cOffset, int[] cRows, int columns, boolean accumulate) {
        boolean wide = columns == 8 * L;
        for (int row = 0; row < rows; row++) {
            int bounds = boundsOffset + row * boundsStride;
            int from = entriesOffset + numbers[bounds];
            int to = entriesOffset + numbers[bounds + 1];
            int at = cOffset + cRows[row];
            if (wide) {
                row8(values, valuesOffset - entriesOffset, numbers, from, to, b, bOffset, bStride, c, at, accumulate);
            } else {
                row4(values, valuesOffset - entriesOffset, numbers, from, to, b, bOffset, bStride, c, at, accumulate);
            }
        }
    }

    /**
     * One list, entry e of which is {@code values[valuesOffset + e]} in row {@code numbers[e]} of B. Too large for C2 to inline, which leaves
     * all registers to the loop: within a loop over lists five operands came from the stack each round, and it took 1.1 of the time.
     */
    private static void row8(float[] values, int valuesOffset, int[] numbers, int from, int to, float[] b, int bOffset,
            int bStride, float[] c, int at, boolean accumulate) {
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
            FloatVector x = exact(FloatVector.broadcast(SPECIES, values[valuesOffset + e]));
            int bk = bOffset + numbers[e] * bStride;
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

    private static void row4(float[] values, int valuesOffset, int[] numbers, int from, int to, float[] b, int bOffset,
            int bStride, float[] c, int at, boolean accumulate) {
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        FloatVector s0 = accumulate ? exact(FloatVector.fromArray(SPECIES, c, at)) : zero;
        FloatVector s1 = accumulate ? exact(FloatVector.fromArray(SPECIES, c, at + L)) : zero;
        FloatVector s2 = accumulate ? exact(FloatVector.fromArray(SPECIES, c, at + 2 * L)) : zero;
        FloatVector s3 = accumulate ? exact(FloatVector.fromArray(SPECIES, c, at + 3 * L)) : zero;
        for (int e = from; e < to; e++) {
            FloatVector x = exact(FloatVector.broadcast(SPECIES, values[valuesOffset + e]));
            int bk = bOffset + numbers[e] * bStride;
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
