package dev.cambium.backend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.cambium.CambiumException;
import dev.cambium.part.Suggestion;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Tensor;

/** Finds the backends on the class path or module path and opens one. */
public final class Backends {
    /**
     * A backend that was found, usable or not.
     *
     * @param name
     *            its name, or that of the failing provider
     * @param provider
     *            the provider, unless it could not even be loaded
     * @param problem
     *            why it can't be used here; empty when it can
     */
    public record Candidate(String name, Optional<BackendProvider> provider, Optional<String> problem) {}

    /** A candidate with the priority that its provider claims. */
    private record Ranked(Candidate candidate, int priority) {}

    /** Opened by the first {@link #evaluate}, for the life of the process. */
    private static @Nullable Backend shared;

    private Backends() {}

    /** All backends of the current thread's context class loader, the usable ones by falling priority first. */
    public static List<Candidate> discover() {
        return candidates(ServiceLoader.load(BackendProvider.class));
    }

    static List<Candidate> candidates(Iterable<BackendProvider> providers) {
        var found = new ArrayList<Ranked>();
        var names = new HashSet<String>();
        Iterator<BackendProvider> iterator = providers.iterator();
        while (true) {
            try {
                if (!iterator.hasNext()) {
                    break;
                }
                Ranked ranked = examine(iterator.next());
                Candidate candidate = ranked.candidate();
                found.add(names.add(candidate.name()) ? ranked
                        : unusable(candidate.name(), candidate.provider(), "another backend has the same name"));
            } catch (ServiceConfigurationError e) {
                found.add(unusable("?", Optional.empty(), "its provider can't be loaded: " + cause(e)));
            }
        }
        found.sort(Comparator.comparing((Ranked ranked) -> ranked.candidate().problem().isPresent())
                .thenComparing(Comparator.comparingInt(Ranked::priority).reversed()));
        return found.stream().map(Ranked::candidate).toList();
    }

    private static Ranked examine(BackendProvider provider) {
        try {
            Optional<String> problem = provider.primitives() >= Op.VERSION ? provider.unavailability()
                    : Optional.of("it knows primitives %d, this platform has %d".formatted(provider.primitives(),
                            Op.VERSION));
            var candidate = new Candidate(Objects.requireNonNull(provider.name(), "it has no name"),
                    Optional.of(provider), Objects.requireNonNull(problem, "it does not say whether it can be used"));
            return new Ranked(candidate, provider.priority());
        } catch (RuntimeException | LinkageError e) {
            return unusable(provider.getClass().getName(), Optional.of(provider), "its provider failed: " + cause(e));
        }
    }

    private static Ranked unusable(String name, Optional<BackendProvider> provider, String problem) {
        return new Ranked(new Candidate(name, provider, Optional.of(problem)), 0);
    }

    private static String cause(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.toString();
    }

    /** Opens the default backend: of those usable here the one with the highest priority. */
    public static Backend open() {
        return open(Optional.empty(), BackendOptions.defaults());
    }

    /**
     * Opens a backend.
     *
     * @param name
     *            which one; without a name the usable one with the highest priority
     * @param options
     *            device and threads
     * @throws CambiumException
     *             if there is no such backend (with a suggestion), it can't be used here (with the reason), or has no such device
     */
    public static Backend open(Optional<String> name, BackendOptions options) {
        BackendProvider provider = choose(discover(), name);
        try {
            return provider.open(options);
        } catch (LinkageError e) {
            throw new CambiumException("backend '%s' can't be opened: %s".formatted(provider.name(), cause(e)), e);
        }
    }

    static BackendProvider choose(List<Candidate> candidates, Optional<String> name) {
        if (candidates.isEmpty()) {
            throw new CambiumException(
                    "no backend on the class path or module path; add one, such as cambium-backend-cpu");
        }
        Candidate chosen = name.map(wanted -> named(candidates, wanted)).orElse(candidates.get(0));
        if (name.isEmpty() && chosen.problem().isPresent()) {
            throw new CambiumException(
                    candidates.stream().map(each -> each.name() + ": " + each.problem().orElseThrow())
                            .collect(Collectors.joining("\n  ", "no backend can be used here:\n  ", "")));
        }
        chosen.problem().ifPresent(problem -> {
            throw new CambiumException("backend '%s' can't be used here: %s".formatted(chosen.name(), problem));
        });
        return chosen.provider().orElseThrow();
    }

    private static Candidate named(List<Candidate> candidates, String name) {
        List<String> names = candidates.stream().map(Candidate::name).toList();
        return candidates.stream().filter(candidate -> candidate.name().equals(name)).findFirst()
                .orElseThrow(() -> new CambiumException("unknown backend '%s'%s; there are: %s".formatted(name,
                        Suggestion.of(name, names), String.join(", ", names))));
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
