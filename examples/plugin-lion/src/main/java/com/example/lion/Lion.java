package com.example.lion;

import dev.cambium.nn.Optimizer;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.Tensor;

/**
 * Lion: steps of one length along the sign of a mean of gradients, and decay of the parameter apart from it (Chen et al., "Symbolic
 * discovery of optimization algorithms", 2023, algorithm 2). It keeps the slot {@code exp_avg}.
 */
@Part(name = "lion", description = "Lion: steps along the sign of momentum (Chen et al., 2023)")
public record Lion(@Setting(doc = "the length of a step", defaultValue = "0.0001", min = 0) double learningRate,
        @Setting(doc = "how much of the momentum enters the direction of a step", defaultValue = "0.9", min = 0,
                max = 1) double beta1,
        @Setting(doc = "how much of the momentum stays from step to step", defaultValue = "0.99", min = 0,
                max = 1) double beta2,
        @Setting(doc = "the share of the parameter that a step of length 1 takes away", defaultValue = "0",
                min = 0) double weightDecay)
        implements Optimizer {
    @Override
    public Tensor update(Tensor parameter, Tensor gradient, Slots slots) {
        Tensor momentum = slots.get("exp_avg");
        Tensor direction = mean(momentum, gradient, beta1).sign();
        slots.set("exp_avg", mean(momentum, gradient, beta2));
        return parameter.sub(direction.add(parameter.mul(weightDecay)).mul(learningRate));
    }

    private static Tensor mean(Tensor momentum, Tensor gradient, double beta) {
        return momentum.mul(beta).add(gradient.mul(1 - beta));
    }
}
