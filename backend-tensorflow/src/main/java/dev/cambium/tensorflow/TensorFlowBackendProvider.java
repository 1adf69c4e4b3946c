package dev.cambium.tensorflow;

import java.util.List;
import java.util.Optional;

import dev.cambium.CambiumException;
import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendProvider;
import dev.cambium.backend.Device;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;

/**
 * The TensorFlow backend: on the processor, and on NVIDIA cards where TensorFlow's build for them is on the path. Only
 * {@link #open}, and {@link #devices} where there may be a card, load TensorFlow.
 *
 * @param device
 *            {@code auto} (a card if there is one), {@code cpu}, {@code gpu} or one such as {@code gpu:1}
 * @param threads
 *            how many processor threads compute, 0 for one on each core; sums in gradients may differ in the last places with
 *            another number
 */
@Part(name = TensorFlowBackendProvider.NAME, description = "TensorFlow 2.18, through TensorFlow Java")
public record TensorFlowBackendProvider(
        @Setting(doc = "auto (a GPU if there is one), cpu, gpu or one such as gpu:1",
                defaultValue = "auto") String device,
        @Setting(doc = "how many processor threads compute, 0 for one on each core", defaultValue = "0", min = 0,
                max = 1024) int threads)
        implements BackendProvider {
    static final String NAME = "tensorflow";

    /** Looked at once, when first asked for. */
    private static final class Here {
        private static final Devices DEVICES = new Devices(Installation.find());
    }

    /** Above the pure-Java backend's where there is a graphics card, else below it. */
    @Override
    public int priority() {
        return Here.DEVICES.priority();
    }

    @Override
    public int primitives() {
        return 1;
    }

    @Override
    public Optional<String> unavailability() {
        return Here.DEVICES.installation().unavailability();
    }

    @Override
    public List<Device> devices() {
        return Here.DEVICES.list();
    }

    @Override
    public Backend open() {
        unavailability().ifPresent(problem -> {
            throw new CambiumException("backend 'tensorflow' can't be used here: " + problem);
        });
        Natives.load();
        int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        Device chosen = Here.DEVICES.choose(device, devices());
        return switch (chosen.kind()) {
            case CPU -> new TensorFlowBackend(Devices.processor(count), Config.cpu(count));
            case GPU -> new TensorFlowBackend(chosen, Config.gpu(count));
        };
    }
}
