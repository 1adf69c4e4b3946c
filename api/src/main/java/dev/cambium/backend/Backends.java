package dev.cambium.backend;

import static dev.cambium.Stability.Level.STABLE;

import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.cambium.CambiumException;
import dev.cambium.Stability;
import dev.cambium.part.Suggestion;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Tensor;

/**
 * Finds the backends that jars offer and opens one. A jar on the class path or module path is all that it takes to add a backend;
 * one that is broken is listed with the reason and never takes the platform down.
 */
@Stability(value = STABLE, since = "0.1")
public final class Backends {
    /**
     * A backend that was found, usable or not.
     *
     * @param name
     *            its name; that of the provider's class if the provider fails, {@code ?} if it has none either
     * @param description
     *            what it is, in one line; empty if the provider fails
     * @param version
     *            that of its module or, on the class path, the {@code Implementation-Version} of its jar's manifest
     * @param priority
     *            what its provider claims; empty if the provider fails
     * @param origin
     *            the jar or folder that it comes from
     * @param provider
     *            the provider, unless it could not even be loaded
     * @param problem
     *            why it can't be used here; empty when it can
     */
    public record Candidate(String name, String description, Optional<String> version, OptionalInt priority,
            Optional<String> origin, Optional<BackendProvider> provider, Optional<String> problem) {
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
                return List.copyOf(provider.orElseThrow().devices());
            } catch (RuntimeException | LinkageError e) {
                throw new CambiumException("backend '%s' can't tell its devices: %s".formatted(name, cause(e)), e);
            }
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
        return candidates(ServiceLoader.load(BackendProvider.class).stream().iterator());
    }

    static List<Candidate> candidates(Iterator<ServiceLoader.Provider<BackendProvider>> providers) {
        var found = new ArrayList<Candidate>();
        while (true) {
            try {
                if (!providers.hasNext()) {
                    break;
                }
                Candidate candidate = examine(providers.next());
                found.add(found.stream().filter(other -> other.name().equals(candidate.name())).findFirst()
                        .map(other -> second(candidate, other)).orElse(candidate));
            } catch (ServiceConfigurationError | LinkageError e) { // the latter where a class that it extends is missing
                found.add(failed("?", Optional.empty(), "its provider can't be loaded: " + cause(e)));
            }
        }
        found.sort(Comparator.comparing((Candidate candidate) -> !candidate.usable()).thenComparing(
                Comparator.comparingInt((Candidate candidate) -> candidate.priority().orElse(0)).reversed()));
        return List.copyOf(found);
    }

    private static Candidate examine(ServiceLoader.Provider<BackendProvider> offered) {
        Class<?> type = offered.type();
        BackendProvider provider;
        try {
            provider = offered.get();
        } catch (ServiceConfigurationError e) {
            return failed(type.getName(), origin(type), "its provider can't be made: " + cause(e));
        }
        try {
            Optional<String> problem = provider.primitives() >= Op.VERSION ? provider.unavailability()
                    : Optional.of("it knows primitives %d, this platform has %d".formatted(provider.primitives(),
                            Op.VERSION));
            return new Candidate(Objects.requireNonNull(provider.name(), "it has no name"),
                    Objects.requireNonNull(provider.description(), "it has no description"), version(type),
                    OptionalInt.of(provider.priority()), origin(type), Optional.of(provider),
                    Objects.requireNonNull(problem, "it does not say whether it can be used"));
        } catch (RuntimeException | LinkageError e) {
            return failed(type.getName(), origin(type), "its provider failed: " + cause(e));
        }
    }

    private static Candidate failed(String name, Optional<String> origin, String problem) {
        return new Candidate(name, "", Optional.empty(), OptionalInt.empty(), origin, Optional.empty(),
                Optional.of(problem));
    }

    private static Candidate second(Candidate refused, Candidate first) {
        return new Candidate(refused.name(), refused.description(), refused.version(), refused.priority(),
                refused.origin(), refused.provider(),
                Optional.of(
                        "%s has a backend of the same name, which comes first; this one is in %s; remove one of them"
                                .formatted(first.origin().orElse("elsewhere"),
                                        refused.origin().orElse("the same place"))));
    }

    private static Optional<String> version(Class<?> type) {
        return Optional.ofNullable(type.getModule().getDescriptor()).flatMap(ModuleDescriptor::rawVersion)
                .or(() -> Optional.ofNullable(type.getPackage().getImplementationVersion()));
    }

    private static Optional<String> origin(Class<?> type) {
        return Optional.ofNullable(type.getProtectionDomain().getCodeSource())
                .flatMap(source -> Optional.ofNullable(source.getLocation()))
                .map(place -> place.getProtocol().equals("file") ? Path.of(URI.create(place.toString())).toString()
                        : place.toString());
    }

    /** The first cause of a failure, in words where it is one that only developers would recognise. */
    private static String cause(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = Objects.requireNonNullElse(root.getMessage(), root.toString());
        return switch (root) {
            case CambiumException _ -> message;
            case ServiceConfigurationError _ -> message.replace(BackendProvider.class.getName() + ": ", "");
            case ClassNotFoundException _,NoClassDefFoundError _ ->
                    "class %s is missing; the jar that holds it must be on the class path or module path too"
                            .formatted(message.replace('/', '.'));
            case UnsatisfiedLinkError _ -> "a native library can't be loaded: " + message;
            default -> root.toString();
        };
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
        List<Candidate> candidates = discover();
        if (candidates.isEmpty()) {
            throw new CambiumException(
                    "no backend on the class path or module path; add one, such as cambium-backend-cpu");
        }
        BackendProvider provider = name.map(wanted -> named(candidates, wanted))
                .orElseGet(() -> best(candidates, options.device()));
        try {
            return provider.open(options);
        } catch (LinkageError e) {
            throw new CambiumException("backend '%s' can't be opened: %s".formatted(provider.name(), cause(e)), e);
        }
    }

    static BackendProvider named(List<Candidate> candidates, String name) {
        List<String> names = candidates.stream().map(Candidate::name).distinct().toList();
        Candidate chosen = candidates.stream().filter(candidate -> candidate.name().equals(name)).findFirst()
                .orElseThrow(() -> new CambiumException("unknown backend '%s'%s; there are: %s".formatted(name,
                        Suggestion.of(name, names), String.join(", ", names))));
        chosen.problem().ifPresent(problem -> {
            throw new CambiumException("backend '%s' can't be used here: %s".formatted(chosen.name(), problem));
        });
        return chosen.provider().orElseThrow();
    }

    static BackendProvider best(List<Candidate> candidates, String device) {
        if (candidates.stream().noneMatch(Candidate::usable)) {
            throw new CambiumException(
                    candidates.stream().map(each -> each.name() + ": " + each.problem().orElseThrow())
                            .collect(Collectors.joining("\n  ", "no backend can be used here:\n  ", "")));
        }
        var seen = new ArrayList<String>();
        for (Candidate candidate : candidates.stream().filter(Candidate::usable).toList()) {
            if (device.equals("auto")) {
                return candidate.provider().orElseThrow();
            }
            try {
                for (Device each : candidate.devices()) {
                    if (device.equals(each.id()) || device.equalsIgnoreCase(each.kind().name())) {
                        return candidate.provider().orElseThrow();
                    }
                    seen.add("%s (backend '%s')".formatted(each.id(), candidate.name()));
                }
            } catch (CambiumException e) {
                seen.add("none that could be asked for (%s)".formatted(e.getMessage()));
            }
        }
        throw new CambiumException("no usable backend has a device '%s'; there are: %s%s".formatted(device,
                seen.isEmpty() ? "none" : String.join(", ", seen), unusable(candidates)));
    }

    private static String unusable(List<Candidate> candidates) {
        return candidates.stream().filter(candidate -> !candidate.usable())
                .map(candidate -> "\n  backend '%s' can't be used here: %s".formatted(candidate.name(),
                        candidate.problem().orElseThrow()))
                .collect(Collectors.joining());
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
