package com.example.{package};

import dev.cambium.nn.Loss;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.ShapeException;
import dev.cambium.tensor.Tensor;

/** The mean of weight · (prediction − target)². */
@Part(name = "{name}", description = "a weighted mean squared error")
public record {Name}(@Setting(doc = "what the mean is multiplied by", defaultValue = "1", min = 0) double weight)
        implements Loss {
    @Override
    public Tensor loss(Tensor predictions, Tensor targets) {
        if (!predictions.type().equals(targets.type())) {
            throw new ShapeException("{name}: targets like the predictions %s are wanted, not %s"
                    .formatted(predictions.type(), targets.type()));
        }
        Tensor error = predictions.sub(targets);
        return error.mul(error).mean().mul(weight);
    }
}
