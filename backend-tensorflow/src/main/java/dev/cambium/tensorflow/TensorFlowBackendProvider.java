package dev.cambium.tensorflow;

import java.util.List;
import java.util.Optional;

import dev.cambium.CambiumException;
import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.BackendProvider;
import dev.cambium.backend.Device;

/** Offers the TensorFlow backend. */
public final class TensorFlowBackendProvider implements BackendProvider {
    static final String NAME = "tensorflow";

    /** Called by {@link java.util.ServiceLoader}. */
    public TensorFlowBackendProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "TensorFlow 2.18, through TensorFlow Java";
    }

    @Override
    public int priority() {
        return -10;
    }

    @Override
    public int primitives() {
        return 1;
    }

    @Override
    public Optional<String> unavailability() {
        return Optional.empty();
    }

    @Override
    public List<Device> devices() {
        return List.of(device(Runtime.getRuntime().availableProcessors()));
    }

    @Override
    public Backend open(BackendOptions options) {
        if (!List.of("auto", "cpu", "cpu:0").contains(options.device())) {
            throw new CambiumException(
                    "backend 'tensorflow' has no device '%s'; its only device is cpu".formatted(options.device()));
        }
        Natives.load();
        int threads = options.threads() == 0 ? Runtime.getRuntime().availableProcessors() : options.threads();
        return new TensorFlowBackend(device(threads), Config.cpu(threads));
    }

    private static Device device(int threads) {
        return new Device("cpu", Device.Kind.CPU, "%d %s".formatted(threads, threads == 1 ? "thread" : "threads"));
    }
}
