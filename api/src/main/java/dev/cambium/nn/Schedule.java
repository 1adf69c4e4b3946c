package dev.cambium.nn;

import static dev.cambium.Stability.Level.EXPERIMENTAL;

import dev.cambium.Stability;
import dev.cambium.tensor.Tensor;

/**
 * How the length of an optimizer's steps changes as training goes on. A schedule is an immutable record whose components are its
 * settings, and a function of the number of the step alone.
 */
@Stability(value = EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface Schedule {
    /**
     * What a step's length is multiplied by.
     *
     * @param step
     *            the number of the step, 1 for the first, a floating-point scalar
     * @return a scalar of the same type
     */
    Tensor factor(Tensor step);

    /**
     * The optimizer with steps of the scheduled length. It scales the change that the optimizer makes to a parameter, which is what
     * scaling the learning rate does wherever the change is proportional to it, as with SGD, Adam, AdamW and Lion.
     */
    default Optimizer scale(Optimizer optimizer) {
        return (parameter, gradient, slots) -> {
            Tensor change = optimizer.update(parameter, gradient, slots).sub(parameter);
            return parameter.add(change.mul(factor(slots.step())));
        };
    }
}
