package dev.cambium.models;

import java.util.Optional;

import dev.cambium.nn.Context;
import dev.cambium.nn.Initializer;
import dev.cambium.nn.Layer;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.ShapeException;
import dev.cambium.tensor.Tensor;

/**
 * y = x · weightᵀ + bias over the last axis, [n, …, in] to [n, …, outFeatures], PyTorch's {@code Linear}. It owns {@code weight}
 * [outFeatures, in] and {@code bias} [outFeatures], both with {@linkplain Initializer#fanIn PyTorch's default initialisation} if
 * nothing else is said.
 *
 * @param outFeatures
 *            the number of outputs
 * @param bias
 *            whether a learned number is added to each output
 * @param initializer
 *            the first values of the weight
 */
@Part(name = "linear", description = "each output a weighted sum of all inputs")
public record Linear(@Setting(doc = "the number of outputs", min = 1) int outFeatures,
        @Setting(doc = "whether a learned number is added to each output", defaultValue = "true") boolean bias,
        @Setting(
                doc = "the first values of the weight; without it PyTorch's default") Optional<Initializer> initializer)
        implements Layer {

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException
     *             if there is no output
     */
    public Linear {
        Require.atLeast("outFeatures", outFeatures, 1);
    }

    /** With a bias. */
    public Linear(int outFeatures) {
        this(outFeatures, true);
    }

    /** With PyTorch's default initialisation. */
    public Linear(int outFeatures, boolean bias) {
        this(outFeatures, bias, Optional.empty());
    }

    @Override
    public Tensor forward(Tensor input, Context cx) {
        if (input.shape().rank() < 2) {
            throw new ShapeException("linear: inputs [n, …, features] are wanted, not " + input.type());
        }
        int inFeatures = input.shape().dim(-1);
        Initializer usual = Initializer.fanIn(inFeatures);
        Tensor weight = cx.parameter("weight", Shape.of(outFeatures, inFeatures), initializer.orElse(usual));
        Tensor rows = input.reshape(-1, inFeatures).matmul(weight.transpose());
        Tensor output = bias ? rows.add(cx.parameter("bias", Shape.of(outFeatures), usual)) : rows;
        return output.reshape(input.shape().withDim(-1, outFeatures));
    }
}
