package dev.cambium.models;

import dev.cambium.nn.Initializer;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.RandomStream;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/**
 * Normal with mean 0.
 *
 * @param deviation
 *            the standard deviation
 */
@Part(name = "normal", description = "normal with mean 0")
public record Normal(@Setting(doc = "the standard deviation", min = 0) double deviation) implements Initializer {
    /**
     * Checks the deviation.
     *
     * @throws IllegalArgumentException
     *             if it is negative
     */
    public Normal {
        Require.notNegative("deviation", deviation);
    }

    @Override
    public Tensor value(TensorType type, RandomStream random) {
        return Initializer.normal(deviation).value(type, random);
    }
}
