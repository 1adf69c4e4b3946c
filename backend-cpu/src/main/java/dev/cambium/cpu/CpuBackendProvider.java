package dev.cambium.cpu;

import java.util.List;
import java.util.Optional;

import dev.cambium.CambiumException;
import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendProvider;
import dev.cambium.backend.Device;
import dev.cambium.cpu.compiler.Dump;
import dev.cambium.cpu.kernels.Products;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;

/**
 * The pure-Java backend. Its results do not depend on the number of threads, down to the bit.
 *
 * @param device
 *            {@code auto}, {@code cpu} or {@code cpu:0}, which are the same
 * @param threads
 *            how many threads compute, 0 for one on each core
 * @param skipZeros
 *            whether products visit only what is not zero where a value has many zeros by its making, as behind a ReLU or a max-pooling;
 *            without it all products are dense, which differs in rounding
 */
@Part(name = CpuBackendProvider.NAME, description = "pure Java with the Vector API")
public record CpuBackendProvider(
        @Setting(doc = "auto or cpu, which are the same", defaultValue = "auto") String device,
        @Setting(doc = "how many threads compute, 0 for one on each core; results don't depend on it",
                defaultValue = "0", min = 0, max = 1024) int threads,
        @Setting(doc = "whether products visit only what is not zero where much is, as behind a ReLU or a max-pooling",
                defaultValue = "true") boolean skipZeros)
        implements BackendProvider {
    static final String NAME = "cpu";

    private static final System.Logger LOGGER = System.getLogger("dev.cambium.cpu");

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
    public Backend open() {
        if (!List.of("auto", "cpu", "cpu:0").contains(device)) {
            throw new CambiumException("backend 'cpu' has no device '%s'; its only device is cpu".formatted(device));
        }
        int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        Products products = Products.best();
        Products.limitation().ifPresent(limitation -> LOGGER.log(System.Logger.Level.WARNING, limitation));
        Optional<Dump> dump = Optional.ofNullable(System.getenv(Dump.VARIABLE)).filter(folder -> !folder.isEmpty())
                .map(Dump::to);
        return new CpuBackend(device(count, products), products, count, skipZeros, dump);
    }

    private static Device device(int threads, Products products) {
        return new Device("cpu", Device.Kind.CPU,
                "%d %s, %s".formatted(threads, threads == 1 ? "thread" : "threads", products));
    }
}
