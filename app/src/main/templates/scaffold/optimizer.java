package com.example.{package};

import dev.cambium.nn.Optimizer;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.Tensor;

/** Gradient descent with momentum, which it keeps for each parameter in the slot {@code momentum}. */
@Part(name = "{name}", description = "gradient descent with momentum")
public record {Name}(@Setting(doc = "the length of a step", defaultValue = "0.01", min = 0) double learningRate,
        @Setting(doc = "how much of the last direction stays", defaultValue = "0.9", min = 0, max = 1) double momentum)
        implements Optimizer {
    @Override
    public Tensor update(Tensor parameter, Tensor gradient, Slots slots) {
        Tensor direction = slots.set("momentum", slots.get("momentum").mul(momentum).add(gradient));
        return parameter.sub(direction.mul(learningRate));
    }
}
