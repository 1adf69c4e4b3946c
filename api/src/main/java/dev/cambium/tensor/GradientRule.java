package dev.cambium.tensor;

import static dev.cambium.Stability.Level.STABLE;

import java.util.List;

import dev.cambium.Stability;

/** How a gradient passes backwards through an operation, written in tensors, so that gradients of gradients work too. */
@Stability(value = STABLE, since = "0.1")
@FunctionalInterface
public interface GradientRule {
    /**
     * The gradients by the inputs.
     *
     * @param inputs
     *            the operation's inputs
     * @param output
     *            its result
     * @param outputGradient
     *            the gradient by its result, of the result's type
     * @return one gradient for each input, each of that input's type
     */
    List<Tensor> apply(List<Tensor> inputs, Tensor output, Tensor outputGradient);
}
