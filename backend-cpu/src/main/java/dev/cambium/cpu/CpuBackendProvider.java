package dev.cambium.cpu;

import java.util.List;
import java.util.Optional;

import dev.cambium.CambiumException;
import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.BackendProvider;
import dev.cambium.backend.Device;
import dev.cambium.cpu.kernels.Products;

/** Offers the pure-Java backend. */
public final class CpuBackendProvider implements BackendProvider {
    static final String NAME = "cpu";

    private static final System.Logger LOGGER = System.getLogger("dev.cambium.cpu");

    /** Called by {@link java.util.ServiceLoader}. */
    public CpuBackendProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Pure Java with the Vector API";
    }

    @Override
    public int priority() {
        return 0;
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
        return List.of(device(Runtime.getRuntime().availableProcessors(), Products.best()));
    }

    @Override
    public Backend open(BackendOptions options) {
        if (!List.of("auto", "cpu", "cpu:0").contains(options.device())) {
            throw new CambiumException(
                    "backend 'cpu' has no device '%s'; its only device is cpu".formatted(options.device()));
        }
        int threads = options.threads() == 0 ? Runtime.getRuntime().availableProcessors() : options.threads();
        Products products = Products.best();
        Products.limitation().ifPresent(limitation -> LOGGER.log(System.Logger.Level.WARNING, limitation));
        return new CpuBackend(device(threads, products), products, threads);
    }

    private static Device device(int threads, Products products) {
        return new Device("cpu", Device.Kind.CPU,
                "%d %s, %s".formatted(threads, threads == 1 ? "thread" : "threads", products));
    }
}
