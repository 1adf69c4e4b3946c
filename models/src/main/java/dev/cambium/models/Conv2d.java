package dev.cambium.models;

import java.util.Optional;

import dev.cambium.nn.Context;
import dev.cambium.nn.Initializer;
import dev.cambium.nn.Layer;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.ShapeException;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.Window2d;

/**
 * Two-dimensional convolution (cross-correlation) of images [n, c, h, w] to [n, outChannels, h′, w′], PyTorch's {@code Conv2d}.
 * It owns {@code weight} [outChannels, c / groups, kernelSize, kernelSize] and {@code bias} [outChannels], both with
 * {@linkplain Initializer#fanIn PyTorch's default initialisation} if nothing else is said.
 *
 * @param outChannels
 *            the number of filters
 * @param kernelSize
 *            rows and columns of each filter
 * @param stride
 *            rows and columns from one place to the next
 * @param padding
 *            rows and columns of zeros on each side as a number, or {@link #SAME}
 * @param dilation
 *            rows and columns between the filter's own, 1 when they touch
 * @param groups
 *            the number of groups that input and output channels are split into; each output sees its group alone
 * @param bias
 *            whether a learned number is added to each output channel
 * @param initializer
 *            the first values of the weight
 */
@Part(name = "conv2d", description = "two-dimensional convolution of images")
public record Conv2d(@Setting(doc = "the number of filters", min = 1) int outChannels,
        @Setting(doc = "rows and columns of each filter", min = 1) int kernelSize,
        @Setting(doc = "rows and columns from one place to the next", defaultValue = "1", min = 1) int stride,
        @Setting(doc = "rows and columns of zeros on each side, or 'same': as many as keep the image's size",
                defaultValue = "0") String padding,
        @Setting(doc = "rows and columns between the filter's own, 1 when they touch", defaultValue = "1",
                min = 1) int dilation,
        @Setting(doc = "the number of groups that channels are split into", defaultValue = "1", min = 1) int groups,
        @Setting(doc = "whether a learned number is added to each output channel", defaultValue = "true") boolean bias,
        @Setting(
                doc = "the first values of the weight; without it PyTorch's default") Optional<Initializer> initializer)
        implements Layer {

    /** The padding that keeps the size of the image; of an odd number of rows or columns the last goes below or to the right. */
    public static final String SAME = "same";

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException
     *             if a size is not positive, the groups don't divide the output channels, the padding is neither a number nor
     *             {@link #SAME}, or that comes with a stride
     */
    public Conv2d {
        Require.atLeast("outChannels", outChannels, 1);
        Require.atLeast("kernelSize", kernelSize, 1);
        Require.atLeast("stride", stride, 1);
        Require.atLeast("dilation", dilation, 1);
        Require.atLeast("groups", groups, 1);
        if (outChannels % groups != 0) {
            throw new IllegalArgumentException(
                    "%d output channels can't be split into %d groups".formatted(outChannels, groups));
        }
        if (padding.equals(SAME) && stride > 1) {
            throw new IllegalArgumentException(
                    "padding 'same' keeps the image's size, which a stride of %d does not: give a number"
                            .formatted(stride));
        }
        if (!padding.equals(SAME) && !padding.matches("\\d{1,9}")) {
            throw new IllegalArgumentException(
                    "padding is '%s', but must be a number of at least 0 or 'same'".formatted(padding));
        }
    }

    /** Filters that move by one, without padding, dilation or groups, with a bias. */
    public Conv2d(int outChannels, int kernelSize) {
        this(outChannels, kernelSize, "0");
    }

    /** Filters that move by one, without dilation or groups, with a bias. */
    public Conv2d(int outChannels, int kernelSize, String padding) {
        this(outChannels, kernelSize, 1, padding, 1, 1, true);
    }

    /** With PyTorch's default initialisation. */
    public Conv2d(int outChannels, int kernelSize, int stride, String padding, int dilation, int groups, boolean bias) {
        this(outChannels, kernelSize, stride, padding, dilation, groups, bias, Optional.empty());
    }

    @Override
    public Tensor forward(Tensor images, Context cx) {
        if (images.shape().rank() != 4 || images.shape().dim(1) % groups != 0) {
            throw new ShapeException(
                    "conv2d: images [n, c, h, w] are wanted whose channels split into %d groups, not %s"
                            .formatted(groups, images.type()));
        }
        int groupChannels = images.shape().dim(1) / groups;
        Initializer usual = Initializer.fanIn((long) groupChannels * kernelSize * kernelSize);
        Tensor weight = cx.parameter("weight", Shape.of(outChannels, groupChannels, kernelSize, kernelSize),
                initializer.orElse(usual));
        Tensor output = images.conv2d(weight, window(), groups);
        return bias
                ? output.add(cx.parameter("bias", Shape.of(outChannels), usual).reshape(outChannels, 1, 1))
                : output;
    }

    private Window2d window() {
        var window = new Window2d(kernelSize, kernelSize, stride, stride, dilation, dilation, 0, 0, 0, 0);
        return padding.equals(SAME) ? window.samePadding() : window.padded(Integer.parseInt(padding));
    }
}
