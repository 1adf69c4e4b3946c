package dev.cambium.models;

import dev.cambium.nn.Context;
import dev.cambium.nn.Layer;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.ShapeException;
import dev.cambium.tensor.Tensor;

/**
 * {@link Dropout} of whole channels: in training each channel of each image [n, c, h, w] becomes 0 with probability p, and the
 * others are divided by 1 − p; in evaluation nothing changes. Tompson et al., "Efficient object localization using convolutional
 * networks", 2015; PyTorch's {@code Dropout2d}.
 *
 * @param p
 *            the probability; 1 makes everything 0
 */
@Part(name = "dropout2d", description = "zeroes whole channels of images at random while training")
public record Dropout2d(
        @Setting(doc = "the probability that a channel becomes 0", defaultValue = "0.5", min = 0, max = 1) double p)
        implements Layer {

    /**
     * Checks the probability.
     *
     * @throws IllegalArgumentException
     *             if it is not from 0 to 1
     */
    public Dropout2d {
        Require.probability("p", p);
    }

    @Override
    public Tensor forward(Tensor images, Context cx) {
        if (images.shape().rank() != 4) {
            throw new ShapeException("dropout2d: images [n, c, h, w] are wanted, not " + images.type());
        }
        Shape mask = Shape.of(images.shape().dim(0), images.shape().dim(1), 1, 1);
        return Dropout.apply(p, images, mask, cx);
    }
}
