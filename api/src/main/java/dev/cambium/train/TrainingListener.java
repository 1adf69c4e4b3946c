package dev.cambium.train;

/** Watches training: shows progress, writes metrics, stops early. Called on the training thread, between steps. */
@FunctionalInterface
public interface TrainingListener {
    /** Takes note of an event; an exception ends training and reaches the caller of {@link Trainer#fit}. */
    void on(TrainingEvent event);
}
