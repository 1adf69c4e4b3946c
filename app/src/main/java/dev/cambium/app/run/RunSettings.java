package dev.cambium.app.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Device;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;

/**
 * All that a run follows from, as it stands in {@code settings.json}: with these settings, the same versions and the same
 * backend, the same weights come out to the bit.
 *
 * @param started
 *            when, in ISO 8601 with the time zone
 * @param dataset
 *            what was learned
 * @param data
 *            the folder that the user named for it
 * @param transforms
 *            what was done to its examples
 * @param network
 *            what was trained
 * @param loss
 *            what was made small
 * @param optimizer
 *            how
 * @param schedule
 *            how the length of its steps changed, if it did
 * @param callbacks
 *            what went along with it
 * @param epochs
 *            how many epochs were asked for
 * @param batchSize
 *            how many examples a step took
 * @param maxSteps
 *            after how many steps it was to stop, if the user said so
 * @param seed
 *            what initial weights, dropout and order followed from
 * @param input
 *            the type of one input, without the batch axis
 * @param classes
 *            the names of the classes by label
 * @param backend
 *            what computed, if the file is not of before there were settings of backends
 * @param machine
 *            what it ran on
 */
public record RunSettings(String started, PartSettings dataset, @Nullable String data, List<PartSettings> transforms,
        PartSettings network, PartSettings loss, PartSettings optimizer, @Nullable PartSettings schedule,
        List<PartSettings> callbacks, int epochs, int batchSize, @Nullable Long maxSteps, long seed,
        Input input, List<String> classes, @Nullable PartSettings backend, Machine machine) {
    /**
     * Checks that nothing is missing, as it may be in a file that was edited; files of before there were transforms and callbacks
     * have none.
     *
     * @throws IllegalArgumentException
     *             if a component is null that must not be
     */
    public RunSettings {
        require("started", started);
        require("dataset", dataset);
        transforms = transforms == null ? List.of() : List.copyOf(transforms);
        callbacks = callbacks == null ? List.of() : List.copyOf(callbacks);
        require("network", network);
        require("loss", loss);
        require("optimizer", optimizer);
        require("input", input);
        require("classes", classes);
        require("machine", machine);
    }

    private static void require(String name, @Nullable Object value) {
        if (value == null) {
            throw new IllegalArgumentException("'%s' is missing".formatted(name));
        }
    }

    /**
     * A part by name.
     *
     * @param name
     *            its name in the catalogue of parts
     * @param settings
     *            all of its settings by name, also those at their defaults
     */
    public record PartSettings(String name, Map<String, Object> settings) {
        /** Checks that nothing is missing, and turns what JSON has no form for into text, such as a path or infinity. */
        public PartSettings {
            require("name", name);
            require("settings", settings);
            settings = plain(settings);
        }

        private static Map<String, Object> plain(Map<?, ?> settings) {
            var plain = new LinkedHashMap<String, Object>();
            settings.forEach((setting, value) -> plain.put(String.valueOf(setting), plain(value)));
            return Collections.unmodifiableMap(plain);
        }

        private static Object plain(Object value) {
            return switch (value) {
                case Map<?, ?> map -> plain(map);
                case List<?> list -> list.stream().map(PartSettings::plain).toList();
                case Number number when Double.isFinite(number.doubleValue()) -> number;
                case Boolean truth -> truth;
                default -> value.toString();
            };
        }
    }

    /**
     * A tensor's type.
     *
     * @param dtype
     *            the element type, such as {@code float32}
     * @param shape
     *            the dimensions
     */
    public record Input(String dtype, List<Integer> shape) {
        /** Checks that nothing is missing. */
        public Input {
            require("dtype", dtype);
            require("shape", shape);
        }

        /** That of the platform's type. */
        public static Input of(TensorType type) {
            return new Input(type.dtype().name().toLowerCase(Locale.ROOT),
                    Arrays.stream(type.shape().dims()).boxed().toList());
        }

        /** As the platform has it. */
        public TensorType type() {
            return new TensorType(DType.valueOf(dtype.toUpperCase(Locale.ROOT)),
                    Shape.of(shape.stream().mapToInt(Integer::intValue).toArray()));
        }
    }

    /**
     * What a run ran on.
     *
     * @param cambium
     *            the version of Cambium
     * @param java
     *            the version and maker of the Java runtime
     * @param os
     *            the operating system, its version and architecture
     * @param cpu
     *            the name of the processor
     * @param processors
     *            how many processors the process could use
     * @param backend
     *            the name of the backend
     * @param device
     *            the device and its description
     */
    public record Machine(String cambium, String java, String os, String cpu, int processors, String backend,
            String device) {
        /** This machine and process. */
        public static Machine current(Backend backend) {
            Device device = backend.device();
            return new Machine(Version.current(),
                    System.getProperty("java.runtime.version") + " (" + System.getProperty("java.vendor") + ")",
                    "%s %s %s".formatted(System.getProperty("os.name"), System.getProperty("os.version"),
                            System.getProperty("os.arch")),
                    processor(), Runtime.getRuntime().availableProcessors(), backend.name(),
                    device.id() + " (" + device.description() + ")");
        }

        /** Linux and Windows say what the processor is called; elsewhere its architecture has to do. */
        private static String processor() {
            Path info = Path.of("/proc/cpuinfo");
            try (Stream<String> lines = Files.exists(info) ? Files.lines(info) : Stream.empty()) {
                return lines.filter(line -> line.startsWith("model name")).findFirst()
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .or(() -> Optional.ofNullable(System.getenv("PROCESSOR_IDENTIFIER")))
                        .orElseGet(() -> System.getProperty("os.arch"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
