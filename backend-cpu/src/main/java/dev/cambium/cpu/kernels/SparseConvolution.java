package dev.cambium.cpu.kernels;

import java.util.Arrays;

/**
 * The two gradients of a {@link Convolution} from the entries of its output's gradient alone, which behind a pooling or a ReLU are few.
 * An entry adds its multiple of a patch of the input to the kernel's gradient, and of a kernel to a patch of the input's gradient;
 * lanes are input channels. Sums have an order of their own, by which results differ from those of the dense gradients in rounding.
 *
 * <p>What is zero is skipped, and zero times NaN or infinity with it. So both say when the other operand holds such a value, and
 * leave the work to the dense gradient.
 */
public final class SparseConvolution {
    private final Products products;
    private final ConvolutionShape shape;
    private final Correlation forward;
    private final EntryLists lists;
    /** Of each tap, within what a position sees. */
    private final int[] taps;

    /** Prepares the gradients of a convolution. */
    public SparseConvolution(Products products, Convolution dense) {
        this.products = products;
        shape = dense.shape();
        forward = dense.forward();
        lists = new EntryLists(shape.outHeight() * shape.outWidth(), shape.outChannels());
        taps = new int[shape.kernelHeight() * shape.kernelWidth()];
        for (int t = 0; t < taps.length; t++) {
            taps[t] = forward.steps[t * shape.groupInChannels()];
        }
    }

    /**
     * Returns whether there is something to gain: not where the input has fewer channels than a vector has lanes, nor where the image
     * is too large to be staged at once.
     */
    public static boolean pays(Products products, Convolution dense) {
        return dense.shape().groupInChannels() >= products.lanes() && dense.forward().bands() == 1;
    }

    /** Returns the lists of entries that the gradients take: positions are rows, output channels are columns. */
    public EntryLists lists() {
        return lists;
    }

    // ---- input gradient

    /** Returns the floats of the kernel as {@link #pack} writes it. */
    public int kernel() {
        return shape.outChannels() * taps.length * shape.groupInChannels() + 1;
    }

    /**
     * Packs a kernel for {@link #inputGradient}: as [out][height][width][in / groups], and behind it whether all of it is finite.
     *
     * @param kernel array of the kernel, [out][in / groups][height][width]
     * @param kernelOffset where it begins
     * @param packed array of the packed kernel, {@link #kernel()} floats
     * @param packedOffset where that begins
     */
    public void pack(float[] kernel, int kernelOffset, float[] packed, int packedOffset) {
        int in = shape.groupInChannels();
        int size = kernel() - 1;
        for (int out = 0; out < shape.outChannels(); out++) {
            int at = out * in * taps.length;
            products.pack(kernel, kernelOffset + at, 1, taps.length, taps.length, in, packed, packedOffset + at, in);
        }
        packed[packedOffset + size] = products.moderate(kernel, kernelOffset, size) ? 1 : 0;
    }

    /** Returns the floats of scratch that each running gradient needs. */
    public int scratch() {
        return forward.scratch();
    }

    /**
     * Computes the gradient by one input image.
     *
     * @param values array of the entries' values
     * @param valuesOffset where they begin
     * @param numbers array of the lists' numbers
     * @param numbersOffset where they begin
     * @param packed array of the kernel as packed by {@link #pack}
     * @param packedOffset where that begins
     * @param dx array of the input's gradient, [inHeight][inWidth][inChannels]
     * @param dxOffset where that begins
     * @param scratch array of the scratch, {@link #scratch()} floats that no other running call uses
     * @param scratchOffset where the scratch begins
     * @return whether it could: not without lists, and not where the kernel isn't finite
     */
    public boolean inputGradient(float[] values, int valuesOffset, int[] numbers, int numbersOffset, float[] packed,
            int packedOffset, float[] dx, int dxOffset, float[] scratch, int scratchOffset) {
        if (!EntryLists.exist(numbers, numbersOffset) || packed[packedOffset + kernel() - 1] == 0) {
            return false;
        }
        Arrays.fill(dx, dxOffset, dxOffset + shape.inHeight() * shape.inWidth() * shape.inChannels(), 0);
        float[] target = dx;
        int targetOffset = dxOffset + forward.origin(0);
        if (forward.staged()) {
            target = scratch;
            targetOffset = scratchOffset;
            Arrays.fill(scratch, scratchOffset, scratchOffset + forward.scratch(), 0);
        }
        int in = shape.groupInChannels();
        for (int out = 0; out < shape.outChannels(); out++) {
            int from = numbers[numbersOffset + out];
            int to = numbers[numbersOffset + out + 1];
            if (from < to) {
                products.scatterTaps(values, valuesOffset, numbers, numbersOffset + lists.entries(), from, to,
                        forward.rows, packed, packedOffset + out * taps.length * in, taps, in, target,
                        targetOffset + out / shape.groupOutChannels() * in);
            }
        }
        if (forward.staged()) {
            forward.unstage(0, scratch, scratchOffset, dx, dxOffset);
        }
        return true;
    }

    // ---- kernel gradient

    /** Returns the floats of the kernel's gradient as {@link #kernelGradient} sums it up: [out][height][width][in / groups]. */
    public int kernelGradient() {
        return kernel() - 1;
    }

    /**
     * Adds the kernel gradient of one image to a sum.
     *
     * @param x array of the input image, [inHeight][inWidth][inChannels]
     * @param xOffset where it begins
     * @param values array of the entries' values
     * @param valuesOffset where they begin
     * @param numbers array of the lists' numbers
     * @param numbersOffset where they begin
     * @param sum array of the sum, {@link #kernelGradient()} floats
     * @param sumOffset where that begins
     * @param accumulate whether to add to the sum instead of starting it
     * @param scratch array of the scratch, {@link #scratch()} floats that no other running call uses
     * @param scratchOffset where the scratch begins
     * @return whether it could, and else the sum is as it was: not without lists, and not where the image isn't finite
     */
    public boolean kernelGradient(float[] x, int xOffset, float[] values, int valuesOffset, int[] numbers,
            int numbersOffset, float[] sum, int sumOffset, boolean accumulate, float[] scratch, int scratchOffset) {
        if (!EntryLists.exist(numbers, numbersOffset)
                || !products.moderate(x, xOffset, shape.inHeight() * shape.inWidth() * shape.inChannels())) {
            return false;
        }
        float[] source = x;
        int sourceOffset = xOffset + forward.origin(0);
        if (forward.staged()) {
            source = scratch;
            sourceOffset = scratchOffset;
            forward.stage(0, x, xOffset, scratch, scratchOffset);
        }
        if (!accumulate) {
            Arrays.fill(sum, sumOffset, sumOffset + kernelGradient(), 0);
        }
        int in = shape.groupInChannels();
        for (int out = 0; out < shape.outChannels(); out++) {
            int from = numbers[numbersOffset + out];
            int to = numbers[numbersOffset + out + 1];
            if (from < to) {
                products.gatherTaps(values, valuesOffset, numbers, numbersOffset + lists.entries(), from, to,
                        forward.rows, source, sourceOffset + out / shape.groupOutChannels() * in, taps, in, sum,
                        sumOffset + out * taps.length * in);
            }
        }
        return true;
    }

    /**
     * Adds a sum to some output channels of the kernel's gradient.
     *
     * @param outFrom first output channel
     * @param outTo end of the output channels
     * @param sum array of the sum
     * @param sumOffset where it begins
     * @param gradient array of the kernel's gradient, [out][in / groups][height][width]
     * @param gradientOffset where that begins
     */
    public void addTo(int outFrom, int outTo, float[] sum, int sumOffset, float[] gradient, int gradientOffset) {
        int in = shape.groupInChannels();
        for (int out = outFrom; out < outTo; out++) {
            int first = out * in * taps.length;
            for (int i = 0; i < in; i++) {
                for (int t = 0; t < taps.length; t++) {
                    gradient[gradientOffset + first + i * taps.length + t] += sum[sumOffset + first + t * in + i];
                }
            }
        }
    }
}
