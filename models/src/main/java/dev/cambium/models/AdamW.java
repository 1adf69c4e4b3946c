package dev.cambium.models;

import dev.cambium.nn.Optimizer;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.Tensor;

/**
 * {@link Adam} whose weight decay shrinks the parameter itself and leaves the gradient alone. Loshchilov and Hutter, "Decoupled
 * weight decay regularization", 2019; PyTorch's {@code AdamW}. It keeps the slots {@code exp_avg} and {@code exp_avg_sq}.
 *
 * @param learningRate
 *            the length of a step
 * @param beta1
 *            how much of the mean of gradients stays from step to step
 * @param beta2
 *            how much of the mean of squared gradients stays from step to step
 * @param epsilon
 *            added to the root, so that small gradients do not make large steps
 * @param weightDecay
 *            times the learning rate, the share of the parameter that a step takes away
 */
@Part(name = "adamw", description = "Adam with decoupled weight decay (Loshchilov and Hutter, 2019)")
public record AdamW(@Setting(doc = "the length of a step", defaultValue = "0.001", min = 0) double learningRate,
        @Setting(doc = "how much of the mean of gradients stays from step to step", defaultValue = "0.9", min = 0,
                max = 1) double beta1,
        @Setting(doc = "how much of the mean of squared gradients stays from step to step", defaultValue = "0.999",
                min = 0, max = 1) double beta2,
        @Setting(doc = "added to the root of the mean of squared gradients", defaultValue = "1e-8",
                min = 0) double epsilon,
        @Setting(doc = "times the learning rate, the share of the parameter that a step takes away",
                defaultValue = "0.01", min = 0) double weightDecay)
        implements Optimizer {

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException
     *             if a setting is negative or a beta is not below 1
     */
    public AdamW {
        Require.notNegative("learningRate", learningRate);
        Require.decay("beta1", beta1);
        Require.decay("beta2", beta2);
        Require.notNegative("epsilon", epsilon);
        Require.notNegative("weightDecay", weightDecay);
    }

    /** With a learning rate of 0.001. */
    public AdamW() {
        this(0.001);
    }

    /** With betas 0.9 and 0.999, epsilon 1e-8 and a weight decay of 0.01. */
    public AdamW(double learningRate) {
        this(learningRate, 0.9, 0.999, 1e-8, 0.01);
    }

    @Override
    public Tensor update(Tensor parameter, Tensor gradient, Slots slots) {
        Tensor decayed = weightDecay == 0 ? parameter : parameter.mul(1 - learningRate * weightDecay);
        return new Adam(learningRate, beta1, beta2, epsilon, 0).update(decayed, gradient, slots);
    }
}
