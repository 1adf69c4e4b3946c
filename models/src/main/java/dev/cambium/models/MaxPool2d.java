package dev.cambium.models;

import dev.cambium.nn.Context;
import dev.cambium.nn.Layer;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.Window2d;

/**
 * The largest element of each window of images [n, c, h, w], PyTorch's {@code MaxPool2d}; see
 * {@link Tensor#maxPool2d(Window2d)}.
 *
 * @param kernelSize
 *            rows and columns of the window
 * @param stride
 *            rows and columns from one window to the next; 0 stands for the window's size
 * @param padding
 *            rows and columns on each side that never win, at most half a window
 * @param dilation
 *            rows and columns between the window's own, 1 when they touch
 */
@Part(name = "max-pool2d", description = "the largest element of each window of images")
public record MaxPool2d(@Setting(doc = "rows and columns of the window", min = 1) int kernelSize,
        @Setting(doc = "rows and columns from one window to the next; 0 for the window's size", defaultValue = "0",
                min = 0) int stride,
        @Setting(doc = "rows and columns on each side that never win, at most half a window", defaultValue = "0",
                min = 0) int padding,
        @Setting(doc = "rows and columns between the window's own, 1 when they touch", defaultValue = "1",
                min = 1) int dilation)
        implements Layer {

    /**
     * Checks the settings and replaces a stride of 0 by the window's size.
     *
     * @throws IllegalArgumentException
     *             if a size is out of range
     */
    public MaxPool2d {
        Require.atLeast("kernelSize", kernelSize, 1);
        Require.atLeast("stride", stride, 0);
        Require.atLeast("padding", padding, 0);
        Require.atLeast("dilation", dilation, 1);
        stride = stride == 0 ? kernelSize : stride;
        if (padding > kernelSize / 2) {
            throw new IllegalArgumentException(
                    "padding is %d, but must be at most half of the window of %d".formatted(padding, kernelSize));
        }
    }

    /** Windows side by side, without padding or dilation. */
    public MaxPool2d(int kernelSize) {
        this(kernelSize, 0, 0, 1);
    }

    @Override
    public Tensor forward(Tensor images, Context cx) {
        return images.maxPool2d(new Window2d(kernelSize, kernelSize, stride, stride, dilation, dilation, padding,
                padding, padding, padding));
    }
}
