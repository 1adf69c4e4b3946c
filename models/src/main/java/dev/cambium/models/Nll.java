package dev.cambium.models;

import dev.cambium.nn.Loss;
import dev.cambium.part.Part;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/**
 * The mean negative log-likelihood: of log-probabilities [n, classes] and labels int64[n], the mean of −logProbabilities[i,
 * labels[i]]; PyTorch's {@code NLLLoss}. A label that is no class makes the loss NaN and has no gradient: a compiled step can't
 * refuse it.
 */
@Part(name = "nll", description = "negative log-likelihood of class labels, from log-probabilities")
public record Nll() implements Loss {
    @Override
    public Tensor loss(Tensor logProbabilities, Tensor labels) {
        Classification.requireFit(logProbabilities, labels);
        int classes = logProbabilities.shape().dim(1);
        // a choice, not a product with ones and zeros: 0 · −∞ is NaN
        Tensor ofLabel = Tensor.select(labels.oneHot(classes, DType.BOOL), logProbabilities,
                Tensor.zeros(logProbabilities.type())).sum(1);
        Tensor isClass = labels.ge(Tensor.zeros(labels.type())).and(labels.lt(Tensor.full(labels.type(), classes)));
        Tensor nan = Tensor.full(new TensorType(ofLabel.dtype(), ofLabel.shape()), Double.NaN);
        return Tensor.select(isClass, ofLabel, nan).mean().neg();
    }
}
