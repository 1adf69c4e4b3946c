package dev.cambium.tck;

import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.BackendProvider;
import dev.cambium.reference.ReferenceBackendProvider;

/** The reference itself, rounding after each operation, passes the kit. */
class ReferenceConformanceTest extends BackendConformance {
    @Override
    protected BackendProvider provider(BackendOptions options) {
        return new ReferenceBackendProvider(options.device());
    }
}
