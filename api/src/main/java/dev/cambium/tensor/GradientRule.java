package dev.cambium.tensor;

import java.util.List;

/** How a gradient passes backwards through an operation, written in tensors, so that gradients of gradients work too. */
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
