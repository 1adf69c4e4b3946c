package dev.cambium.tensor;

import static dev.cambium.Stability.Level.STABLE;

import dev.cambium.Stability;

/**
 * A window that slides over the last two axes of images, for convolution and pooling.
 *
 * @param height
 *            rows of the window, at least 1
 * @param width
 *            columns of the window, at least 1
 * @param strideHeight
 *            rows from one place to the next, at least 1
 * @param strideWidth
 *            columns from one place to the next, at least 1
 * @param dilationHeight
 *            rows between the window's own rows, 1 when they touch
 * @param dilationWidth
 *            columns between the window's own columns, 1 when they touch
 * @param top
 *            padding rows above the image
 * @param bottom
 *            padding rows below
 * @param left
 *            padding columns before
 * @param right
 *            padding columns after
 */
@Stability(value = STABLE, since = "0.1")
public record Window2d(int height, int width, int strideHeight, int strideWidth, int dilationHeight, int dilationWidth,
        int top, int bottom, int left, int right) {
    private static final int LARGEST = 1 << 24;

    /**
     * Checks that sizes are positive and padding is not negative.
     *
     * @throws IllegalArgumentException
     *             if not, or if window or padding reach further than any image does
     */
    public Window2d {
        if (height < 1 || width < 1 || strideHeight < 1 || strideWidth < 1 || dilationHeight < 1 || dilationWidth < 1) {
            throw new IllegalArgumentException(
                    "window, stride and dilation must be at least 1: window %d×%d, stride %d×%d, dilation %d×%d"
                            .formatted(height, width, strideHeight, strideWidth, dilationHeight, dilationWidth));
        }
        if (top < 0 || bottom < 0 || left < 0 || right < 0) {
            throw new IllegalArgumentException(
                    "padding can't be negative: %d, %d, %d, %d".formatted(top, bottom, left, right));
        }
        long reach = Math.max((long) height * dilationHeight, (long) width * dilationWidth);
        if (Math.max(reach, Math.max(Math.max(top, bottom), Math.max(left, right))) > LARGEST) {
            throw new IllegalArgumentException(
                    "window and padding are too large: window %d×%d, dilation %d×%d, padding %d, %d, %d, %d".formatted(
                            height, width, dilationHeight, dilationWidth, top, bottom, left, right));
        }
    }

    /** A square window without padding or dilation that moves by {@code stride}. */
    public static Window2d square(int size, int stride) {
        return new Window2d(size, size, stride, stride, 1, 1, 0, 0, 0, 0);
    }

    /** This window with the same padding on all four sides. */
    public Window2d padded(int padding) {
        return new Window2d(height, width, strideHeight, strideWidth, dilationHeight, dilationWidth, padding, padding,
                padding,
                padding);
    }

    /**
     * This window with the padding that gives an output of ⌈input / stride⌉ (for stride 1: the input's size) on inputs that the
     * stride divides; an odd rest goes below and to the right, as in PyTorch and TensorFlow.
     */
    public Window2d samePadding() {
        int vertical = Math.max(spanHeight() - strideHeight, 0);
        int horizontal = Math.max(spanWidth() - strideWidth, 0);
        return new Window2d(height, width, strideHeight, strideWidth, dilationHeight, dilationWidth, vertical / 2,
                vertical - vertical / 2, horizontal / 2, horizontal - horizontal / 2);
    }

    /** The rows from the window's first to its last, dilation counted. */
    public int spanHeight() {
        return (height - 1) * dilationHeight + 1;
    }

    /** The columns from the window's first to its last, dilation counted. */
    public int spanWidth() {
        return (width - 1) * dilationWidth + 1;
    }

    /** The number of places along the height of an image; 0 or less when the padded image is smaller than the window. */
    public int outputHeight(int inputHeight) {
        return Math.floorDiv(inputHeight + top + bottom - spanHeight(), strideHeight) + 1;
    }

    /** The number of places along the width of an image; 0 or less when the padded image is smaller than the window. */
    public int outputWidth(int inputWidth) {
        return Math.floorDiv(inputWidth + left + right - spanWidth(), strideWidth) + 1;
    }
}
