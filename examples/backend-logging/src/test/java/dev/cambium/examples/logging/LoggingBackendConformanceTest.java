package dev.cambium.examples.logging;

import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.io.TempDir;

import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.BackendProvider;
import dev.cambium.tck.BackendConformance;

/** That it is a backend as good as the one that it wraps. */
class LoggingBackendConformanceTest extends BackendConformance {
    @TempDir
    private static Path folder = Path.of("");

    @Override
    protected BackendProvider provider(BackendOptions options) {
        return new LoggingBackendProvider(options.device(), options.threads(), Optional.of(folder.resolve("log.txt")));
    }
}
