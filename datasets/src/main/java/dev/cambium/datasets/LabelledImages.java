package dev.cambium.datasets;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

import dev.cambium.data.Batch;
import dev.cambium.data.Examples;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;

/**
 * Grey images with class labels, a byte a pixel and a byte a label, turned into numbers batch by batch.
 *
 * @param pixels
 *            [size, height, width], row-major
 * @param labels
 *            [size]
 */
record LabelledImages(ByteBuffer pixels, ByteBuffer labels, int height, int width, List<String> classNames)
        implements Examples {
    /** Byte b as the float b/255. */
    private static final float[] GREY = new float[256];

    static {
        for (int b = 0; b < GREY.length; b++) {
            GREY[b] = b / 255f;
        }
    }

    @Override
    public int size() {
        return labels.capacity();
    }

    @Override
    public TensorType inputType() {
        return new TensorType(DType.FLOAT32, Shape.of(1, height, width));
    }

    @Override
    public TensorType targetType() {
        return new TensorType(DType.INT64, Shape.scalar());
    }

    @Override
    public Batch batch(int epoch, int... indices) {
        int area = height * width;
        byte[] image = new byte[area];
        float[] inputs = new float[Math.multiplyExact(indices.length, area)];
        long[] targets = new long[indices.length];
        for (int i = 0; i < indices.length; i++) {
            int index = Objects.checkIndex(indices[i], size());
            pixels.get(index * area, image);
            for (int p = 0; p < area; p++) {
                inputs[i * area + p] = GREY[Byte.toUnsignedInt(image[p])];
            }
            targets[i] = Byte.toUnsignedLong(labels.get(index));
        }
        return new Batch(NdArray.of(Shape.of(indices.length, 1, height, width), inputs),
                NdArray.of(Shape.of(indices.length), targets));
    }
}
