package dev.cambium.models;

import static dev.cambium.models.Conv2d.SAME;

import dev.cambium.nn.Context;
import dev.cambium.nn.Layer;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.Tensor;

/**
 * The reference network for images of ten classes, such as MNIST's digits: two convolutions and two linear layers, [n, c, h, w]
 * to logarithms of probabilities [n, 10].
 *
 * @param dropout
 *            the probability that a channel behind the convolutions is dropped in training
 */
@Part(name = "mnist-cnn", description = "the reference network for MNIST: two convolutions, two linear layers")
public record MnistCnn(
        @Setting(doc = "the probability that a channel is dropped", defaultValue = "0.25", min = 0,
                max = 1) double dropout)
        implements Layer {

    /**
     * Checks the probability.
     *
     * @throws IllegalArgumentException
     *             if it is not from 0 to 1
     */
    public MnistCnn {
        Require.probability("dropout", dropout);
    }

    @Override
    public Tensor forward(Tensor images, Context cx) {
        Tensor x = cx.call("conv1", new Conv2d(32, 3, SAME), images).relu().maxPool2d(2);
        x = cx.call("conv2", new Conv2d(64, 3, SAME), x).relu().maxPool2d(2);
        x = cx.call("dropout", new Dropout2d(dropout), x).flatten(1);
        x = cx.call("fc1", new Linear(1000), x).relu();
        return cx.call("fc2", new Linear(10), x).logSoftmax(1);
    }
}
