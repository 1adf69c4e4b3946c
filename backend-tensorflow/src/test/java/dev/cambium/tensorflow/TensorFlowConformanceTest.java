package dev.cambium.tensorflow;

import org.junit.jupiter.api.Tag;

import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.BackendProvider;
import dev.cambium.tck.BackendConformance;

/** TensorFlow passes the conformance kit. */
@Tag("tensorflow")
class TensorFlowConformanceTest extends BackendConformance {
    @Override
    protected BackendProvider provider(BackendOptions options) {
        return new TensorFlowBackendProvider(options.device(), options.threads());
    }
}
