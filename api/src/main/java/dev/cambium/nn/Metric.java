package dev.cambium.nn;

import static dev.cambium.Stability.Level.STABLE;

import dev.cambium.Stability;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Tensor;

/**
 * A measure of how good predictions are, collected over batches: each batch gives statistics, which are added up, and the result
 * follows from the totals. A metric is an immutable record whose components are its settings.
 */
@Stability(value = STABLE, since = "0.1")
public interface Metric {
    /**
     * What one batch contributes. The sum of the statistics of two batches must be those of both together.
     *
     * @param predictions
     *            the model's output, its first axis the batch
     * @param targets
     *            what was wanted, its first axis the batch
     * @return counts or sums, float32 or float64, of a shape that does not depend on the batch
     */
    Tensor statistics(Tensor predictions, Tensor targets);

    /**
     * The result.
     *
     * @param totals
     *            the statistics of all batches added up, float64
     */
    NdArray result(NdArray totals);
}
