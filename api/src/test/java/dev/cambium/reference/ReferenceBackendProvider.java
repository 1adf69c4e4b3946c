package dev.cambium.reference;

import java.util.List;
import java.util.Optional;

import dev.cambium.CambiumException;
import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendProvider;
import dev.cambium.backend.Device;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.Op;

/**
 * The {@link ReferenceBackend} with the lowest priority, so that it is the default only where there is no other.
 *
 * @param device
 *            {@code auto} or {@code cpu}
 */
@Part(name = ReferenceBackend.NAME, description = "plain loops in double precision, for tests")
public record ReferenceBackendProvider(
        @Setting(doc = "auto or cpu", defaultValue = "auto") String device) implements BackendProvider {
    /** The only device. */
    public ReferenceBackendProvider() {
        this("auto");
    }

    @Override
    public int priority() {
        return -100;
    }

    @Override
    public int primitives() {
        return Op.VERSION;
    }

    @Override
    public Optional<String> unavailability() {
        return Optional.empty();
    }

    @Override
    public List<Device> devices() {
        return List.of(ReferenceBackend.DEVICE);
    }

    @Override
    public Backend open() {
        if (!List.of("auto", ReferenceBackend.DEVICE.id()).contains(device)) {
            throw new CambiumException("backend 'reference' has no device '%s'; it has: cpu".formatted(device));
        }
        return ReferenceBackend.rounded();
    }
}
