/** What the performance claims are measured with. */
@org.jspecify.annotations.NullMarked
module cambium.benchmarks {
    requires cambium.api;
    requires cambium.backend.cpu;
    requires cambium.datasets;
    requires cambium.models;
    requires static org.jspecify;
    // There only in the comparison with TensorFlow.
    requires static org.tensorflow.ndarray;
    requires static tensorflow;
    requires static tensorflow.nativelib;
}
