package dev.cambium.data;

import static dev.cambium.Stability.Level.STABLE;

import dev.cambium.Stability;
import dev.cambium.tensor.NdArray;

/**
 * Some examples stacked along a new first dimension.
 *
 * @param inputs
 *            [batch, …input shape]
 * @param targets
 *            [batch, …target shape]
 */
@Stability(value = STABLE, since = "0.1")
public record Batch(NdArray inputs, NdArray targets) {
    /** Checks that there are as many inputs as targets. */
    public Batch {
        if (inputs.shape().rank() == 0 || targets.shape().rank() == 0
                || inputs.shape().dim(0) != targets.shape().dim(0)) {
            throw new IllegalArgumentException(
                    "a batch with inputs " + inputs.type() + " and targets " + targets.type()
                            + ": first dimensions differ");
        }
    }

    /** The number of examples. */
    public int size() {
        return inputs.shape().dim(0);
    }
}
