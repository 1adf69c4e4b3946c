package dev.cambium.examples.logging;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import dev.cambium.CambiumException;
import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.BackendProvider;
import dev.cambium.backend.Backends;
import dev.cambium.backend.Device;
import dev.cambium.tensor.Op;

/** Offers the backend {@code logging}, which is only used when asked for by name. */
public final class LoggingBackendProvider implements BackendProvider {
    private final Consumer<String> log;

    /** Prints to standard error; called by {@link java.util.ServiceLoader}. */
    public LoggingBackendProvider() {
        this(System.err::println);
    }

    LoggingBackendProvider(Consumer<String> log) {
        this.log = log;
    }

    @Override
    public String name() {
        return "logging";
    }

    @Override
    public String description() {
        return "prints what the best other backend is asked for, and how long it takes";
    }

    @Override
    public int priority() {
        return -1000;
    }

    @Override
    public int primitives() {
        return Op.VERSION;
    }

    @Override
    public Optional<String> unavailability() {
        return Optional.empty();
    }

    @Override
    public List<Device> devices() {
        return other().map(Backends.Candidate::devices).orElse(List.of());
    }

    @Override
    public Backend open(BackendOptions options) {
        BackendProvider other = other().flatMap(Backends.Candidate::provider)
                .orElseThrow(() -> new CambiumException("backend 'logging' needs another backend to hand work to"));
        return new LoggingBackend(other.open(options), log);
    }

    private Optional<Backends.Candidate> other() {
        return Backends.discover().stream()
                .filter(candidate -> candidate.problem().isEmpty() && !candidate.name().equals(name())).findFirst();
    }
}
