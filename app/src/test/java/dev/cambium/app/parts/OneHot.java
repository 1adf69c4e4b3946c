package dev.cambium.app.parts;

import dev.cambium.nn.Context;
import dev.cambium.nn.Layer;
import dev.cambium.part.Part;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Tensor;

/** Makes something to compute with of places in a list. */
@Part(name = "one-hot", description = "one place of five for each number")
public record OneHot() implements Layer {
    @Override
    public Tensor forward(Tensor input, Context cx) {
        return input.oneHot(5, DType.FLOAT32);
    }
}
