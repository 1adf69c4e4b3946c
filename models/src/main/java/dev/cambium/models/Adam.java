package dev.cambium.models;

import java.util.List;

import dev.cambium.nn.Optimizer;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/**
 * Adam: steps along the running mean of the gradient, divided by the root of the running mean of its square. Kingma and Ba,
 * "Adam: a method for stochastic optimization", 2015; PyTorch's {@code Adam}. It keeps the slots {@code exp_avg} and
 * {@code exp_avg_sq}.
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
 *            this share of the parameter is added to its gradient (an L2 penalty)
 */
@Part(name = "adam", description = "Adam (Kingma and Ba, 2015)")
public record Adam(@Setting(doc = "the length of a step", defaultValue = "0.001", min = 0) double learningRate,
        @Setting(doc = "how much of the mean of gradients stays from step to step", defaultValue = "0.9", min = 0,
                max = 1) double beta1,
        @Setting(doc = "how much of the mean of squared gradients stays from step to step", defaultValue = "0.999",
                min = 0, max = 1) double beta2,
        @Setting(doc = "added to the root of the mean of squared gradients", defaultValue = "1e-8",
                min = 0) double epsilon,
        @Setting(doc = "the share of the parameter that is added to its gradient", defaultValue = "0",
                min = 0) double weightDecay)
        implements Optimizer {

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException
     *             if a setting is negative or a beta is not below 1
     */
    public Adam {
        Require.notNegative("learningRate", learningRate);
        Require.decay("beta1", beta1);
        Require.decay("beta2", beta2);
        Require.notNegative("epsilon", epsilon);
        Require.notNegative("weightDecay", weightDecay);
    }

    /** With a learning rate of 0.001. */
    public Adam() {
        this(0.001);
    }

    /** With the paper's betas 0.9 and 0.999 and epsilon 1e-8, without weight decay. */
    public Adam(double learningRate) {
        this(learningRate, 0.9, 0.999, 1e-8, 0);
    }

    /**
     * {@inheritDoc}
     *
     * <p>
     * The arithmetic stands in three regions, so that a backend that has the whole update in one kernel can recognise it:
     * {@code adam_mean} (mean, gradient, 1 − beta1), {@code adam_square} (mean of squares, gradient, beta2, 1 − beta2) and
     * {@code adam_parameter} (parameter, new mean, new mean of squares, step size, epsilon), numbers as scalars.
     */
    @Override
    public Tensor update(Tensor parameter, Tensor gradient, Slots slots) {
        Tensor g = weightDecay == 0 ? gradient : gradient.add(parameter.mul(weightDecay));
        DType dtype = parameter.dtype();
        Tensor mean = slots.set("exp_avg",
                Tensor.region("adam_mean", List.of(slots.get("exp_avg"), g, number(dtype, 1 - beta1)),
                        in -> in.get(0).add(in.get(1).sub(in.get(0)).mul(in.get(2)))));
        Tensor square = slots.set("exp_avg_sq",
                Tensor.region("adam_square",
                        List.of(slots.get("exp_avg_sq"), g, number(dtype, beta2), number(dtype, 1 - beta2)),
                        in -> in.get(0).mul(in.get(2)).add(in.get(1).mul(in.get(3)).mul(in.get(1)))));
        // The paper's end of section 2: the corrections of the means' bias towards their start move into step and epsilon.
        Tensor root2 = correction(beta2, slots).sqrt();
        Tensor step = root2.mul(learningRate).div(correction(beta1, slots));
        return Tensor.region("adam_parameter", List.of(parameter, mean, square, step, root2.mul(epsilon)),
                in -> in.get(0).sub(in.get(1).div(in.get(2).sqrt().add(in.get(4))).mul(in.get(3))));
    }

    /** 1 − beta to the number of the step, exact where that is close to 1. */
    private static Tensor correction(double beta, Slots slots) {
        return slots.step().mul(Math.log(beta)).expm1().neg();
    }

    private static Tensor number(DType dtype, double value) {
        return Tensor.full(new TensorType(dtype, Shape.scalar()), value);
    }
}
