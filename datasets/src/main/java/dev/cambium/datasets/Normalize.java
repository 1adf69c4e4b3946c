package dev.cambium.datasets;

import dev.cambium.CambiumException;
import dev.cambium.data.Batch;
import dev.cambium.data.Examples;
import dev.cambium.data.Splits;
import dev.cambium.data.Transform;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;

/**
 * Moves and scales inputs, which are float32, to (input − mean) / deviation, as torchvision's {@code Normalize} does with one pair
 * for all channels. The defaults are those of MNIST's pixels.
 *
 * @param mean
 *            what becomes 0
 * @param deviation
 *            what becomes 1 beside the mean
 */
@Part(name = "normalize", description = "moves and scales inputs to a mean of 0 and a deviation of 1")
public record Normalize(@Setting(doc = "what becomes 0", defaultValue = "0.1307") double mean,
        @Setting(doc = "the distance from the mean that becomes 1, above 0", defaultValue = "0.3081") double deviation)
        implements Transform {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException
     *             if the mean is not finite or the deviation is not above 0
     */
    public Normalize {
        if (!Double.isFinite(mean) || !(deviation > 0 && Double.isFinite(deviation))) {
            throw new IllegalArgumentException(
                    "mean is %s and deviation %s, but they must be finite and deviation above 0".formatted(mean,
                            deviation));
        }
    }

    @Override
    public Splits apply(Splits splits) {
        return new Splits(normalized(splits.train()), normalized(splits.test()));
    }

    private Examples normalized(Examples examples) {
        if (examples.inputType().dtype() != DType.FLOAT32) {
            throw new CambiumException("normalize takes inputs of float32, not " + examples.inputType());
        }
        float shift = (float) mean;
        float scale = (float) (1 / deviation);
        return examples.map((batch, _, _) -> {
            float[] values = batch.inputs().toFloatArray();
            for (int i = 0; i < values.length; i++) {
                values[i] = (values[i] - shift) * scale;
            }
            return new Batch(NdArray.of(batch.inputs().shape(), values), batch.targets());
        });
    }
}
