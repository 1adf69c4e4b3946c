package dev.cambium.backend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

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

    private Backends() {}

    /** All backends of the current thread's context class loader, the usable ones by falling priority first. */
    public static List<Candidate> discover() {
        return candidates(ServiceLoader.load(BackendProvider.class));
    }

    static List<Candidate> candidates(Iterable<BackendProvider> providers) {
        var found = new ArrayList<Candidate>();
        var names = new HashSet<String>();
        Iterator<BackendProvider> iterator = providers.iterator();
        while (true) {
            try {
                if (!iterator.hasNext()) {
                    break;
                }
                Candidate candidate = examine(iterator.next());
                found.add(names.add(candidate.name()) ? candidate
                        : new Candidate(candidate.name(), candidate.provider(),
                                Optional.of("another backend has the same name")));
            } catch (ServiceConfigurationError e) {
                found.add(
                        new Candidate("?", Optional.empty(), Optional.of("its provider can't be loaded: " + cause(e))));
            }
        }
        found.sort(Comparator.comparing((Candidate candidate) -> candidate.problem().isPresent())
                .thenComparingInt(candidate -> -candidate.provider().map(BackendProvider::priority).orElse(0)));
        return List.copyOf(found);
    }

    private static Candidate examine(BackendProvider provider) {
        try {
            Optional<String> problem = provider.primitives() >= Op.VERSION ? provider.unavailability()
                    : Optional.of("it knows primitives %d, this platform has %d".formatted(provider.primitives(),
                            Op.VERSION));
            return new Candidate(provider.name(), Optional.of(provider), problem);
        } catch (RuntimeException | LinkageError e) {
            return new Candidate(provider.getClass().getName(), Optional.of(provider),
                    Optional.of("its provider failed: " + cause(e)));
        }
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
        return choose(discover(), name).open(options);
    }

    static BackendProvider choose(List<Candidate> candidates, Optional<String> name) {
        if (candidates.isEmpty()) {
            throw new CambiumException(
                    "no backend on the class path or module path; add one, such as cambium-backend-cpu");
        }
        List<String> names = candidates.stream().map(Candidate::name).toList();
        Candidate chosen = name.map(wanted -> candidates.stream().filter(candidate -> candidate.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new CambiumException("unknown backend '%s'%s; there are: %s".formatted(wanted,
                        Suggestion.of(wanted, names), String.join(", ", names)))))
                .orElse(candidates.get(0));
        chosen.problem().ifPresent(problem -> {
            throw new CambiumException("backend '%s' can't be used here: %s".formatted(chosen.name(), problem));
        });
        return chosen.provider().orElseThrow();
    }

    /**
     * Computes one tensor on the default backend, which stays open for the next call.
     *
     * @throws IllegalStateException
     *             if the tensor depends on inputs or variables
     */
    public static NdArray evaluate(Tensor tensor) {
        Graph graph = Graph.of("value", tensor);
        if (!graph.inputs().isEmpty() || !graph.variables().isEmpty()) {
            throw new IllegalStateException(
                    "%s has no value of its own: it depends on the inputs %s and the variables %s".formatted(tensor,
                            graph.inputs().keySet(), graph.variables()));
        }
        try (Executable executable = Default.BACKEND.compile(graph, Map.of())) {
            return executable.run(Map.of()).firstEntry().getValue();
        }
    }

    /** Opened at the first use, for the life of the process. */
    private static final class Default {
        static final Backend BACKEND = Backends.open();
    }
}
