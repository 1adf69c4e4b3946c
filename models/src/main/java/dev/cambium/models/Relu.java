package dev.cambium.models;

import dev.cambium.nn.Context;
import dev.cambium.nn.Layer;
import dev.cambium.part.Part;
import dev.cambium.tensor.Tensor;

/** x where it is positive, else 0; see {@link Tensor#relu}. */
@Part(name = "relu", description = "negative numbers become 0")
public record Relu() implements Layer {
    @Override
    public Tensor forward(Tensor input, Context cx) {
        return input.relu();
    }
}
