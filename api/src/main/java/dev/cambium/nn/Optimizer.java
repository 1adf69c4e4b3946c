package dev.cambium.nn;

import static dev.cambium.Stability.Level.STABLE;

import dev.cambium.Stability;
import dev.cambium.tensor.Tensor;

/**
 * How parameters follow from gradients. An optimizer is an immutable record whose components are its settings; what it remembers
 * of a parameter it keeps in named {@link Slots}.
 */
@Stability(value = STABLE, since = "0.1")
@FunctionalInterface
public interface Optimizer {
    /**
     * The new value of one parameter.
     *
     * @param parameter
     *            its present value
     * @param gradient
     *            the gradient of the loss by it, of the same type
     * @param slots
     *            the optimizer's memory of this parameter
     * @return the new value, of the same type
     */
    Tensor update(Tensor parameter, Tensor gradient, Slots slots);

    /** An optimizer's memory of one parameter. */
    interface Slots {
        /** The present value of a slot of the parameter's type; zeros at first. */
        Tensor get(String name);

        /**
         * Sets the value that a slot has from the next step on.
         *
         * @return the value given
         */
        Tensor set(String name, Tensor value);

        /** The number of this step, 1 for the first, as a scalar of the parameter's element type. */
        Tensor step();

    }
}
