package dev.cambium.cpu.kernels;

/**
 * The sizes of a two-dimensional convolution (a cross-correlation, as PyTorch's conv2d), one image at a time.
 *
 * @param inChannels channels of the input
 * @param inHeight rows of the input
 * @param inWidth columns of the input
 * @param outChannels channels of the output
 * @param kernelHeight rows of the kernel
 * @param kernelWidth columns of the kernel
 * @param strideY input rows from one output row to the next
 * @param strideX input columns from one output column to the next
 * @param dilationY input rows from one kernel row to the next
 * @param dilationX input columns from one kernel column to the next
 * @param padTop rows of zeros above the input; negative crops
 * @param padBottom rows of zeros below the input; negative crops
 * @param padLeft columns of zeros left of the input; negative crops
 * @param padRight columns of zeros right of the input; negative crops
 * @param groups groups of channels that are convolved apart; divides inChannels and outChannels
 */
public record ConvolutionShape(int inChannels, int inHeight, int inWidth, int outChannels, int kernelHeight,
        int kernelWidth, int strideY, int strideX, int dilationY, int dilationX, int padTop, int padBottom, int padLeft,
        int padRight, int groups) {
    /** Checks the sizes. */
    public ConvolutionShape {
        if (inChannels % groups != 0 || outChannels % groups != 0) {
            throw new IllegalArgumentException(
                    groups + " groups don't divide " + inChannels + " input and " + outChannels + " output channels");
        }
    }

    /** Returns the rows of the output. */
    public int outHeight() {
        return outSize(inHeight + padTop + padBottom, kernelHeight, strideY, dilationY);
    }

    /** Returns the columns of the output. */
    public int outWidth() {
        return outSize(inWidth + padLeft + padRight, kernelWidth, strideX, dilationX);
    }

    private static int outSize(int padded, int kernel, int stride, int dilation) {
        return Math.max(0, Math.floorDiv(padded - dilation * (kernel - 1) - 1, stride) + 1);
    }

    /** Returns the multiply-adds of one image, padding counted as if it were image. */
    public long multiplyAdds() {
        return (long) outHeight() * outWidth() * weights();
    }

    /** Returns the elements of the kernel. */
    public int weights() {
        return outChannels * groupInChannels() * kernelHeight * kernelWidth;
    }

    /** Returns the input channels of one group. */
    public int groupInChannels() {
        return inChannels / groups;
    }

    /** Returns the output channels of one group. */
    public int groupOutChannels() {
        return outChannels / groups;
    }

    /** Returns whether every channel is convolved by itself, one input channel to one output channel. */
    public boolean depthwise() {
        return groups == inChannels && groups == outChannels;
    }
}
