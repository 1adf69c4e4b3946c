package dev.cambium.cpu.kernels;

/** The loops of {@link VectorSparse} in plain Java, which give the same bits where the processor fuses multiply-adds. */
final class ScalarSparse {
    private static final int[] ONE_ROW = {0};

    private ScalarSparse() {}

    static boolean moderate(float[] a, int offset, int rows, int stride, int columns) {
        for (int row = 0; row < rows; row++) {
            for (int i = offset + row * stride; i < offset + row * stride + columns; i++) {
                if (!(Math.abs(a[i]) < 0x1p48f)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Without a branch that would be mispredicted: each element is written, and the next one over it if it is zero. */
    static int count(float[] a, int offset, int elements) {
        int count = 0;
        for (int i = offset; i < offset + elements; i++) {
            count += a[i] != 0 ? 1 : 0;
        }
        return count;
    }

    static int list(float[] a, int offset, int from, int to, float[] values, int valuesOffset, int[] columns,
            int columnsOffset) {
        int count = 0;
        for (int column = from; column < to; column++) {
            float value = a[offset + column];
            values[valuesOffset + count] = value;
            columns[columnsOffset + count] = column;
            count += value == 0 ? 0 : 1;
        }
        return count;
    }

    /** Appends the entries of one row's columns to those found; −1 if they are more than there is room for. */
    static int entries(float[] a, int offset, int row, int from, int to, int before, int[] counts, int countsOffset,
            int[] found, int rowsOffset, int columnsOffset, int capacity) {
        int count = before;
        for (int column = from; column < to; column++) {
            if (a[offset + column] != 0) {
                if (count == capacity) {
                    return -1;
                }
                found[rowsOffset + count] = row;
                found[columnsOffset + count] = column;
                counts[countsOffset + column]++;
                count++;
            }
        }
        return count;
    }

    static void tapGradients(float[] values, int valuesOffset, int[] numbers, int startsOffset, int lists,
            int entriesOffset, int[] rows, float[] image, int imageOffset, int[] taps, float[] w, int wOffset,
            int wStride, float[] sums, int sumsOffset, int sumsStride) {
        for (int first = 0, last; first < taps.length; first = last) {
            last = first + tapsAtOnce(taps, first, 1);
            for (int list = 0; list < lists; list++) {
                int weight = wOffset + list * wStride;
                int sum = sumsOffset + list * sumsStride;
                for (int e = numbers[startsOffset + list]; e < numbers[startsOffset + list + 1]; e++) {
                    float value = values[valuesOffset + e];
                    int at = imageOffset + rows[numbers[entriesOffset + e]];
                    for (int tap = first; tap < last; tap++) {
                        int pixel = at + taps[tap];
                        sums[sum + tap] = FusedMultiplyAdd.of(value, image[pixel], sums[sum + tap]);
                        image[pixel + 1] = FusedMultiplyAdd.of(value, w[weight + tap], image[pixel + 1]);
                    }
                }
            }
        }
    }

    /**
     * How many of the taps left {@link VectorSparse} takes at once, on which the order of sums depends: three that are neighbours, nine
     * that are three times three, else one.
     */
    static int tapsAtOnce(int[] taps, int first, int lanes) {
        if (!areNeighbours(taps, first, lanes)) {
            return 1;
        }
        return areNeighbours(taps, first + 3, lanes) && areNeighbours(taps, first + 6, lanes)
                && taps[first + 6] - taps[first + 3] == taps[first + 3] - taps[first] ? 9 : 3;
    }

    private static boolean areNeighbours(int[] taps, int first, int lanes) {
        int pixel = 2 * lanes;
        return first + 3 <= taps.length && taps[first + 1] - taps[first] == pixel
                && taps[first + 2] - taps[first + 1] == pixel;
    }

    static void copyRows(float[] from, int fromOffset, int fromStride, float[] to, int toOffset, int toStride, int rows,
            int columns) {
        for (int row = 0; row < rows; row++) {
            System.arraycopy(from, fromOffset + row * fromStride, to, toOffset + row * toStride, columns);
        }
    }

    static void rows(float[] values, int valuesOffset, int[] numbers, int boundsOffset, int boundsStride,
            int entriesOffset, int rows, float[] b, int bOffset,
            int bStride, float[] c, int cOffset, int[] cRows, int columns, boolean accumulate) {
        for (int row = 0; row < rows; row++) {
            int from = numbers[boundsOffset + row * boundsStride];
            int to = numbers[boundsOffset + row * boundsStride + 1];
            int at = cOffset + cRows[row];
            for (int j = 0; j < columns; j += 4) {
                float s0 = accumulate ? c[at + j] : 0;
                float s1 = accumulate ? c[at + j + 1] : 0;
                float s2 = accumulate ? c[at + j + 2] : 0;
                float s3 = accumulate ? c[at + j + 3] : 0;
                for (int e = from; e < to; e++) {
                    float value = values[valuesOffset + e];
                    int bk = bOffset + numbers[entriesOffset + e] * bStride + j;
                    s0 = FusedMultiplyAdd.of(value, b[bk], s0);
                    s1 = FusedMultiplyAdd.of(value, b[bk + 1], s1);
                    s2 = FusedMultiplyAdd.of(value, b[bk + 2], s2);
                    s3 = FusedMultiplyAdd.of(value, b[bk + 3], s3);
                }
                c[at + j] = s0;
                c[at + j + 1] = s1;
                c[at + j + 2] = s2;
                c[at + j + 3] = s3;
            }
        }
    }

    static void sampledDots(int[] numbers, int boundsOffset, int boundsStride, int entriesOffset,
            int rows, float[] a, int aOffset, int aStride, float[] d, int dOffset, int dStride,
            int columns, float[] sums, int sumsOffset, boolean accumulate) {
        int sum = sumsOffset;
        for (int row = 0; row < rows; row++) {
            int to = numbers[boundsOffset + row * boundsStride + 1];
            for (int e = numbers[boundsOffset + row * boundsStride]; e < to; e++, sum += 16) {
                int at = dOffset + numbers[entriesOffset + e] * dStride;
                for (int l = 0; l < 16; l++) {
                    float total = accumulate ? sums[sum + l] : 0;
                    for (int j = l; j < columns; j += 16) {
                        total = FusedMultiplyAdd.of(a[aOffset + row * aStride + j], d[at + j], total);
                    }
                    sums[sum + l] = total;
                }
            }
        }
    }

    /** One after the other. */
    static void sampledDotsAndRows(Products products, float[] values, int valuesOffset, int[] numbers, int boundsOffset,
            int boundsStride, int entriesOffset, int rows, float[] a, int aOffset, int aStride, float[] d,
            int dOffset, int dStride, float[] sums, int sumsOffset, boolean accumulate, float[] c, int cOffset,
            int cStride, boolean accumulateRows) {
        products.sampledDots(numbers, boundsOffset, boundsStride, entriesOffset, rows, a,
                aOffset, aStride, d, dOffset, dStride, dStride, sums, sumsOffset, accumulate);
        for (int row = 0; row < rows; row++) {
            products.sparseRows(values, valuesOffset, numbers, boundsOffset + row * boundsStride, boundsStride,
                    entriesOffset, 1, d, dOffset, dStride, c, cOffset + row * cStride, ONE_ROW, dStride,
                    accumulateRows);
        }
    }
}
