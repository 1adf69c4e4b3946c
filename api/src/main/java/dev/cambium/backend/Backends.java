package dev.cambium.backend;

import static dev.cambium.Stability.Level.STABLE;

import java.lang.module.ModuleDescriptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.cambium.CambiumException;
import dev.cambium.Stability;
import dev.cambium.part.Part;
import dev.cambium.part.PartType;
import dev.cambium.part.Parts;
import dev.cambium.part.Parts.Refusal;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Tensor;

/**
 * Finds the backends among the parts that jars offer and opens one. A jar on the class path or module path is all that it takes
 * to add a backend; one that is broken is listed with the reason and never takes the platform down.
 */
@Stability(value = STABLE, since = "0.1")
public final class Backends {
    /**
     * A backend that was found, usable or not.
     *
     * @param type
     *            its name, description and settings
     * @param version
     *            that of its module or, on the class path, the {@code Implementation-Version} of its jar's manifest
     * @param priority
     *            what its provider claims; empty if the provider fails
     * @param problem
     *            why it can't be used here; empty when it can
     */
    public record Candidate(PartType<? extends BackendProvider> type, Optional<String> version, OptionalInt priority,
            Optional<String> problem) {
        /** Its name, such as {@code cpu}. */
        public String name() {
            return type.name();
        }

        /**
         * Asks the provider for its devices, which may load its native libraries; none of a backend that can't be used.
         *
         * @throws CambiumException
         *             if the provider fails
         */
        public List<Device> devices() {
            if (problem.isPresent()) {
                return List.of();
            }
            try {
                return List.copyOf(type.create().devices());
            } catch (RuntimeException | LinkageError e) {
                throw new CambiumException(
                        "backend '%s' can't tell its devices: %s".formatted(name(), Refusal.of(name(), e).reason()), e);
            }
        }

        /**
         * The provider with these options.
         *
         * @throws CambiumException
         *             if the backend can't be used here, or lacks the setting for an option that is not at its default
         */
        public BackendProvider with(BackendOptions options) {
            problem.ifPresent(reason -> {
                throw unusable(name(), reason);
            });
            var settings = new LinkedHashMap<String, Object>();
            if (has("device") || !options.device().equals(BackendOptions.defaults().device())) {
                settings.put("device", options.device());
            }
            if (has("threads") || options.threads() != BackendOptions.defaults().threads()) {
                settings.put("threads", options.threads());
            }
            return type.create(settings);
        }

        private boolean has(String setting) {
            return type.settings().stream().anyMatch(each -> each.name().equals(setting));
        }

        private boolean usable() {
            return problem.isEmpty();
        }
    }

    /** Opened by the first {@link #evaluate}, for the life of the process. */
    private static @Nullable Backend shared;

    private Backends() {}

    /** All backends of the current thread's context class loader, the usable ones by falling priority first. */
    public static List<Candidate> discover() {
        return among(Parts.discover());
    }

    /** The backends of a catalogue, the usable ones by falling priority first. */
    public static List<Candidate> among(Parts parts) {
        return parts.all(BackendProvider.class).stream().map(Backends::examine)
                .sorted(Comparator.comparing((Candidate candidate) -> !candidate.usable()).thenComparing(
                        Comparator.comparingInt((Candidate candidate) -> candidate.priority().orElse(0)).reversed()))
                .toList();
    }

    private static Candidate examine(PartType<? extends BackendProvider> type) {
        Optional<String> version = version(type.recordClass());
        try {
            BackendProvider provider = type.create();
            return new Candidate(type, version, OptionalInt.of(provider.priority()), problem(provider));
        } catch (RuntimeException | LinkageError e) {
            return new Candidate(type, version, OptionalInt.empty(),
                    Optional.of("its provider failed: " + Refusal.of(type.name(), e).reason()));
        }
    }

    private static Optional<String> problem(BackendProvider provider) {
        if (provider.primitives() < Op.VERSION) {
            return Optional.of("it knows primitives %d, this platform has %d".formatted(provider.primitives(),
                    Op.VERSION));
        }
        return Objects.requireNonNull(provider.unavailability(), "it does not say whether it can be used");
    }

    private static Optional<String> version(Class<?> type) {
        return Optional.ofNullable(type.getModule().getDescriptor()).flatMap(ModuleDescriptor::rawVersion)
                .or(() -> Optional.ofNullable(type.getPackage().getImplementationVersion()));
    }

    /** Opens the default backend: of those usable here the one with the highest priority. */
    public static Backend open() {
        return open(Optional.empty(), BackendOptions.defaults());
    }

    /**
     * Opens a backend.
     *
     * @param name
     *            which one; without a name the one with the highest priority of those that are usable and have the device
     * @param options
     *            device and threads
     * @throws CambiumException
     *             if there is no such backend (with a suggestion), it can't be used here (with the reason), or has no such device
     */
    public static Backend open(Optional<String> name, BackendOptions options) {
        return open(choose(Parts.discover(), name, options));
    }

    /**
     * Opens the backend of a provider, after making sure that it can be used here.
     *
     * @throws CambiumException
     *             if it can't, with the reason
     */
    public static Backend open(BackendProvider provider) {
        String name = name(provider);
        try {
            problem(provider).ifPresent(reason -> {
                throw unusable(name, reason);
            });
            return provider.open();
        } catch (LinkageError e) {
            throw new CambiumException("backend '%s' can't be opened: %s".formatted(name, Refusal.of(name, e).reason()),
                    e);
        }
    }

    private static String name(BackendProvider provider) {
        Part part = provider.getClass().getAnnotation(Part.class);
        return part == null ? provider.getClass().getName() : part.name();
    }

    /**
     * Chooses a backend of a catalogue, without opening it yet.
     *
     * @param name
     *            which one; without a name the one with the highest priority of those that are usable and have the device
     * @param options
     *            device and threads
     * @throws CambiumException
     *             if there is no such backend (with a suggestion), it can't be used here (with the reason), or has no such device
     */
    public static BackendProvider choose(Parts parts, Optional<String> name, BackendOptions options) {
        if (name.isPresent()) {
            return named(parts, name.get()).with(options);
        }
        List<Candidate> candidates = among(parts);
        if (candidates.isEmpty()) {
            throw new CambiumException(
                    "no backend on the class path or module path; add one, such as cambium-backend-cpu"
                            + parts.refused());
        }
        return best(candidates, options.device()).with(options);
    }

    /**
     * The backend of a name.
     *
     * @throws CambiumException
     *             if there is no such backend (with a suggestion), or it can't be used here (with the reason)
     */
    public static Candidate named(Parts parts, String name) {
        Candidate candidate = examine(parts.find(BackendProvider.class, name));
        candidate.problem().ifPresent(reason -> {
            throw unusable(name, reason);
        });
        return candidate;
    }

    private static Candidate best(List<Candidate> candidates, String device) {
        if (candidates.stream().noneMatch(Candidate::usable)) {
            throw new CambiumException(
                    candidates.stream().map(each -> each.name() + ": " + each.problem().orElseThrow())
                            .collect(Collectors.joining("\n  ", "no backend can be used here:\n  ", "")));
        }
        var seen = new ArrayList<String>();
        for (Candidate candidate : candidates.stream().filter(Candidate::usable).toList()) {
            if (device.equals("auto")) {
                return candidate;
            }
            try {
                for (Device each : candidate.devices()) {
                    if (device.equals(each.id()) || device.equalsIgnoreCase(each.kind().name())) {
                        return candidate;
                    }
                    seen.add("%s (backend '%s')".formatted(each.id(), candidate.name()));
                }
            } catch (CambiumException e) {
                seen.add("none that could be asked for (%s)".formatted(e.getMessage()));
            }
        }
        throw new CambiumException("no usable backend has a device '%s'; there are: %s%s".formatted(device,
                seen.isEmpty() ? "none" : String.join(", ", seen),
                candidates.stream().filter(candidate -> !candidate.usable())
                        .map(each -> "\n  " + unusable(each.name(), each.problem().orElseThrow()).getMessage())
                        .collect(Collectors.joining())));
    }

    private static CambiumException unusable(String name, String reason) {
        return new CambiumException("backend '%s' can't be used here: %s".formatted(name, reason));
    }

    /**
     * Computes one tensor on the default backend, which stays open for the next call.
     *
     * @throws IllegalStateException
     *             if the tensor depends on inputs or variables
     * @throws CambiumException
     *             if there is no backend that can be used here
     */
    public static NdArray evaluate(Tensor tensor) {
        Graph graph = Graph.of("value", tensor);
        if (!graph.inputs().isEmpty() || !graph.variables().isEmpty()) {
            throw new IllegalStateException(
                    "%s has no value of its own: it depends on the inputs %s and the variables %s".formatted(tensor,
                            graph.inputs().keySet(), graph.variables()));
        }
        try (Executable executable = shared().compile(graph, Map.of())) {
            return executable.run(Map.of()).firstEntry().getValue();
        }
    }

    private static synchronized Backend shared() {
        if (shared == null) {
            shared = open();
        }
        return shared;
    }
}
