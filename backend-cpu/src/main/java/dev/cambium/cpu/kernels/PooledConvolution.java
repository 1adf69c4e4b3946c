package dev.cambium.cpu.kernels;

import java.util.Arrays;

import dev.cambium.tensor.Window2d;

/**
 * A {@link Convolution} whose result is max-pooled by windows of 2 by 2 and wanted only so, perhaps with a bias and ReLU behind it,
 * which are done in registers; and its kernel gradient from that of the pooled map. The map before pooling, and its gradient, most
 * of which is zero, are never written. One image a call, channels last.
 *
 * <p>Results have the bits of convolution and {@link Pooling} one after the other; the kernel gradient has an order of its own.
 * Images and kernels that aren't {@linkplain Products#moderate moderate}, and what isn't finite Winograd's way, are left to those two.
 */
public final class PooledConvolution {
    /** Most steps of a product: longer ones would have to be cut. */
    private static final int MOST_STEPS = 384;

    private final Products products;
    private final Convolution dense;
    private final Window2d window;
    private final Correlation forward;
    private final int[] windows;
    private final int right;
    private final int down;
    private final float[] unshifted;

    /** Prepares a convolution followed by a pooling for which it {@link #pays}. */
    public PooledConvolution(Products products, Convolution dense, Window2d window) {
        this.products = products;
        this.dense = dense;
        this.window = window;
        forward = dense.forward();
        ConvolutionShape shape = dense.shape();
        windows = Pooling.firstPlaces(window, shape.outHeight(), shape.outWidth());
        for (int i = 0; i < windows.length; i++) {
            windows[i] = forward.rows[windows[i]];
        }
        unshifted = new float[shape.outChannels()];
        Arrays.fill(unshifted, -0f);
        right = forward.rows[1] - forward.rows[0];
        down = forward.rows[shape.outWidth()] - forward.rows[0];
    }

    /** Returns whether both can be computed at once, and faster so. */
    public static boolean pays(Products products, Convolution dense, Window2d window) {
        ConvolutionShape shape = dense.shape();
        return Pooling.hasWinners(window) && window.strideHeight() == 2 && window.strideWidth() == 2
                && shape.groups() == 1 && !shape.depthwise() && shape.outHeight() >= 2 && shape.outWidth() >= 2
                && dense.forwardParts() == 1
                && (dense.winograd().isPresent() ? dense.winograd().get().pools()
                        : dense.forward().steps.count() <= MOST_STEPS && products.pools(shape.outChannels()));
    }

    /** Returns whether the kernel gradient can be computed from the pooled map's, and faster so: with few channels of input. */
    public static boolean paysForKernels(Products products, Convolution dense, Window2d window) {
        return dense.winograd().isEmpty() && pays(products, dense, window);
    }

    /** Returns the floats of scratch that each running call needs. */
    public int scratch() {
        return map() + Math.max(dense.forwardScratch(), dense.kernelGradientScratch());
    }

    /** The floats of a map before pooling, which is there only if it has to be; what needs no winners has them written there. */
    private int map() {
        ConvolutionShape shape = dense.shape();
        return Alignment.roundUp(shape.outHeight() * shape.outWidth() * shape.outChannels());
    }

    /**
     * Computes the pooled result of an image.
     *
     * @param x array of the input image, [inHeight][inWidth][inChannels]
     * @param xOffset where it begins
     * @param packed array of the kernel as packed by {@link Convolution#packForward}
     * @param packedOffset where that begins
     * @param shifts array of what is added to the pooled result, by channel: a bias, or {@link #unshifted}
     * @param shiftsOffset that of channel 0
     * @param floor the least result, by which smaller sums are replaced, but NaN isn't: 0 for ReLU, −∞ for none
     * @param pooled array of the pooled result, [oh][ow][outChannels]
     * @param pooledOffset where that begins
     * @param winners array of the winners as {@link Pooling#maxPoolWinners} tells them
     * @param winnersOffset where they begin
     * @param scratch array of the scratch, {@link #scratch()} floats that no other running call uses
     * @param scratchOffset where the scratch begins; fastest on a boundary of {@link Alignment}
     */
    public void forward(float[] x, int xOffset, float[] packed, int packedOffset, float[] shifts, int shiftsOffset,
            float floor, float[] pooled, int pooledOffset, float[] winners, int winnersOffset, float[] scratch,
            int scratchOffset) {
        if (!isComputed(x, xOffset, packed, packedOffset, shifts, shiftsOffset, floor, pooled, pooledOffset, winners,
                winnersOffset, scratch, scratchOffset)) {
            ConvolutionShape shape = dense.shape();
            dense.forward(0, x, xOffset, packed, packedOffset, scratch, scratchOffset, scratch, scratchOffset + map());
            Pooling.maxPoolWinners(window, scratch, scratchOffset, shape.outHeight(), shape.outWidth(),
                    shape.outChannels(), pooled, pooledOffset, winners, winnersOffset);
            shift(shifts, shiftsOffset, floor, pooled, pooledOffset);
        }
    }

    /** {@link #forward} without winners. */
    public void forward(float[] x, int xOffset, float[] packed, int packedOffset, float[] shifts, int shiftsOffset,
            float floor, float[] pooled, int pooledOffset, float[] scratch, int scratchOffset) {
        if (!isComputed(x, xOffset, packed, packedOffset, shifts, shiftsOffset, floor, pooled, pooledOffset, scratch,
                scratchOffset, scratch, scratchOffset)) {
            ConvolutionShape shape = dense.shape();
            dense.forward(0, x, xOffset, packed, packedOffset, scratch, scratchOffset, scratch, scratchOffset + map());
            Pooling.maxPool(window, scratch, scratchOffset, shape.outHeight(), shape.outWidth(), shape.outChannels(),
                    pooled, pooledOffset);
            shift(shifts, shiftsOffset, floor, pooled, pooledOffset);
        }
    }

    /** Returns shifts that change nothing, not even zeros' signs; not to be written to. */
    public float[] unshifted() {
        return unshifted;
    }

    private void shift(float[] shifts, int shiftsOffset, float floor, float[] pooled, int pooledOffset) {
        int channels = dense.shape().outChannels();
        for (int i = 0; i < windows.length * channels; i++) {
            float shifted = pooled[pooledOffset + i] + shifts[shiftsOffset + i % channels];
            pooled[pooledOffset + i] = shifted <= floor ? floor : shifted;
        }
    }

    private boolean isComputed(float[] x, int xOffset, float[] packed, int packedOffset, float[] shifts,
            int shiftsOffset, float floor, float[] pooled, int pooledOffset, float[] winners, int winnersOffset,
            float[] scratch, int scratchOffset) {
        int channels = dense.shape().outChannels();
        int free = scratchOffset + map();
        float[] a = stage(x, xOffset, scratch, free);
        int aOffset = forward.staged() ? free : xOffset + forward.origin(0);
        if (dense.winograd().isPresent()) {
            return dense.winograd().get().runPooled(a, aOffset, packed, packedOffset + dense.winogradKernel(), shifts,
                    shiftsOffset, floor, pooled, pooledOffset, winners, winnersOffset, scratch,
                    free + Alignment.roundUp(forward.scratch()));
        }
        if (!isModerate(x, xOffset) || !products.moderate(packed, packedOffset, dense.forwardKernel())) {
            return false;
        }
        int[] steps = forward.steps.offsets();
        int panel = packedOffset;
        for (int column = 0, columns; column < channels; column += columns) {
            columns = products.panels().next(channels - column);
            int width = products.panels().width(columns);
            products.pooledProduct(a, aOffset, windows, right, down, steps, packed, panel, width, columns,
                    shifts, shiftsOffset + column, floor, pooled, pooledOffset + column, channels, winners,
                    winnersOffset + column);
            panel += steps.length * width;
        }
        return true;
    }

    /**
     * Adds the kernel gradient of one image to a sum, or starts the sum with it.
     *
     * @param x array of the input image
     * @param xOffset where it begins
     * @param winners array of the winners that {@link #forward} told
     * @param winnersOffset where they begin
     * @param dy array of the pooled result's gradient, [oh][ow][outChannels]
     * @param dyOffset where it begins
     * @param sum array of the sum as of {@link Convolution#kernelGradient}
     * @param sumOffset where that begins
     * @param accumulate whether to add to the sum instead of starting it
     * @param scratch array of the scratch, {@link #scratch()} floats that no other running call uses
     * @param scratchOffset where the scratch begins; fastest on a boundary of {@link Alignment}
     */
    public void kernelGradient(float[] x, int xOffset, float[] winners, int winnersOffset, float[] dy, int dyOffset,
            float[] sum, int sumOffset, boolean accumulate, float[] scratch, int scratchOffset) {
        ConvolutionShape shape = dense.shape();
        int free = scratchOffset + map();
        if (!isModerate(x, xOffset)) {
            Pooling.maxPoolScatter(window, winners, winnersOffset, dy, dyOffset, shape.outHeight(), shape.outWidth(),
                    shape.outChannels(), scratch, scratchOffset);
            dense.kernelGradient(1, x, xOffset, scratch, scratchOffset, sum, sumOffset, accumulate, scratch, free);
            return;
        }
        float[] a = stage(x, xOffset, scratch, free);
        int aOffset = forward.staged() ? free : xOffset + forward.origin(0);
        int[] steps = forward.steps.offsets();
        products.spreadProduct(a, aOffset, windows, right, down, steps, shape.outChannels(), dy, dyOffset,
                shape.outChannels(), winners, winnersOffset, sum, sumOffset, dense.gradientRows(), accumulate);
    }

    private boolean isModerate(float[] x, int xOffset) {
        ConvolutionShape shape = dense.shape();
        return products.moderate(x, xOffset, shape.inHeight() * shape.inWidth() * shape.inChannels());
    }

    /** The image with zeros around it in scratch, or where it is if nothing looks beyond it. */
    private float[] stage(float[] x, int xOffset, float[] scratch, int offset) {
        if (!forward.staged()) {
            return x;
        }
        forward.stage(0, x, xOffset, scratch, offset);
        return scratch;
    }
}
