package dev.cambium.backend;

import static dev.cambium.Stability.Level.STABLE;

import dev.cambium.Stability;

/**
 * A device that a backend can compute on.
 *
 * @param id
 *            how to ask for it: {@code cpu}, {@code gpu:0}
 * @param kind
 *            what it is
 * @param description
 *            for people, such as the number of threads or the card's name
 */
@Stability(value = STABLE, since = "0.1")
public record Device(String id, Kind kind, String description) {
    /** Kinds of devices. */
    public enum Kind {
        /** The machine's processor. */
        CPU,
        /** A graphics card. */
        GPU
    }
}
