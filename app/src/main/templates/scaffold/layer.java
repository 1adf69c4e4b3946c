package com.example.{package};

import dev.cambium.nn.Context;
import dev.cambium.nn.Initializer;
import dev.cambium.nn.Layer;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;

/** x · sigmoid(slope · x) with one learned slope, which the layer owns as the parameter {@code slope}. */
@Part(name = "{name}", description = "x · sigmoid(slope · x), with a learned slope")
public record {Name}(@Setting(doc = "the slope at first", defaultValue = "1") double slope) implements Layer {
    @Override
    public Tensor forward(Tensor input, Context cx) {
        Tensor learned = cx.parameter("slope", Shape.scalar(), Initializer.constant(slope));
        return input.mul(input.mul(learned).sigmoid());
    }
}
