package dev.cambium.train;

import static dev.cambium.Stability.Level.EXPERIMENTAL;

import dev.cambium.Stability;

/** What a {@link Trainer} tells its {@link TrainingListener}s. Epochs and steps count from 1. */
@Stability(value = EXPERIMENTAL, since = "0.1")
public sealed interface TrainingEvent {
    /**
     * Training is about to start.
     *
     * @param epochs
     *            how many epochs are planned
     * @param stepsPerEpoch
     *            how many steps make an epoch
     * @param firstStep
     *            the number of the first step; 1 unless training goes on from an earlier call
     */
    record Started(int epochs, long stepsPerEpoch, long firstStep) implements TrainingEvent {}

    /**
     * A step was made.
     *
     * @param epoch
     *            the epoch that it belongs to
     * @param step
     *            its number in the whole run
     * @param batch
     *            the loss and metrics of its batch, before the update
     * @param epochSoFar
     *            those of all batches of the epoch up to this one
     */
    record StepEnded(int epoch, long step, Evaluation batch, Evaluation epochSoFar) implements TrainingEvent {}

    /**
     * An epoch ended, or was cut short by {@link Trainer#stop()}.
     *
     * @param epoch
     *            which
     * @param step
     *            the number of its last step in the whole run
     * @param train
     *            the loss and metrics of its batches, each before its update
     * @param test
     *            those of the test examples after the epoch
     */
    record EpochEnded(int epoch, long step, Evaluation train, Evaluation test) implements TrainingEvent {}

    /**
     * Training is over.
     *
     * @param stopped
     *            whether it ended before all epochs were done
     */
    record Ended(boolean stopped) implements TrainingEvent {}
}
