package dev.cambium.backend;

import static dev.cambium.Stability.Level.STABLE;

import dev.cambium.Stability;

/**
 * How to open a backend whose own settings are not known: what nearly all have.
 *
 * @param device
 *            {@code auto} (a GPU if there is one), {@code cpu}, {@code gpu} or a device's id such as {@code gpu:1}
 * @param threads
 *            how many processor threads to compute with; 0 for one on each core. On a processor, the same number
 *            gives the same bits from run to run. Whether another number does too is the backend's choice: the pure-Java one's
 *            results do not depend on it, sums in TensorFlow's gradients may differ in the last places.
 */
@Stability(value = STABLE, since = "0.1")
public record BackendOptions(String device, int threads) {
    /** Checks that the number of threads is not absurd. */
    public BackendOptions {
        if (threads < 0 || threads > 1024) {
            throw new IllegalArgumentException("threads must be from 0 (one on each core) to 1024, not " + threads);
        }
    }

    /** Automatic device, one thread on each core. */
    public static BackendOptions defaults() {
        return new BackendOptions("auto", 0);
    }
}
