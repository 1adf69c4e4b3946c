package dev.cambium.nn;

import dev.cambium.tensor.Tensor;

/** What training makes small. A loss is an immutable record whose components are its settings. */
@FunctionalInterface
public interface Loss {
    /**
     * The mean loss of a batch.
     *
     * @param predictions
     *            the model's output, its first axis the batch
     * @param targets
     *            what was wanted, its first axis the batch
     * @return a floating-point scalar
     * @throws dev.cambium.tensor.ShapeException
     *             if the types do not fit
     */
    Tensor loss(Tensor predictions, Tensor targets);
}
