package dev.cambium.data;

import static dev.cambium.Stability.Level.EXPERIMENTAL;

import dev.cambium.Stability;

/**
 * A change to the examples of a dataset before training sees them, such as normalisation or random shifts. A transform is an
 * immutable record whose components are its settings.
 */
@Stability(value = EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface Transform {
    /**
     * The changed examples. What varies at random follows from the epoch and the index of an example, as {@link Examples#batch}
     * demands, and leaves those to be judged by as they are.
     *
     * @throws dev.cambium.CambiumException
     *             if the transform does not suit the examples
     */
    Splits apply(Splits splits);
}
