package dev.cambium.nn;

import static dev.cambium.Stability.Level.STABLE;

import dev.cambium.Stability;
import dev.cambium.tensor.Tensor;

/** What training makes small. A loss is an immutable record whose components are its settings. */
@Stability(value = STABLE, since = "0.1")
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
