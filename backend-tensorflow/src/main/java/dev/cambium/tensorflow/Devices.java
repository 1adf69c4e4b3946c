package dev.cambium.tensorflow;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import dev.cambium.CambiumException;
import dev.cambium.backend.Device;

/**
 * What TensorFlow can compute on.
 *
 * @param installation
 *            what it finds on this machine
 */
record Devices(Installation installation) {
    int priority() {
        return installation.hasGpu() ? 10 : -10;
    }

    List<Device> list() {
        if (installation.unavailability().isPresent()) {
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

    /** The device that is asked for, among these. */
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

    static Device processor(int threads) {
        return new Device("cpu", Device.Kind.CPU, "%d %s".formatted(threads, threads == 1 ? "thread" : "threads"));
    }
}
