package dev.cambium.data;

import static dev.cambium.Stability.Level.STABLE;

import java.util.Optional;

import dev.cambium.Stability;
import dev.cambium.tensor.TensorType;

/**
 * A source of examples for training and testing, such as MNIST. A dataset is an immutable record whose components are its
 * settings (see {@link dev.cambium.part.Part}); nothing is read or downloaded before {@link #load}.
 */
@Stability(value = STABLE, since = "0.1")
public interface Dataset {
    /**
     * Finds, checks and opens the data.
     *
     * @param environment
     *            where to look, where to keep what is downloaded, and whom to tell about progress
     * @throws DataUnavailableException
     *             if the data can't be had from any of its sources
     * @throws dev.cambium.CambiumException
     *             if it was found, but is damaged
     */
    Splits load(DataEnvironment environment);

    /**
     * The type of one input, without the batch dimension, where it is known before anything is loaded: it lets a model that does not
     * fit be refused at once.
     */
    default Optional<TensorType> inputType() {
        return Optional.empty();
    }

    /** {@link #load(DataEnvironment)} in the {@linkplain DataEnvironment#standard() standard environment}. */
    default Splits load() {
        return load(DataEnvironment.standard());
    }
}
