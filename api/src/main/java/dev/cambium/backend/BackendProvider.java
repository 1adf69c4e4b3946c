package dev.cambium.backend;

import static dev.cambium.Stability.Level.EXPERIMENTAL;

import java.util.List;
import java.util.Optional;

import dev.cambium.Stability;

/**
 * The service through which a jar offers a backend, found with {@link java.util.ServiceLoader}: declare it in
 * {@code module-info.java} ({@code provides dev.cambium.backend.BackendProvider with …}) and in
 * {@code META-INF/services/dev.cambium.backend.BackendProvider}. Loading and asking a provider is cheap; native libraries are
 * touched by {@link #unavailability}, {@link #devices} and {@link #open} at the earliest.
 */
@Stability(value = EXPERIMENTAL, since = "0.1")
public interface BackendProvider {
    /** A short lower-case name, such as {@code cpu}. */
    String name();

    /** What it is, in one line. */
    String description();

    /** Among available backends the one with the highest priority is the default. The pure-Java one has 0. */
    int priority();

    /** The {@link dev.cambium.tensor.Op#VERSION} that it was built for. */
    int primitives();

    /** Why it can't be used here, as a sentence with what to do about it; empty when it can. */
    Optional<String> unavailability();

    /** The devices that it can be opened on; empty when it is unavailable. */
    List<Device> devices();

    /**
     * Opens the backend.
     *
     * @throws dev.cambium.CambiumException
     *             if it is unavailable or has no such device; the message says what is missing
     */
    Backend open(BackendOptions options);
}
