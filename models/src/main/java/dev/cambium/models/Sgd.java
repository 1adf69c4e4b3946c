package dev.cambium.models;

import dev.cambium.nn.Optimizer;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.Tensor;

/**
 * Stochastic gradient descent, with momentum if wanted; PyTorch's {@code SGD}. With momentum it keeps the slot
 * {@code momentum_buffer}.
 *
 * @param learningRate
 *            the share of the gradient that a step takes
 * @param momentum
 *            how much of the last step's direction stays
 * @param dampening
 *            the share of the gradient that does not enter the direction, from the second step on
 * @param weightDecay
 *            this share of the parameter is added to its gradient (an L2 penalty)
 * @param nesterov
 *            whether the step looks ahead along the direction (Sutskever et al., 2013)
 */
@Part(name = "sgd", description = "stochastic gradient descent, with momentum if wanted")
public record Sgd(
        @Setting(doc = "the share of the gradient that a step takes", defaultValue = "0.001",
                min = 0) double learningRate,
        @Setting(doc = "how much of the last step's direction stays", defaultValue = "0", min = 0) double momentum,
        @Setting(doc = "the share of the gradient that does not enter the direction, from the second step on",
                defaultValue = "0") double dampening,
        @Setting(doc = "the share of the parameter that is added to its gradient", defaultValue = "0",
                min = 0) double weightDecay,
        @Setting(doc = "whether the step looks ahead along the direction", defaultValue = "false") boolean nesterov)
        implements Optimizer {

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException
     *             if a setting is out of range, or Nesterov's step is wanted without momentum or with dampening
     */
    public Sgd {
        Require.notNegative("learningRate", learningRate);
        Require.notNegative("momentum", momentum);
        Require.notNegative("weightDecay", weightDecay);
        if (!Double.isFinite(dampening)) {
            throw new IllegalArgumentException("dampening is %s, but must be finite".formatted(dampening));
        }
        if (nesterov && (momentum == 0 || dampening != 0)) {
            throw new IllegalArgumentException("nesterov needs a momentum and no dampening");
        }
    }

    /** Plain gradient descent. */
    public Sgd(double learningRate) {
        this(learningRate, 0);
    }

    /** With momentum; no dampening, no weight decay, not Nesterov's. */
    public Sgd(double learningRate, double momentum) {
        this(learningRate, momentum, 0, 0, false);
    }

    @Override
    public Tensor update(Tensor parameter, Tensor gradient, Slots slots) {
        Tensor g = weightDecay == 0 ? gradient : gradient.add(parameter.mul(weightDecay));
        return parameter.sub(direction(g, slots).mul(learningRate));
    }

    private Tensor direction(Tensor gradient, Slots slots) {
        if (momentum == 0) {
            return gradient;
        }
        Tensor fresh = dampening == 0 ? gradient : gradient.mul(undampened(slots.step()));
        Tensor buffer = slots.set("momentum_buffer", slots.get("momentum_buffer").mul(momentum).add(fresh));
        return nesterov ? gradient.add(buffer.mul(momentum)) : buffer;
    }

    /** 1 in the first step, as in PyTorch, then 1 − dampening. */
    private Tensor undampened(Tensor step) {
        Tensor one = Tensor.full(step.type(), 1);
        return Tensor.select(step.eq(one), one, Tensor.full(step.type(), 1 - dampening));
    }
}
