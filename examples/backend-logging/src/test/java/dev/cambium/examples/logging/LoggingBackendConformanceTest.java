package dev.cambium.examples.logging;

import dev.cambium.backend.BackendProvider;
import dev.cambium.tck.BackendConformance;

/** That it is a backend as good as the one that it wraps. */
class LoggingBackendConformanceTest extends BackendConformance {
    @Override
    protected BackendProvider provider() {
        return new LoggingBackendProvider(_ -> {});
    }
}
