package dev.cambium.examples.logging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import dev.cambium.CambiumException;
import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.BackendProvider;
import dev.cambium.backend.Backends;
import dev.cambium.backend.Device;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.Op;

/**
 * The backend {@code logging}, which is only used when asked for by name.
 *
 * @param device
 *            on which the other backend computes
 * @param threads
 *            with how many it does, 0 for one on each core
 * @param file
 *            where lines are added; without it they go to standard error
 */
@Part(name = LoggingBackendProvider.NAME,
        description = "prints what the best other backend is asked for, and how long it takes")
public record LoggingBackendProvider(
        @Setting(doc = "on which the other backend computes", defaultValue = "auto") String device,
        @Setting(doc = "with how many the other backend computes, 0 for one on each core", defaultValue = "0",
                min = 0, max = 1024) int threads,
        @Setting(doc = "where lines are added; without it they go to standard error") Optional<Path> file)
        implements
        BackendProvider {
    static final String NAME = "logging";

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
    public Backend open() {
        Backends.Candidate other = other()
                .orElseThrow(() -> new CambiumException("backend 'logging' needs another backend to hand work to"));
        return new LoggingBackend(Backends.open(other.with(new BackendOptions(device, threads))),
                file.<Consumer<String>>map(path -> line -> append(path, line)).orElse(System.err::println));
    }

    private static Optional<Backends.Candidate> other() {
        return Backends.discover().stream()
                .filter(candidate -> candidate.problem().isEmpty() && !candidate.name().equals(NAME)).findFirst();
    }

    private static void append(Path file, String line) {
        try {
            Files.writeString(file, line + System.lineSeparator(), StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new CambiumException("can't write %s: %s".formatted(file, e.getMessage()), e);
        }
    }
}
