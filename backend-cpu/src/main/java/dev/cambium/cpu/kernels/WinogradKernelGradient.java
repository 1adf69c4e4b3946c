package dev.cambium.cpu.kernels;

import java.util.Arrays;

/**
 * The gradient by the kernel of a 3x3 {@link Correlation} of stride 1, {@link Winograd}'s way: the transpose of F(2x2, 3x3), by which a
 * square of 2x2 gradients takes 16 multiplications for each pair of channels instead of 36.
 *
 * <p>With V = BᵀdB, the transformed pixels that a square sees, results are Aᵀ(U ⊙ V)A, and U = GgGᵀ is the transformed kernel g. So the
 * gradient by U is Σ A·dy·Aᵀ ⊙ V over all squares, at each frequency a matrix product of pixels with gradients, and that by g is
 * Gᵀ of it G. Squares are taken in blocks, of several images if these are small.
 *
 * <p>What is not finite, or overflows only this way, leaves a mark in at least one result, as in {@link Winograd}; who asked then
 * takes the direct way.
 */
final class WinogradKernelGradient {
    /** Squares of a product, which is how many terms are added to a tile's sums before these are stored. */
    private static final int BLOCK = 64;
    /** Squares for which to transform the sums once. */
    private static final int TOGETHER = 160;
    /** With fewer of them transforming the sums takes what the products save. */
    private static final int LEAST_SQUARES = 32;

    private final Products products;
    private final Panels panels;
    private final Correlation correlation;
    private final Winograd winograd;
    private final int depth;
    private final int columns;
    /** From one input channel's sums to the next one's. */
    private final int sumRow;
    /** From one square's transformed gradients to the next one's. */
    private final int gradientRow;
    /** From one frequency of a square's transformed gradients to the next. */
    private final int gradientPitch;
    /** From one frequency's sums to the next one's. */
    private final int sumPitch;
    private final int gridWidth;
    /** Columns of gradients with those that fill squares. */
    private final int squaresWidth;
    /** Whether there are half squares: gradients are copied then, and zeros take the place of those that are not there. */
    private final boolean halves;
    private final int[] gradientSquares;
    private final int[] channelRows;
    private final Steps squareSteps;
    private final int[] sumRows;

    /**
     * Prepares the tables.
     *
     * @param correlation made for squares of side 2, of nine taps
     * @param gridWidth columns of its grid
     * @param winograd the forward pass
     * @param depth channels of the images
     * @param columns channels of the gradients
     * @param sumRow from one weight of the kernel's gradient to the next
     */
    WinogradKernelGradient(Products products, Correlation correlation, int gridWidth, Winograd winograd, int depth,
            int columns, int sumRow) {
        this.products = products;
        this.correlation = correlation;
        this.winograd = winograd;
        this.depth = depth;
        this.columns = columns;
        this.sumRow = sumRow;
        panels = products.panels();
        gradientPitch = panels.packedWidth(columns);
        gradientRow = Winograd.FREQUENCIES * gradientPitch + Alignment.LINE;
        sumPitch = depth * sumRow + Alignment.LINE;
        channelRows = Products.offsets(depth, 1);
        squareSteps = Steps.apart(BLOCK, winograd.pixelRow());
        sumRows = Products.offsets(depth, sumRow);
        this.gridWidth = gridWidth;
        squaresWidth = gridWidth + gridWidth % 2;
        halves = gridWidth % 2 + gradientRows(correlation.bands() - 1) % 2 > 0;
        gradientSquares = new int[winograd.squares(0)];
        for (int i = 0; i < gradientSquares.length; i++) {
            int across = squaresWidth / 2;
            gradientSquares[i] = 2 * (i / across * squaresWidth + i % across) * columns;
        }
    }

    /** Rows of gradients of a band; only the last one may have an odd number of them. */
    private int gradientRows(int band) {
        return correlation.positions(band) / gridWidth;
    }

    /** Returns the images that are enough to transform the sums once for all of them. */
    int imagesTogether() {
        return Math.ceilDiv(TOGETHER, squares());
    }

    /** Returns whether so many images at once are enough for it to be faster than the direct way. */
    boolean pays(int images) {
        return images * squares() >= LEAST_SQUARES;
    }

    /** Squares of an image. */
    private int squares() {
        int sum = 0;
        for (int band = 0; band < correlation.bands(); band++) {
            sum += winograd.squares(band);
        }
        return sum;
    }

    /** Returns the floats of scratch that each running call needs. */
    int scratch() {
        return edge() + products.edgeScratch();
    }

    // The scratch holds the sums, a block of transformed pixels, one of transformed gradients, what a band sees, its gradients and edges.

    private int pixels() {
        return Winograd.FREQUENCIES * sumPitch;
    }

    private int gradients() {
        return pixels() + BLOCK * winograd.pixelRow();
    }

    private int staged() {
        return gradients() + BLOCK * gradientRow;
    }

    private int stagedGradients() {
        return staged() + Alignment.roundUp(correlation.scratch());
    }

    private int edge() {
        return stagedGradients() + (halves ? Alignment.roundUp(4 * winograd.squares(0) * columns) : 0);
    }

    /**
     * Adds the gradient of some images to a sum, or starts the sum with it; arguments as in {@link Convolution#kernelGradient}.
     *
     * @param images how many, which {@linkplain #pays pays}
     * @param image from one input image to the next
     * @param result from one image of the output's gradient to the next
     * @return whether it is finite; if not, the sum is as before
     */
    boolean run(int images, float[] x, int xOffset, int image, float[] dy, int dyOffset, int result, float[] sum,
            int sumOffset, boolean accumulate, float[] scratch, int scratchOffset) {
        clearEdges(scratch, scratchOffset + gradients());
        int total = images * squares();
        int block = Math.ceilDiv(total, Math.ceilDiv(total, BLOCK));
        int filled = 0;
        boolean started = false;
        for (int i = 0; i < images; i++) {
            for (int band = 0; band < correlation.bands(); band++) {
                float[] a = x;
                int aOffset = xOffset + i * image + correlation.origin(band);
                if (correlation.staged()) {
                    a = scratch;
                    aOffset = scratchOffset + staged();
                    correlation.stage(band, x, xOffset + i * image, a, aOffset);
                }
                float[] gradients = dy;
                int gradientsOffset = dyOffset + i * result + correlation.target(band);
                if (halves) {
                    gradients = scratch;
                    stageGradients(gradientRows(band), dy, gradientsOffset, scratch, scratchOffset + stagedGradients());
                    gradientsOffset = scratchOffset + stagedGradients();
                }
                int count;
                for (int from = 0; from < winograd.squares(band); from += count) {
                    count = Math.min(block - filled, winograd.squares(band) - from);
                    winograd.transform(from, count, a, aOffset, scratch,
                            scratchOffset + pixels() + filled * winograd.pixelRow());
                    products.winogradGradient(gradients, gradientsOffset, gradientSquares, from, count,
                            squaresWidth * columns, columns, columns, scratch,
                            scratchOffset + gradients() + filled * gradientRow, gradientRow, gradientPitch);
                    filled += count;
                    if (filled == block) {
                        multiply(filled, started, scratch, scratchOffset);
                        started = true;
                        filled = 0;
                    }
                }
            }
        }
        if (filled > 0) {
            multiply(filled, started, scratch, scratchOffset);
        }
        if (!products.winogradKernelGradient(scratch, scratchOffset, sumPitch, depth * sumRow)) {
            return false;
        }
        add(scratch, scratchOffset, sum, sumOffset, accumulate);
        return true;
    }

    private void stageGradients(int height, float[] dy, int dyOffset, float[] scratch, int scratchOffset) {
        int to = scratchOffset;
        for (int y = 0; y < height; y++) {
            System.arraycopy(dy, dyOffset + y * gridWidth * columns, scratch, to, gridWidth * columns);
            Arrays.fill(scratch, to + gridWidth * columns, to + squaresWidth * columns, 0);
            to += squaresWidth * columns;
        }
        Arrays.fill(scratch, to, to + height % 2 * squaresWidth * columns, 0);
    }

    /** Zeros in the columns of a panel behind the last channel. */
    private void clearEdges(float[] scratch, int gradients) {
        for (int i = 0; columns < gradientPitch && i < BLOCK; i++) {
            for (int frequency = 0; frequency < Winograd.FREQUENCIES; frequency++) {
                int at = gradients + i * gradientRow + frequency * gradientPitch;
                Arrays.fill(scratch, at + columns, at + gradientPitch, 0);
            }
        }
    }

    private void multiply(int count, boolean accumulate, float[] scratch, int scratchOffset) {
        for (int i = 0; i < Winograd.FREQUENCIES; i++) {
            for (int column = 0, width; column < sumRow; column += width) {
                width = panels.width(panels.next(columns - column));
                products.product(scratch, scratchOffset + pixels() + i * depth, channelRows, 0, depth, squareSteps, 0,
                        count,
                        scratch, scratchOffset + gradients() + i * gradientPitch + column, gradientRow, scratch,
                        scratchOffset + i * sumPitch + column, sumRows, Math.min(width, sumRow - column), accumulate,
                        scratch, scratchOffset + edge());
            }
        }
    }

    /** Adds the taps, of which three lie side by side in a line of four frequencies, to the sum. */
    private void add(float[] scratch, int scratchOffset, float[] sum, int sumOffset, boolean accumulate) {
        for (int channel = 0; channel < depth; channel++) {
            for (int tap = 0; tap < 9; tap++) {
                int from = scratchOffset + (tap / 3 * 4 + tap % 3) * sumPitch + channel * sumRow;
                int to = sumOffset + (channel * 9 + tap) * sumRow;
                for (int j = 0; j < sumRow; j++) {
                    sum[to + j] = accumulate ? sum[to + j] + scratch[from + j] : scratch[from + j];
                }
            }
        }
    }
}
