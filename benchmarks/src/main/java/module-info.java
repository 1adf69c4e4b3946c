/** What the performance claims are measured with. */
@org.jspecify.annotations.NullMarked
module cambium.benchmarks {
    requires cambium.api;
    requires cambium.datasets;
    requires cambium.models;
    requires jdk.incubator.vector;
    requires static org.jspecify;
}
