package dev.cambium.tensorflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.cambium.CambiumException;
import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.BackendProvider;
import dev.cambium.backend.Device;

/**
 * Offers the TensorFlow backend: on the processor, and on NVIDIA cards where TensorFlow's build for them is on the path. Only
 * {@link #open}, and {@link #devices} where there may be a card, load TensorFlow.
 */
public final class TensorFlowBackendProvider implements BackendProvider {
    static final String NAME = "tensorflow";

    private final Installation installation;

    /** Called by {@link java.util.ServiceLoader}. */
    public TensorFlowBackendProvider() {
        this(Installation.find());
    }

    TensorFlowBackendProvider(Installation installation) {
        this.installation = installation;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "TensorFlow 2.18, through TensorFlow Java";
    }

    /** Above the pure-Java backend's where there is a graphics card, else below it. */
    @Override
    public int priority() {
        return installation.hasGpu() ? 10 : -10;
    }

    @Override
    public int primitives() {
        return 1;
    }

    @Override
    public Optional<String> unavailability() {
        return installation.unavailability();
    }

    @Override
    public List<Device> devices() {
        if (unavailability().isPresent()) {
            return List.of();
        }
        var devices = new ArrayList<Device>();
        devices.add(processor(Runtime.getRuntime().availableProcessors()));
        if (installation.hasGpu()) {
            Natives.load();
            devices.addAll(Gpu.list());
        }
        return List.copyOf(devices);
    }

    @Override
    public Backend open(BackendOptions options) {
        unavailability().ifPresent(problem -> {
            throw new CambiumException("backend 'tensorflow' can't be used here: " + problem);
        });
        Natives.load();
        int threads = options.threads() == 0 ? Runtime.getRuntime().availableProcessors() : options.threads();
        Device device = choose(options.device(), devices());
        return switch (device.kind()) {
            case CPU -> new TensorFlowBackend(processor(threads), Config.cpu(threads));
            case GPU -> new TensorFlowBackend(device, Config.gpu(threads));
        };
    }

    /** The device that is asked for. */
    Device choose(String wanted, List<Device> devices) {
        List<Device> gpus = devices.stream().filter(device -> device.kind() == Device.Kind.GPU).toList();
        boolean gpu = wanted.equals("gpu") || wanted.startsWith("gpu:");
        if (gpu && gpus.isEmpty()) {
            throw new CambiumException("backend 'tensorflow' has no device '%s': %s".formatted(wanted,
                    installation.gpuProblem(Natives::loads)));
        }
        return switch (wanted) {
            case "auto" -> gpus.isEmpty() ? devices.getFirst() : gpus.getFirst();
            case "gpu" -> gpus.getFirst();
            case "cpu:0" -> devices.getFirst();
            default -> devices.stream().filter(device -> device.id().equals(wanted)).findFirst()
                    .orElseThrow(
                            () -> new CambiumException("backend 'tensorflow' has no device '%s'; its devices are %s"
                                    .formatted(wanted, devices.stream().map(device -> "%s (%s)".formatted(device.id(),
                                            device.description())).collect(Collectors.joining(", ")))));
        };
    }

    private static Device processor(int threads) {
        return new Device("cpu", Device.Kind.CPU, "%d %s".formatted(threads, threads == 1 ? "thread" : "threads"));
    }
}
