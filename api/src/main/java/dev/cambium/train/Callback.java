package dev.cambium.train;

import static dev.cambium.Stability.Level.EXPERIMENTAL;

import dev.cambium.Stability;

/**
 * Something that goes along with training, such as stopping early. A callback is an immutable record whose components are its
 * settings; what it remembers of a run its listener keeps.
 */
@Stability(value = EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface Callback {
    /**
     * The listener for one run.
     *
     * @param trainer
     *            the run's, which may be {@linkplain Trainer#stop() stopped}
     */
    TrainingListener listener(Trainer trainer);
}
