package dev.cambium.cpu.kernels;

import java.util.Arrays;

/**
 * The two gradients of a {@link Convolution} from the entries of its output's gradient alone, which behind a pooling or a ReLU are few.
 * An entry adds its multiple of a patch of the input to the kernel's gradient, and of a kernel to a patch of the input's gradient.
 * Sums have an order of their own, by which results differ from those of the dense gradients in rounding.
 *
 * <p>Lanes are input channels. For each block of as many, the image is copied into scratch, with zeros around and with room for its
 * gradient between the pixels, so that one pass over the entries finds all it needs at constant distances. Who wants only one of
 * the gradients has the other one go where nobody looks. Neither depends on whether the other is computed.
 *
 * <p>What is zero is skipped, and zero times NaN or infinity with it. So where the other operand holds such a value the gradient is
 * left to the dense kernel.
 */
public final class SparseConvolution {
    private final Products products;
    private final ConvolutionShape shape;
    private final EntryLists lists;
    private final int lanes;
    /** Blocks of channels of a group. */
    private final int blocks;
    /** Of what the positions see of the image, and around it. */
    private final int height;
    private final int width;
    /** Whether that is all of the image. */
    private final boolean whole;
    private final int[] rows;
    /** Of each tap, within what a position sees. */
    private final int[] taps;

    /** Prepares the gradients of a convolution. */
    public SparseConvolution(Products products, Convolution dense) {
        this.products = products;
        shape = dense.shape();
        lists = new EntryLists(shape.outHeight() * shape.outWidth(), shape.outChannels());
        lanes = products.lanes();
        blocks = Math.ceilDiv(shape.groupInChannels(), lanes);
        height = (shape.outHeight() - 1) * shape.strideY() + (shape.kernelHeight() - 1) * shape.dilationY() + 1;
        width = (shape.outWidth() - 1) * shape.strideX() + (shape.kernelWidth() - 1) * shape.dilationX() + 1;
        whole = shape.padTop() >= 0 && height - shape.padTop() >= shape.inHeight() && shape.padLeft() >= 0
                && width - shape.padLeft() >= shape.inWidth();
        rows = new int[shape.outHeight() * shape.outWidth()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = pixel(i / shape.outWidth() * shape.strideY(), i % shape.outWidth() * shape.strideX());
        }
        taps = new int[shape.kernelHeight() * shape.kernelWidth()];
        for (int t = 0; t < taps.length; t++) {
            taps[t] = pixel(t / shape.kernelWidth() * shape.dilationY(), t % shape.kernelWidth() * shape.dilationX());
        }
    }

    /** The offset of a pixel in scratch; behind its channels lies their gradient. */
    private int pixel(int y, int x) {
        return (y * width + x) * 2 * lanes;
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

    /** Returns the floats of a packed kernel. */
    public int kernel() {
        return kernelGradient() + 1;
    }

    /** Returns the floats of the kernel's gradient as it is summed up: [out][block of in / groups][height][width][lane]. */
    public int kernelGradient() {
        return shape.outChannels() * outPitch();
    }

    /** From one output channel's weights to the next one's. */
    private int outPitch() {
        return blocks * blockPitch();
    }

    private int blockPitch() {
        return taps.length * lanes;
    }

    /**
     * Packs a kernel for the input gradient: as {@link #kernelGradient} lies, and behind it whether all of it is moderate.
     *
     * @param kernel array of the kernel, [out][in / groups][height][width]
     * @param kernelOffset where it begins
     * @param packed array of the packed kernel, {@link #kernel()} floats
     * @param packedOffset where that begins
     */
    public void pack(float[] kernel, int kernelOffset, float[] packed, int packedOffset) {
        int in = shape.groupInChannels();
        int to = packedOffset;
        for (int out = 0; out < shape.outChannels(); out++) {
            for (int channel = 0; channel < in; channel += lanes) {
                products.pack(kernel, kernelOffset + (out * in + channel) * taps.length, 1, taps.length, taps.length,
                        Math.min(lanes, in - channel), packed, to, lanes);
                to += blockPitch();
            }
        }
        packed[to] = products.moderate(kernel, kernelOffset, shape.outChannels() * in * taps.length) ? 1 : 0;
    }

    /** Returns whether the input gradient can be computed: not without lists, and not where the kernel isn't moderate. */
    public boolean hasInputGradient(int[] numbers, int numbersOffset, float[] packed, int packedOffset) {
        return EntryLists.exist(numbers, numbersOffset) && packed[packedOffset + kernelGradient()] != 0;
    }

    /** Returns whether the kernel gradient can be computed: not without lists, and not where the image isn't moderate. */
    public boolean hasKernelGradient(int[] numbers, int numbersOffset, float[] x, int xOffset) {
        return EntryLists.exist(numbers, numbersOffset)
                && products.moderate(x, xOffset, shape.inHeight() * shape.inWidth() * shape.inChannels());
    }

    /** Returns the floats of scratch that each running gradient needs. */
    public int scratch() {
        return height * width * 2 * lanes + blockPitch();
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
     * @param scratchOffset where the scratch begins; fastest on a boundary of {@link Alignment}
     */
    public void inputGradient(float[] values, int valuesOffset, int[] numbers, int numbersOffset, float[] packed,
            int packedOffset, float[] dx, int dxOffset, float[] scratch, int scratchOffset) {
        clearUnseen(dx, dxOffset);
        int nowhere = nowhere(scratch, scratchOffset);
        for (int channel = 0, block = 0; block < shape.groups() * blocks; channel += channels(block++)) {
            clear(scratch, scratchOffset);
            visit(block, values, valuesOffset, numbers, numbersOffset, packed, packedOffset + weights(block),
                    outPitch(),
                    scratch, nowhere, 0, scratch, scratchOffset);
            takeGradient(block, dx, dxOffset + channel, scratch, scratchOffset);
        }
    }

    /**
     * Adds the kernel gradient of one image to a sum. Arguments as in {@link #inputGradient}.
     *
     * @param x array of the input image, [inHeight][inWidth][inChannels]
     * @param xOffset where it begins
     * @param sum array of the sum, {@link #kernelGradient()} floats
     * @param sumOffset where that begins
     * @param accumulate whether to add to the sum instead of starting it
     */
    public void kernelGradient(float[] values, int valuesOffset, int[] numbers, int numbersOffset, float[] x,
            int xOffset, float[] sum, int sumOffset, boolean accumulate, float[] scratch, int scratchOffset) {
        clear(sum, sumOffset, accumulate);
        int nowhere = nowhere(scratch, scratchOffset);
        for (int channel = 0, block = 0; block < shape.groups() * blocks; channel += channels(block++)) {
            clear(scratch, scratchOffset);
            putImage(block, x, xOffset + channel, scratch, scratchOffset);
            visit(block, values, valuesOffset, numbers, numbersOffset, scratch, nowhere, 0, sum,
                    sumOffset + weights(block), outPitch(), scratch, scratchOffset);
        }
    }

    /** Does what {@link #inputGradient} and {@link #kernelGradient} do, faster than these one after the other. */
    public void gradients(float[] values, int valuesOffset, int[] numbers, int numbersOffset, float[] packed,
            int packedOffset, float[] dx, int dxOffset, float[] x, int xOffset, float[] sum, int sumOffset,
            boolean accumulate, float[] scratch, int scratchOffset) {
        clearUnseen(dx, dxOffset);
        clear(sum, sumOffset, accumulate);
        for (int channel = 0, block = 0; block < shape.groups() * blocks; channel += channels(block++)) {
            clear(scratch, scratchOffset);
            putImage(block, x, xOffset + channel, scratch, scratchOffset);
            visit(block, values, valuesOffset, numbers, numbersOffset, packed, packedOffset + weights(block),
                    outPitch(), sum,
                    sumOffset + weights(block), outPitch(), scratch, scratchOffset);
            takeGradient(block, dx, dxOffset + channel, scratch, scratchOffset);
        }
    }

    /** The channels of a block: of a group's last one fewer than lanes, if need be. */
    private int channels(int block) {
        return Math.min(lanes, shape.groupInChannels() - block % blocks * lanes);
    }

    /** Zeros that stand for weights which nobody wants multiplied, and where sums go that nobody wants. */
    private int nowhere(float[] scratch, int scratchOffset) {
        int offset = scratchOffset + height * width * 2 * lanes;
        Arrays.fill(scratch, offset, offset + blockPitch(), 0);
        return offset;
    }

    private void clear(float[] scratch, int scratchOffset) {
        Arrays.fill(scratch, scratchOffset, scratchOffset + height * width * 2 * lanes, 0);
    }

    private void clear(float[] sum, int sumOffset, boolean accumulate) {
        if (!accumulate) {
            Arrays.fill(sum, sumOffset, sumOffset + kernelGradient(), 0);
        }
    }

    private void clearUnseen(float[] dx, int dxOffset) {
        if (!whole) {
            Arrays.fill(dx, dxOffset, dxOffset + shape.inHeight() * shape.inWidth() * shape.inChannels(), 0);
        }
    }

    private void putImage(int block, float[] x, int xOffset, float[] scratch, int scratchOffset) {
        int left = Math.max(0, shape.padLeft());
        int columns = Math.min(width, shape.inWidth() + shape.padLeft()) - left;
        for (int y = Math.max(0, shape.padTop()); y < Math.min(height, shape.inHeight() + shape.padTop()); y++) {
            int image = ((y - shape.padTop()) * shape.inWidth() + left - shape.padLeft()) * shape.inChannels();
            products.copyRows(x, xOffset + image, shape.inChannels(), scratch, scratchOffset + pixel(y, left),
                    2 * lanes, columns, channels(block));
        }
    }

    private void takeGradient(int block, float[] dx, int dxOffset, float[] scratch, int scratchOffset) {
        int left = Math.max(0, shape.padLeft());
        int columns = Math.min(width, shape.inWidth() + shape.padLeft()) - left;
        for (int y = Math.max(0, shape.padTop()); y < Math.min(height, shape.inHeight() + shape.padTop()); y++) {
            int image = ((y - shape.padTop()) * shape.inWidth() + left - shape.padLeft()) * shape.inChannels();
            products.copyRows(scratch, scratchOffset + pixel(y, left) + lanes, 2 * lanes, dx, dxOffset + image,
                    shape.inChannels(), columns, channels(block));
        }
    }

    /** Where a block's weights begin. */
    private int weights(int block) {
        return block / blocks * shape.groupOutChannels() * outPitch() + block % blocks * blockPitch();
    }

    private void visit(int block, float[] values, int valuesOffset, int[] numbers, int numbersOffset, float[] w,
            int wOffset, int wStride, float[] sum, int sumOffset, int sumStride, float[] scratch, int scratchOffset) {
        int out = block / blocks * shape.groupOutChannels();
        products.tapGradients(values, valuesOffset, numbers, numbersOffset + out, shape.groupOutChannels(),
                numbersOffset + lists.entries(), rows, scratch, scratchOffset, taps, w, wOffset, wStride, sum,
                sumOffset, sumStride);
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
        int to = gradientOffset + outFrom * in * taps.length;
        for (int out = outFrom; out < outTo; out++) {
            for (int i = 0; i < in; i++) {
                int from = sumOffset + out * outPitch() + i / lanes * blockPitch() + i % lanes;
                for (int t = 0; t < taps.length; t++) {
                    gradient[to++] += sum[from + t * lanes];
                }
            }
        }
    }
}
