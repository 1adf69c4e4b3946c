package dev.cambium.cpu;

import org.junit.jupiter.api.Tag;

import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.BackendProvider;
import dev.cambium.tck.BackendConformance;

/** What every backend must pass. */
@Tag("kernels")
class CpuBackendConformanceTest extends BackendConformance {
    @Override
    protected BackendProvider provider(BackendOptions options) {
        return new CpuBackendProvider(options.device(), options.threads(), true);
    }
}
