package dev.cambium.backend;

import static dev.cambium.Stability.Level.EXPERIMENTAL;

import java.util.List;

import dev.cambium.Stability;

/** Gives what a backend measures of its executables; see {@link Backend#profiler}. */
@Stability(value = EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface Profiler {
    /**
     * What was measured so far, of each executable by itself, in the order in which they were compiled. May be called at any time, also
     * when they are closed.
     */
    List<Profile> profiles();
}
