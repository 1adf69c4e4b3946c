package dev.cambium.backend;

import static dev.cambium.Stability.Level.EXPERIMENTAL;

import java.util.List;
import java.util.Optional;

import dev.cambium.Stability;

/**
 * A part that opens a backend: a record with {@link dev.cambium.part.Part} whose components are the backend's settings, offered
 * by a {@link dev.cambium.part.PartProvider} as all parts are. Most have {@code String device} and {@code int threads}, which
 * {@link BackendOptions} sets. Making one and asking for its priority is cheap; native libraries are touched by
 * {@link #unavailability}, {@link #devices} and {@link #open} at the earliest.
 */
@Stability(value = EXPERIMENTAL, since = "0.1")
public interface BackendProvider {
    /** Among available backends the one with the highest priority is the default. The pure-Java one has 0. */
    int priority();

    /** The {@link dev.cambium.tensor.Op#VERSION} that it was built for. */
    int primitives();

    /** Why it can't be used here, as a sentence with what to do about it; empty when it can. */
    Optional<String> unavailability();

    /** The devices that it can be opened on, whatever its settings say; empty when it is unavailable. */
    List<Device> devices();

    /**
     * Opens the backend with these settings.
     *
     * @throws dev.cambium.CambiumException
     *             if it is unavailable or has no such device; the message says what is missing
     */
    Backend open();
}
