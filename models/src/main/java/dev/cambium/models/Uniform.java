package dev.cambium.models;

import dev.cambium.nn.Initializer;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.RandomStream;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/**
 * Uniform between two numbers of opposite sign.
 *
 * @param bound
 *            the farthest from 0
 */
@Part(name = "uniform", description = "uniform from −bound to bound")
public record Uniform(@Setting(doc = "the farthest from 0", min = 0) double bound) implements Initializer {
    /**
     * Checks the bound.
     *
     * @throws IllegalArgumentException
     *             if it is negative
     */
    public Uniform {
        Require.notNegative("bound", bound);
    }

    @Override
    public Tensor value(TensorType type, RandomStream random) {
        return Initializer.uniform(bound).value(type, random);
    }
}
