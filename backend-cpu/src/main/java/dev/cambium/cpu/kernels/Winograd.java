package dev.cambium.cpu.kernels;

/**
 * A 3x3 {@link Correlation} of stride 1 by Winograd's algorithm F(2x2, 3x3), which takes 16 multiplications a channel for a
 * square of 2x2 results instead of 36 (Lavin and Gray, <i>Fast Algorithms for Convolutional Neural Networks</i>, 2015).
 *
 * <p>The 4x4 pixels that a square sees are transformed to 16 <i>frequencies</i>, the kernel likewise, beforehand; at each frequency
 * the squares times the kernel is a matrix product over channels; and the transform of those gives the results. Squares are
 * taken in blocks, so that what stands between the transforms stays in the cache. A square beyond an odd end of the image is
 * computed whole and stored in part.
 *
 * <p>Where a pixel is NaN or infinite, so are other results than the correlation's, and sums of large pixels may overflow where
 * those of products would not. Each of these leaves a mark: at least one result of its square is not finite, stored or not. So
 * nothing is tested but the results, and who asked for a band takes the direct way if they fail.
 */
final class Winograd {
    static final int FREQUENCIES = 16;
    private static final int TAPS = 9;
    /** Squares that are taken together: a multiple of the heights of product tiles, and few enough to stay in L2. */
    private static final int BLOCK = 24;
    /** Kernels that are transformed together, in the first-level cache. */
    private static final int CHUNK = 256;
    /** With fewer squares what an image saves is little beside the transform of the kernel. */
    private static final int LEAST_SQUARES = 16;
    /** With fewer channels on either side the transforms take what the products save. */
    private static final int LEAST_CHANNELS = 16;

    private final Products products;
    private final Panels panels;
    private final int depth;
    private final int columns;
    private final int down;
    private final int right;
    private final int gridWidth;
    private final Correlation correlation;
    /** From one square to the next: an odd number of lines, lest all squares take the same place in the cache. */
    private final int pixelRow;
    private final int resultRow;
    /** Where the squares of a band see the source. */
    private final int[] sources;
    /** Where their results go, four each; those of the last band, which may end with half a square, are apart. */
    private final int[] targets;
    private final int[] lastTargets;
    private final int[] rows;
    private final Steps steps;
    private final int[] resultRows;

    /** Returns whether a convolution and its input gradient can be computed this way, and faster so. Shapes alone decide. */
    static boolean pays(ConvolutionShape s) {
        return s.kernelHeight() == 3 && s.kernelWidth() == 3 && s.strideY() == 1 && s.strideX() == 1
                && s.dilationY() == 1 && s.dilationX() == 1 && s.groups() == 1
                && Math.min(s.inChannels(), s.outChannels()) >= LEAST_CHANNELS
                && Math.min(squares(s.outHeight(), s.outWidth()), squares(s.inHeight(), s.inWidth())) >= LEAST_SQUARES;
    }

    private static int squares(int height, int width) {
        return Math.ceilDiv(height, 2) * Math.ceilDiv(width, 2);
    }

    /**
     * Prepares the tables.
     *
     * @param correlation made for squares of side 2, of nine taps
     * @param gridWidth columns of its grid
     * @param depth channels of its source
     * @param columns channels of its target
     */
    Winograd(Products products, Correlation correlation, int gridWidth, int depth, int columns) {
        this.products = products;
        this.correlation = correlation;
        this.gridWidth = gridWidth;
        this.depth = depth;
        this.columns = columns;
        panels = products.panels();
        int[] offsets = correlation.steps.offsets();
        down = offsets[3 * depth] - offsets[0];
        right = offsets[depth] - offsets[0];

        int bandHeight = correlation.rows.length / gridWidth;
        int across = Math.ceilDiv(gridWidth, 2);
        sources = new int[bandHeight / 2 * across];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = correlation.rows[i / across * 2 * gridWidth + i % across * 2];
        }
        targets = targets(bandHeight);
        lastTargets = targets(correlation.positions(correlation.bands() - 1) / gridWidth);

        pixelRow = FREQUENCIES * (depth + depth % 2) + Alignment.LINE;
        resultRow = FREQUENCIES * panels.wide() + Alignment.LINE;
        rows = Products.offsets(BLOCK, pixelRow);
        resultRows = Products.offsets(BLOCK, resultRow);
        steps = Steps.apart(depth, 1);
    }

    /** Of each square its four results' offsets, row by row. What is not there is stored where what is there goes later. */
    private int[] targets(int gridRows) {
        int across = Math.ceilDiv(gridWidth, 2);
        int[] offsets = new int[4 * across * Math.ceilDiv(gridRows, 2)];
        for (int i = 0; i < offsets.length; i++) {
            int square = i / 4;
            int y = Math.min(square / across * 2 + i / 2 % 2, gridRows - 1);
            int x = Math.min(square % across * 2 + i % 2, gridWidth - 1);
            offsets[i] = correlation.targetRows[y * gridWidth + x];
        }
        return offsets;
    }

    /** Returns the floats of the kernel as {@link #pack} writes it. */
    int kernel() {
        int sum = 0;
        for (int column = 0; column < columns; column += panels.next(columns - column)) {
            sum += FREQUENCIES * matrixPitch(column);
        }
        return sum;
    }

    /** The width of the panel that begins with a column. */
    private int width(int column) {
        return panels.width(panels.next(columns - column));
    }

    /** From one frequency of a panel of the kernel to the next: not a multiple of 4 KB, as the matrix itself often is. */
    private int matrixPitch(int column) {
        return depth * width(column) + Alignment.LINE;
    }

    /**
     * Transforms a kernel.
     *
     * @param packed array of both
     * @param direct where it lies in the order of the direct correlation: for each panel of columns [tap][channel][column]
     * @param transformed where it goes: for each panel [frequency][channel][column]
     */
    void pack(float[] packed, int direct, int transformed) {
        int from = direct;
        int to = transformed;
        for (int column = 0; column < columns; column += panels.next(columns - column)) {
            int matrix = depth * width(column);
            int pitch = matrixPitch(column);
            for (int i = 0; i < matrix; i += CHUNK) {
                products.winogradKernel(packed, from + i, matrix, Math.min(CHUNK, matrix - i), packed, to + i, pitch);
            }
            from += TAPS * matrix;
            to += FREQUENCIES * pitch;
        }
    }

    /** Returns how many squares a band has. */
    int squares(int band) {
        return targetsOf(band).length / 4;
    }

    private int[] targetsOf(int band) {
        return band == correlation.bands() - 1 ? lastTargets : targets;
    }

    /** Returns from one square's transformed pixels to the next one's. */
    int pixelRow() {
        return pixelRow;
    }

    /** Transforms the pixels of some squares, of which {@code a} holds the band. */
    void transform(int first, int count, float[] a, int aOffset, float[] transformed, int offset) {
        products.winogradInput(a, aOffset, sources, first, count, down, right, depth, transformed, offset, pixelRow);
    }

    /** Returns the floats of scratch that each running {@link #run} needs. */
    int scratch() {
        return BLOCK * (pixelRow + resultRow);
    }

    /**
     * Computes a band.
     *
     * @param a array of what the band sees
     * @param aOffset what {@link Correlation#rows} are relative to in it
     * @param kernel array of the kernel as transformed by {@link #pack}
     * @param kernelOffset where that begins
     * @param target array of the target image
     * @param targetOffset what {@link Correlation#targetRows} are relative to in it
     * @param scratch array of the scratch, {@link #scratch()} floats
     * @param scratchOffset where that begins; fastest on a boundary of {@link Alignment}
     * @return whether all of it is finite; if not, the target holds anything
     */
    boolean run(int band, float[] a, int aOffset, float[] kernel, int kernelOffset, float[] target, int targetOffset,
            float[] scratch, int scratchOffset) {
        int[] offsets = targetsOf(band);
        int squares = squares(band);
        int results = scratchOffset + BLOCK * pixelRow;
        for (int from = 0; from < squares; from += BLOCK) {
            int count = Math.min(BLOCK, squares - from);
            transform(from, count, a, aOffset, scratch, scratchOffset);
            int panel = kernelOffset;
            for (int column = 0; column < columns; column += panels.next(columns - column)) {
                multiply(column, count, kernel, panel, scratch, scratchOffset);
                panel += FREQUENCIES * matrixPitch(column);
                if (!products.winogradOutput(scratch, results, resultRow, count,
                        panels.next(columns - column), target, targetOffset + column, offsets, from)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Returns whether squares are the windows of a 2x2 pooling, all of them in one band. */
    boolean pools() {
        return correlation.bands() == 1 && gridWidth % 2 == 0 && correlation.positions(0) / gridWidth % 2 == 0;
    }

    /**
     * Computes the largest of each square plus a shift, no less than a floor, and which one of its four results that is. Arguments as in
     * {@link #run} and {@link Products#winogradPooledOutput}.
     *
     * @param pooled array of the largest, [square][column]
     * @param pooledOffset where that begins
     * @param winners array of the winners, which lie as the largest do
     * @param winnersOffset where they begin
     */
    boolean runPooled(float[] a, int aOffset, float[] kernel, int kernelOffset, float[] shifts, int shiftsOffset,
            float floor, float[] pooled, int pooledOffset, float[] winners, int winnersOffset, float[] scratch,
            int scratchOffset) {
        int results = scratchOffset + BLOCK * pixelRow;
        for (int from = 0; from < sources.length; from += BLOCK) {
            int count = Math.min(BLOCK, sources.length - from);
            transform(from, count, a, aOffset, scratch, scratchOffset);
            int panel = kernelOffset;
            for (int column = 0; column < columns; column += panels.next(columns - column)) {
                multiply(column, count, kernel, panel, scratch, scratchOffset);
                panel += FREQUENCIES * matrixPitch(column);
                int to = from * columns + column;
                if (!products.winogradPooledOutput(scratch, results, resultRow, count,
                        panels.next(columns - column), shifts, shiftsOffset + column, floor, pooled,
                        pooledOffset + to, columns, winners, winnersOffset + to)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The products of a block of squares at all frequencies, for a panel of columns. */
    private void multiply(int column, int count, float[] kernel, int panel, float[] scratch, int scratchOffset) {
        int width = width(column);
        int results = scratchOffset + BLOCK * pixelRow;
        for (int i = 0; i < FREQUENCIES; i++) {
            products.product(scratch, scratchOffset + i * depth, rows, 0, count, steps, 0, depth, kernel,
                    panel + i * matrixPitch(column), width, scratch, results + i * panels.wide(), resultRows, width,
                    false, scratch, results);
        }
    }
}
