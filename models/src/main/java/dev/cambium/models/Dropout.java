package dev.cambium.models;

import dev.cambium.nn.Context;
import dev.cambium.nn.Layer;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/**
 * In training each element becomes 0 with probability p, and the others are divided by 1 − p; in evaluation nothing changes.
 * Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014; PyTorch's {@code Dropout}.
 *
 * @param p
 *            the probability; 1 makes everything 0
 */
@Part(name = "dropout", description = "zeroes elements at random while training")
public record Dropout(
        @Setting(doc = "the probability that an element becomes 0", defaultValue = "0.5", min = 0, max = 1) double p)
        implements Layer {

    /**
     * Checks the probability.
     *
     * @throws IllegalArgumentException
     *             if it is not from 0 to 1
     */
    public Dropout {
        Require.probability("p", p);
    }

    @Override
    public Tensor forward(Tensor input, Context cx) {
        return apply(p, input, input.shape(), cx);
    }

    /** Drops what shares an element of a mask, whose shape broadcasts to the input's. */
    static Tensor apply(double p, Tensor input, Shape mask, Context cx) {
        if (!cx.training() || p == 0) {
            return input;
        }
        var type = new TensorType(DType.FLOAT32, mask);
        Tensor kept = cx.random("mask").uniform(type).ge(Tensor.full(type, p));
        return input.mul(kept.cast(input.dtype()).mul(p < 1 ? 1 / (1 - p) : 0));
    }
}
