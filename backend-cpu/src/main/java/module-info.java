/** The pure-Java backend: a graph compiler and Vector API kernels. */
@org.jspecify.annotations.NullMarked
module cambium.backend.cpu {
    requires cambium.api;
    requires jdk.management;
    requires static jdk.incubator.vector;
    requires static org.jspecify;

    provides dev.cambium.backend.BackendProvider with dev.cambium.cpu.CpuBackendProvider;
}
