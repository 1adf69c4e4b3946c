package dev.cambium.models;

import dev.cambium.nn.Initializer;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.RandomStream;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/**
 * All values the same.
 *
 * @param value
 *            the value
 */
@Part(name = "constant", description = "all values the same")
public record Constant(@Setting(doc = "the value") double value) implements Initializer {
    @Override
    public Tensor value(TensorType type, RandomStream random) {
        return Initializer.constant(value).value(type, random);
    }
}
