/** The pure-Java backend: a graph compiler and Vector API kernels. */
@org.jspecify.annotations.NullMarked
module cambium.backend.cpu {
    requires transitive cambium.api;
    requires jdk.management;
    requires static jdk.incubator.vector;
    requires static org.jspecify;

    exports dev.cambium.cpu;

    provides dev.cambium.part.PartProvider with dev.cambium.cpu.CpuParts;
}
