package dev.cambium.datasets;

import dev.cambium.CambiumException;
import dev.cambium.data.Batch;
import dev.cambium.data.Splits;
import dev.cambium.data.Transform;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Philox;
import dev.cambium.tensor.RandomStream;
import dev.cambium.tensor.TensorType;

/**
 * Shifts images to learn from, float32[channels, height, width], by some rows and columns; what comes in at the border is 0. Each
 * image has another shift in each epoch; those to be judged by stay in place.
 *
 * @param pixels
 *            the farthest shift in each direction
 * @param seed
 *            chooses the shifts
 */
@Part(name = "random-shift", description = "shifts images to learn from by some pixels, otherwise in each epoch")
public record RandomShift(@Setting(doc = "the farthest shift in each direction", defaultValue = "2", min = 0,
        max = 1000) int pixels, @Setting(doc = "chooses the shifts", defaultValue = "0") long seed)
        implements Transform {
    private static final int STREAM = RandomStream.number("random-shift");

    /**
     * Checks the number of pixels.
     *
     * @throws IllegalArgumentException
     *             if it is negative
     */
    public RandomShift {
        if (pixels < 0) {
            throw new IllegalArgumentException("pixels is %d, but must be at least 0".formatted(pixels));
        }
    }

    @Override
    public Splits apply(Splits splits) {
        TensorType type = splits.train().inputType();
        if (type.dtype() != DType.FLOAT32 || type.shape().rank() != 3) {
            throw new CambiumException("random-shift takes images float32[channels, height, width], not " + type);
        }
        return new Splits(splits.train().map(this::shifted), splits.test());
    }

    private Batch shifted(Batch batch, int epoch, int... indices) {
        float[] from = batch.inputs().toFloatArray();
        float[] to = new float[from.length];
        int channels = batch.inputs().shape().dim(1);
        int height = batch.inputs().shape().dim(2);
        int width = batch.inputs().shape().dim(3);
        for (int i = 0; i < indices.length; i++) {
            int down = shift(epoch, 2L * indices[i]);
            int right = shift(epoch, 2L * indices[i] + 1);
            int columns = width - Math.abs(right);
            for (int row = 0; row < channels * height && columns > 0; row++) {
                int source = row % height - down;
                if (source >= 0 && source < height) {
                    int channel = (i * channels + row / height) * height;
                    System.arraycopy(from, (channel + source) * width + Math.max(0, -right), to,
                            (channel + row % height) * width + Math.max(0, right), columns);
                }
            }
        }
        return new Batch(NdArray.of(batch.inputs().shape(), to), batch.targets());
    }

    private int shift(int epoch, long draw) {
        long bits = Integer.toUnsignedLong(Philox.bits(seed, STREAM, epoch, draw));
        return (int) ((bits * (2L * pixels + 1)) >>> 32) - pixels;
    }
}
