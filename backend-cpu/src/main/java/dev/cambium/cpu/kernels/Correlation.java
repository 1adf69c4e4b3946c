package dev.cambium.cpu.kernels;

import java.util.Arrays;

/**
 * The geometry that a convolution's forward pass and its input gradient share: a grid of target positions, each of which
 * sees the same taps of a source image, shifted. Position (i, j) sees source pixel {@code (i * strideY + dy[t], j * strideX
 * + dx[t])} for tap t, zero where that lies outside the image.
 *
 * <p>The grid is cut into bands of whole rows. If any tap reaches outside the image, a band copies what it sees into scratch
 * with zeros around; small enough for the cache, and no loop needs to know about borders. Otherwise it reads the image in
 * place. Either way {@link #rows} holds the offset of each position of a band and {@link #steps} that of each tap and
 * channel, for the tables of {@link Products}.
 *
 * <p>A reader that works on squares of positions, as {@link Winograd} does, may also look at what the positions next to the
 * grid's end see, up to a multiple of the square's side; bands then have a multiple of that many rows.
 */
final class Correlation {
    /** Floats of a staged band, 192 KB: with the packed kernel's panel it stays in L2. */
    static final int MAX_STAGED = 48 << 10;
    /** Positions of a band that is read in place. */
    private static final int MAX_POSITIONS = 1 << 10;

    private final int sourceHeight;
    private final int sourceWidth;
    private final int channels;
    private final int gridHeight;
    private final int gridWidth;
    private final int side;
    private final int strideY;
    private final int firstY;
    private final int firstX;
    private final int spanY;
    private final int stagedWidth;
    private final boolean staged;
    private final int bandHeight;
    private final int targetBand;
    private final int targetOrigin;
    final int[] taps;
    final int[] rows;
    final Steps steps;
    final int[] targetRows;

    /**
     * Prepares the tables.
     *
     * @param sourceHeight rows of the source image
     * @param sourceWidth columns of the source image
     * @param channels channels of the source image, which vary fastest
     * @param groupChannels how many of them one group sees
     * @param gridHeight rows of the grid
     * @param gridWidth columns of the grid
     * @param side rows and columns of the squares of positions that are read together; 1 for single positions
     * @param strideY source rows from one grid row to the next
     * @param strideX source columns from one grid column to the next
     * @param taps the kernel positions, as indices into a kernel plane: what packs weights wants to know
     * @param dy source row of each tap relative to a position's
     * @param dx source column of each tap relative to a position's
     * @param targetOrigin offset of position (0, 0) in the target image
     * @param targetDown from one grid row to the next in the target image
     * @param targetRight from one grid column to the next in the target image
     */
    Correlation(int sourceHeight, int sourceWidth, int channels, int groupChannels, int gridHeight, int gridWidth,
            int side, int strideY, int strideX, int[] taps, int[] dy, int[] dx, int targetOrigin, int targetDown,
            int targetRight) {
        this.sourceHeight = sourceHeight;
        this.sourceWidth = sourceWidth;
        this.channels = channels;
        this.gridHeight = gridHeight;
        this.gridWidth = gridWidth;
        this.side = side;
        this.strideY = strideY;
        this.taps = taps;
        this.targetOrigin = targetOrigin;
        firstY = Arrays.stream(dy).min().orElse(0);
        firstX = Arrays.stream(dx).min().orElse(0);
        int lastY = Arrays.stream(dy).max().orElse(0);
        int lastX = Arrays.stream(dx).max().orElse(0);
        spanY = lastY - firstY + 1;
        int seenHeight = roundUp(gridHeight);
        int seenWidth = roundUp(gridWidth);
        stagedWidth = (seenWidth - 1) * strideX + lastX - firstX + 1;
        staged = taps.length > 0 && gridHeight > 0 && gridWidth > 0
                && (firstY < 0 || firstX < 0 || (seenHeight - 1) * strideY + lastY >= sourceHeight
                        || (seenWidth - 1) * strideX + lastX >= sourceWidth);

        int fitting = staged
                ? Math.max(1, (MAX_STAGED / Math.max(1, stagedWidth * channels) - spanY) / strideY + 1)
                : Math.max(1, MAX_POSITIONS / Math.max(1, gridWidth));
        int count = Math.max(1, Math.ceilDiv(gridHeight, fitting));
        bandHeight = roundUp(Math.ceilDiv(gridHeight, count));
        targetBand = bandHeight * targetDown;

        int pitch = (staged ? stagedWidth : sourceWidth) * channels;
        rows = new int[bandHeight * gridWidth];
        targetRows = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            int y = i / gridWidth;
            int x = i % gridWidth;
            rows[i] = y * strideY * pitch + x * strideX * channels;
            targetRows[i] = y * targetDown + x * targetRight;
        }
        int[] offsets = new int[taps.length * groupChannels];
        for (int i = 0; i < offsets.length; i++) {
            int t = i / groupChannels;
            offsets[i] = (dy[t] - firstY) * pitch + (dx[t] - firstX) * channels + i % groupChannels;
        }
        steps = Steps.at(offsets);
    }

    private int roundUp(int positions) {
        return Math.ceilDiv(positions, side) * side;
    }

    int bands() {
        return bandHeight == 0 || gridWidth == 0 ? 0 : Math.ceilDiv(gridHeight, bandHeight);
    }

    /** Returns the positions of a band: the tables hold those of a full one, of which the last may take fewer. */
    int positions(int band) {
        return (Math.min(gridHeight, (band + 1) * bandHeight) - band * bandHeight) * gridWidth;
    }

    /** Returns the offset that {@link #targetRows} are relative to. */
    int target(int band) {
        return targetOrigin + band * targetBand;
    }

    /** Returns the floats that {@link #stage} writes for a full band. */
    int scratch() {
        return staged ? ((bandHeight - 1) * strideY + spanY) * stagedWidth * channels : 0;
    }

    boolean staged() {
        return staged;
    }

    /** Returns the offset in the source image that {@link #rows} are relative to where nothing is staged. */
    int origin(int band) {
        return ((band * bandHeight * strideY + firstY) * sourceWidth + firstX) * channels;
    }

    /** Copies what a band sees of the image at {@code offset} to scratch, with zeros where it looks outside. */
    void stage(int band, float[] source, int offset, float[] scratch, int scratchOffset) {
        int fromY = band * bandHeight * strideY + firstY;
        int height = (roundUp(positions(band) / gridWidth) - 1) * strideY + spanY;
        int row = stagedWidth * channels;
        int left = Math.clamp(-(long) firstX, 0, stagedWidth) * channels;
        int right = Math.clamp((long) sourceWidth - firstX, 0, stagedWidth) * channels;
        for (int i = 0; i < height; i++) {
            int y = fromY + i;
            int to = scratchOffset + i * row;
            if (y < 0 || y >= sourceHeight || right <= left) {
                Arrays.fill(scratch, to, to + row, 0);
            } else {
                Arrays.fill(scratch, to, to + left, 0);
                System.arraycopy(source, offset + (y * sourceWidth + firstX) * channels + left, scratch, to + left,
                        right - left);
                Arrays.fill(scratch, to + right, to + row, 0);
            }
        }
    }
}
