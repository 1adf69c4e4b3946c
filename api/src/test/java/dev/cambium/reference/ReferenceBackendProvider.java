package dev.cambium.reference;

import java.util.List;
import java.util.Optional;

import dev.cambium.CambiumException;
import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.BackendProvider;
import dev.cambium.backend.Device;
import dev.cambium.tensor.Op;

/** Offers the {@link ReferenceBackend} with the lowest priority, so that it is the default only where there is no other. */
public final class ReferenceBackendProvider implements BackendProvider {
    @Override
    public String name() {
        return ReferenceBackend.NAME;
    }

    @Override
    public String description() {
        return "plain loops in double precision, for tests";
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
    public Backend open(BackendOptions options) {
        if (!List.of("auto", ReferenceBackend.DEVICE.id()).contains(options.device())) {
            throw new CambiumException(
                    "backend 'reference' has no device '%s'; it has: cpu".formatted(options.device()));
        }
        return ReferenceBackend.rounded();
    }
}
