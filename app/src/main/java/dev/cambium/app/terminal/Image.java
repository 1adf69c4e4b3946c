package dev.cambium.app.terminal;

import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;

/**
 * One image.
 *
 * @param height
 *            in pixels
 * @param width
 *            in pixels
 * @param rgb
 *            the pixels as {@code 0xRRGGBB}, row by row
 */
@SuppressWarnings("ArrayRecordComponent") // pixels are not compared
public record Image(int height, int width, int[] rgb) {
    /** Whether inputs of this type are images: [1, height, width] in grey or [3, height, width] in red, green and blue. */
    public static boolean isImage(TensorType input) {
        Shape shape = input.shape();
        return input.dtype().isFloating() && shape.rank() == 3 && (shape.dim(0) == 1 || shape.dim(0) == 3);
    }

    /**
     * An image of a batch.
     *
     * @param batch
     *            [batch, channels, height, width], 0 … 1
     */
    public static Image of(NdArray batch, int index) {
        Shape shape = batch.shape();
        int area = shape.dim(2) * shape.dim(3);
        int[] rgb = new int[area];
        for (int i = 0; i < area; i++) {
            for (int channel = 0; channel < 3; channel++) {
                int plane = index * shape.dim(1) + Math.min(channel, shape.dim(1) - 1);
                long level = Math.round(255 * Math.clamp(batch.getDouble((long) plane * area + i), 0.0, 1.0));
                rgb[i] = rgb[i] << 8 | (int) level;
            }
        }
        return new Image(shape.dim(2), shape.dim(3), rgb);
    }

    /** The mean brightness of a rectangle of pixels, 0 … 1, by ITU-R BT.601; what lies outside is black. */
    double brightness(int top, int left, int rows, int columns) {
        double sum = 0;
        for (int y = top; y < Math.min(top + rows, height); y++) {
            for (int x = left; x < Math.min(left + columns, width); x++) {
                int p = rgb[y * width + x];
                sum += 0.299 * (p >> 16 & 255) + 0.587 * (p >> 8 & 255) + 0.114 * (p & 255);
            }
        }
        return sum / 255 / rows / columns;
    }
}
