package dev.cambium.cpu.kernels;

import java.util.Arrays;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products over the Vector API: cuts rows into {@link Tiles} and panels' edges into scratch. With 32 registers the wide tile
 * is 6x4, the middle one 8x3 and the narrow one 12x2; with 16 all are 6x2. Lower tiles take the last rows.
 */
final class VectorProducts implements Products {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int L = SPECIES.length();
    /** AVX-512 and the 64-bit ARM and RISC-V have 32 vector registers; AVX2 has 16. */
    private static final boolean MANY_REGISTERS = L == 16 || !System.getProperty("os.arch").matches("amd64|x86_64");
    static final Panels PANELS = MANY_REGISTERS ? new Panels(4 * L, 3 * L, 2 * L) : new Panels(2 * L, 2 * L, 2 * L);
    private static final int TALLEST = 12;
    /** Steps whose lines of a panel stay in the first-level cache until the next columns are written to them. */
    private static final int PACKED_AT_ONCE = 64;
    /** Of the edge of a panel of so many vectors the offsets of its rows. */
    private static final int[][] EDGE_ROWS = {{}, {}, Products.offsets(TALLEST, 2 * L),
            Products.offsets(TALLEST, 3 * L), Products.offsets(TALLEST, 4 * L)};

    @Override
    public Panels panels() {
        return PANELS;
    }

    @Override
    public int edgeScratch() {
        return TALLEST * PANELS.wide();
    }

    @Override
    public void product(float[] a, int aOffset, int[] rows, int rowFrom, int rowTo, Steps steps, int stepFrom,
            int stepTo, float[] b, int bOffset, int bStride, float[] c, int cOffset, int[] cRows, int columns,
            boolean accumulate, float[] edge, int edgeOffset) {
        int width = PANELS.width(columns);
        int vectors = width / L;
        int[] edgeRows = EDGE_ROWS[vectors];
        int row = rowFrom;
        while (row < rowTo) {
            int height = height(vectors, rowTo - row);
            int count = Math.min(height, rowTo - row);
            if (columns == width) {
                tile(vectors, height, a, aOffset, rows, row, count, steps, stepFrom, stepTo, b, bOffset, bStride,
                        c, cOffset, cRows, row, accumulate);
            } else {
                if (accumulate) {
                    for (int i = 0; i < count; i++) {
                        System.arraycopy(c, cOffset + cRows[row + i], edge, edgeOffset + edgeRows[i], columns);
                    }
                }
                tile(vectors, height, a, aOffset, rows, row, count, steps, stepFrom, stepTo, b, bOffset, bStride,
                        edge, edgeOffset, edgeRows, 0, accumulate);
                for (int i = 0; i < count; i++) {
                    System.arraycopy(edge, edgeOffset + edgeRows[i], c, cOffset + cRows[row + i], columns);
                }
            }
            row += count;
        }
    }

    /**
     * Returns the height of the tile to take next. A step of a 12x2 tile takes 13 cycles, of 6x4 and 8x3 12, of 6x2 7,
     * and of the lowest ones 4: a higher tile with repeats costs less than several lower ones.
     */
    static int height(int vectors, int rowsLeft) {
        return switch (vectors) {
            case 4 -> rowsLeft >= 3 ? 6 : 2;
            case 3 -> rowsLeft >= 3 ? 8 : 2;
            default -> rowsLeft >= 8 && MANY_REGISTERS ? 12 : rowsLeft >= 3 ? 6 : 2;
        };
    }

    /** Computes one tile, of a height that {@link #height} tells. */
    static void tile(int vectors, int height, float[] a, int aOffset, int[] rows, int row, int count, Steps steps,
            int from, int to, float[] b, int bOffset, int bStride, float[] c, int cOffset, int[] cRows, int cRow,
            boolean accumulate) {
        int[] offsets = steps.offsets();
        if (height == 6 && vectors == PANELS.wide() / L && steps.consecutive() && from < to) {
            int first = aOffset + offsets[from];
            int stepCount = to - from;
            if (vectors == 4) {
                Tiles.consecutive6x4(a, first, rows, row, count, stepCount, b, bOffset, bStride, c, cOffset, cRows,
                        cRow, accumulate);
            } else {
                Tiles.consecutive6x2(a, first, rows, row, count, stepCount, b, bOffset, bStride, c, cOffset, cRows,
                        cRow, accumulate);
            }
            return;
        }
        switch (10 * height + vectors) {
            case 64 -> Tiles.tile6x4(a, aOffset, rows, row, count, offsets, from, to, b, bOffset, bStride, c, cOffset,
                    cRows, cRow, accumulate);
            case 24 -> Tiles.tile2x4(a, aOffset, rows, row, count, offsets, from, to, b, bOffset, bStride, c, cOffset,
                    cRows, cRow, accumulate);
            case 83 -> Tiles.tile8x3(a, aOffset, rows, row, count, offsets, from, to, b, bOffset, bStride, c, cOffset,
                    cRows, cRow, accumulate);
            case 23 -> Tiles.tile2x3(a, aOffset, rows, row, count, offsets, from, to, b, bOffset, bStride, c, cOffset,
                    cRows, cRow, accumulate);
            case 122 -> Tiles.tile12x2(a, aOffset, rows, row, count, offsets, from, to, b, bOffset, bStride, c, cOffset,
                    cRows, cRow, accumulate);
            case 62 -> Tiles.tile6x2(a, aOffset, rows, row, count, offsets, from, to, b, bOffset, bStride, c, cOffset,
                    cRows, cRow, accumulate);
            case 22 -> Tiles.tile2x2(a, aOffset, rows, row, count, offsets, from, to, b, bOffset, bStride, c, cOffset,
                    cRows, cRow, accumulate);
            default -> throw new IllegalArgumentException("no tile " + height + "x" + vectors);
        }
    }

    @Override
    public void channelwise(float[] a, int aOffset, int[] rows, int rowFrom, int rowTo, int[] steps, int stepFrom,
            int stepTo, float[] b, int bOffset, int bStride, float[] c, int cOffset, int[] cRows, int channels,
            boolean accumulate) {
        int vectors = SPECIES.loopBound(channels);
        for (int row = rowFrom; row < rowTo; row += 8) {
            int count = Math.min(8, rowTo - row);
            for (int j = 0; j < vectors; j += L) {
                Tiles.channels8(a, aOffset + j, rows, row, count, steps, stepFrom, stepTo, b, bOffset + j, bStride,
                        c, cOffset + j, cRows, accumulate);
            }
        }
        if (vectors < channels) {
            ScalarProducts.channels(a, aOffset, rows, rowFrom, rowTo, steps, stepFrom, stepTo, b, bOffset, bStride,
                    c, cOffset, cRows, vectors, channels, accumulate);
        }
    }

    @Override
    public void pack(float[] b, int bOffset, int stepStride, int columnStride, int steps, int columns, float[] panel,
            int panelOffset, int width) {
        if (columnStride == 1 && columns == width) {
            copyRows(b, bOffset, stepStride, panel, panelOffset, width, steps, columns);
            return;
        }
        int transposedColumns = 0;
        if (stepStride == 1 && steps >= Transposition.STEPS && Transposition.isCompiled()) {
            transposedColumns = columns & -8;
            for (int step = 0; step < steps; step += PACKED_AT_ONCE) {
                int first = Math.min(step, steps - Transposition.STEPS);
                for (int j = 0; j < transposedColumns; j += 8) {
                    Transposition.pack(b, bOffset + first + j * columnStride, columnStride,
                            Math.min(PACKED_AT_ONCE, steps - first), panel, panelOffset + first * width + j, width);
                }
            }
        }
        if (transposedColumns < width) {
            ScalarProducts.packPanel(b, bOffset + transposedColumns * columnStride, stepStride, columnStride, steps,
                    columns - transposedColumns, panel, panelOffset + transposedColumns, width - transposedColumns,
                    width);
        }
    }

    @Override
    public int lanes() {
        return L;
    }

    @Override
    public boolean moderate(float[] a, int offset, int rows, int stride, int columns) {
        return VectorSparse.moderate(a, offset, rows, stride, columns);
    }

    @Override
    public int count(float[] a, int offset, int elements) {
        return VectorSparse.count(a, offset, elements);
    }

    @Override
    public int list(float[] a, int offset, int from, int to, float[] values, int valuesOffset, int[] columns,
            int columnsOffset) {
        return VectorSparse.list(a, offset, from, to, values, valuesOffset, columns, columnsOffset);
    }

    @Override
    public int entries(float[] a, int offset, int rows, int columns, int[] counts, int countsOffset, int[] found,
            int rowsOffset, int columnsOffset, int capacity) {
        return VectorSparse.entries(a, offset, rows, columns, counts, countsOffset, found, rowsOffset, columnsOffset,
                capacity);
    }

    @Override
    public void tapGradients(float[] values, int valuesOffset, int[] numbers, int startsOffset, int lists,
            int entriesOffset, int[] rows, float[] image, int imageOffset, int[] taps, float[] w, int wOffset,
            int wStride, float[] sums, int sumsOffset, int sumsStride) {
        VectorSparse.tapGradients(values, valuesOffset, numbers, startsOffset, lists, entriesOffset, rows, image,
                imageOffset, taps, w, wOffset, wStride, sums, sumsOffset, sumsStride);
    }

    @Override
    public void copyRows(float[] from, int fromOffset, int fromStride, float[] to, int toOffset, int toStride, int rows,
            int columns) {
        VectorSparse.copyRows(from, fromOffset, fromStride, to, toOffset, toStride, rows, columns);
    }

    @Override
    public void sparseRows(float[] values, int valuesOffset, int[] numbers, int boundsOffset, int boundsStride,
            int entriesOffset, int rows, float[] b, int bOffset,
            int bStride, float[] c, int cOffset, int[] cRows, int columns, boolean accumulate) {
        VectorSparse.rows(values, valuesOffset, numbers, boundsOffset, boundsStride, entriesOffset,
                rows, b, bOffset, bStride, c, cOffset, cRows, columns, accumulate);
    }

    @Override
    public void sampledDots(int[] numbers, int boundsOffset, int boundsStride, int entriesOffset,
            int rows, float[] a, int aOffset, int aStride, float[] d, int dOffset, int dStride,
            int columns, float[] sums, int sumsOffset, boolean accumulate) {
        VectorSparse.sampledDots(numbers, boundsOffset, boundsStride, entriesOffset, rows, a, aOffset, aStride, d,
                dOffset, dStride, columns, sums, sumsOffset, accumulate);
    }

    /** As one loop it takes 19 registers, of which there are 32 where vectors have 16 lanes. */
    @Override
    public void sampledDotsAndRows(float[] values, int valuesOffset, int[] numbers, int boundsOffset, int boundsStride,
            int entriesOffset, int rows, float[] a, int aOffset, int aStride, float[] d,
            int dOffset, int dStride, float[] sums, int sumsOffset, boolean accumulate, float[] c, int cOffset,
            int cStride, boolean accumulateRows) {
        if (L == 16) {
            VectorSparse.dotsAndRows16(values, valuesOffset, numbers, boundsOffset, boundsStride, entriesOffset, rows,
                    a, aOffset, aStride, d, dOffset, dStride, sums, sumsOffset, accumulate, c,
                    cOffset,
                    cStride, accumulateRows);
        } else {
            ScalarSparse.sampledDotsAndRows(this, values, valuesOffset, numbers, boundsOffset, boundsStride,
                    entriesOffset, rows, a, aOffset, aStride, d, dOffset, dStride, sums, sumsOffset, accumulate, c,
                    cOffset,
                    cStride, accumulateRows);
        }
    }

    /** The tiles are two vectors wide, and take more registers than 16. */
    @Override
    public boolean pools(int columns) {
        return MANY_REGISTERS && columns % (2 * L) == 0;
    }

    @Override
    public void pooledProduct(float[] a, int aOffset, int[] windows, int right, int down, int[] steps, float[] b,
            int bOffset, int bStride, int columns, float[] shifts, int shiftsOffset, float floor, float[] c,
            int cOffset, int cStride, float[] winners, int winnersOffset) {
        for (int j = 0; j < columns; j += 2 * L) {
            for (int w = 0; w < windows.length; w += 2) {
                int next = Math.min(w + 1, windows.length - 1);
                PooledTiles.largest(a, aOffset + windows[w], aOffset + windows[next], right, down, steps, b,
                        bOffset + j,
                        bStride, shifts, shiftsOffset + j, floor, c, cOffset + w * cStride + j,
                        cOffset + next * cStride + j, winners,
                        winnersOffset + w * cStride + j, winnersOffset + next * cStride + j);
            }
        }
    }

    @Override
    public void spreadProduct(float[] a, int aOffset, int[] windows, int right, int down, int[] steps, int columns,
            float[] dy, int dyOffset, int dyStride, float[] winners, int winnersOffset, float[] sum, int sumOffset,
            int[] sumRows, boolean accumulate) {
        for (int step = 0; !accumulate && step < steps.length; step++) {
            Arrays.fill(sum, sumOffset + sumRows[step], sumOffset + sumRows[step] + columns, 0);
        }
        for (int j = 0; j < columns; j += 2 * L) {
            for (int step = 0; step < steps.length; step += 9) {
                PooledTiles.spread(a, aOffset, windows, right, down, steps, step, Math.min(9, steps.length - step), dy,
                        dyOffset + j, dyStride, winners, winnersOffset + j, sum, sumOffset + j, sumRows);
            }
        }
    }

    @Override
    public void winogradInput(float[] a, int aOffset, int[] squares, int first, int count, int down, int right,
            int channels, float[] v, int vOffset, int vRow) {
        VectorWinograd.input(a, aOffset, squares, first, count, down, right, channels, v, vOffset, vRow);
    }

    @Override
    public boolean winogradOutput(float[] m, int mOffset, int mRow, int count, int columns, float[] c,
            int cOffset, int[] targets, int first) {
        return VectorWinograd.output(m, mOffset, mRow, count, columns, c, cOffset, targets, first);
    }

    @Override
    public boolean winogradPooledOutput(float[] m, int mOffset, int mRow, int count, int columns, float[] shifts,
            int shiftsOffset, float floor, float[] c, int cOffset, int cStride, float[] winners, int winnersOffset) {
        return VectorWinograd.pooledOutput(m, mOffset, mRow, count, columns, shifts, shiftsOffset, floor, c, cOffset,
                cStride, winners, winnersOffset);
    }

    @Override
    public void winogradKernel(float[] taps, int tapsOffset, int tapPitch, int count, float[] u, int uOffset,
            int uPitch) {
        VectorWinograd.kernel(taps, tapsOffset, tapPitch, count, u, uOffset, uPitch);
    }

    @Override
    public void winogradGradient(float[] dy, int dyOffset, int[] squares, int first, int count, int down, int right,
            int channels, float[] v, int vOffset, int vRow, int vPitch) {
        VectorWinograd.gradient(dy, dyOffset, squares, first, count, down, right, channels, v, vOffset, vRow, vPitch);
    }

    @Override
    public boolean winogradKernelGradient(float[] m, int mOffset, int mPitch, int count) {
        return VectorWinograd.kernelGradient(m, mOffset, mPitch, count);
    }

    @Override
    public int lineStart(float[] array) {
        return LineSearch.lineStart(array);
    }

    @Override
    public void warmUp() {
        WarmUp.run(this);
    }

    @Override
    public boolean warmUpTransposition() {
        return !Transposition.AVAILABLE || Transposition.warmUp();
    }

    @Override
    public double peak() {
        return Peak.measure(Tiles::chains, L);
    }

    @Override
    public String toString() {
        return "vectors of " + L + " floats";
    }
}
