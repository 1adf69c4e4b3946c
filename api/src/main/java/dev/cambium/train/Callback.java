package dev.cambium.train;

/**
 * Something that goes along with training, such as stopping early. A callback is an immutable record whose components are its
 * settings; what it remembers of a run its listener keeps.
 */
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
