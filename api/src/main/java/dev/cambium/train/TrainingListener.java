package dev.cambium.train;

import static dev.cambium.Stability.Level.EXPERIMENTAL;

import dev.cambium.Stability;

/** Watches training: shows progress, writes metrics, stops early. Called on the training thread, between steps. */
@Stability(value = EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface TrainingListener {
    /** Takes note of an event; an exception ends training and reaches the caller of {@link Trainer#fit}. */
    void on(TrainingEvent event);
}
