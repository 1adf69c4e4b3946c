package dev.cambium.models;

import dev.cambium.nn.Loss;
import dev.cambium.part.Part;
import dev.cambium.tensor.Tensor;

/**
 * The mean cross-entropy of scores [n, classes] and labels int64[n], PyTorch's {@code CrossEntropyLoss}: {@link Nll} of their
 * logarithmic softmax. Log-probabilities may be given as well, since these are their own logarithmic softmax. A label that is no
 * class makes the loss NaN and has no gradient.
 */
@Part(name = "cross-entropy", description = "cross-entropy of class labels, from scores or log-probabilities")
public record CrossEntropy() implements Loss {
    @Override
    public Tensor loss(Tensor scores, Tensor labels) {
        Classification.requireFit(scores, labels);
        return new Nll().loss(scores.logSoftmax(1), labels);
    }
}
