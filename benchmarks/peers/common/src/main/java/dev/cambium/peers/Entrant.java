package dev.cambium.peers;

import java.util.ArrayList;
import java.util.List;

/**
 * One of those compared.
 *
 * @param name
 *            by which {@code --only} knows it
 * @param title
 *            its name in the table
 * @param folder
 *            the folder beside this module with the class path that it runs on
 * @param main
 *            its main class, below {@code dev.cambium.peers}
 * @param arguments
 *            what follows the task
 * @param options
 *            what its JVM wants beside that which all get
 */
record Entrant(String name, String title, String folder, String main, List<String> arguments, List<String> options) {
    private static final Entrant CAMBIUM = new Entrant("cambium-cpu", "Cambium, CPU backend", "cambium",
            "cambium.CambiumContender", List.of("cpu"), ofCambium());

    /** The first one without skipping zeros. */
    static final Entrant DENSE = new Entrant("cambium-cpu-dense", "Cambium, CPU backend, skipZeros=false", "cambium",
            "cambium.CambiumContender", List.of("cpu", "dense"), CAMBIUM.options());

    /** The first one is what the others are compared with. */
    static final List<Entrant> ALL = List.of(CAMBIUM, DENSE,
            new Entrant("cambium-tensorflow", "Cambium, TensorFlow backend", "tensorflow", "cambium.CambiumContender",
                    List.of("tensorflow"),
                    List.of("--add-modules=jdk.incubator.vector", "-XX:TrimNativeHeapInterval=500")),
            new Entrant("tensorflow", "TensorFlow Java, graph by hand", "tensorflow",
                    "tensorflow.TensorFlowContender", List.of(), List.of()),
            new Entrant("djl", "DJL, PyTorch engine", "djl", "djl.DjlContender", List.of(), List.of()),
            new Entrant("libtorch", "libtorch, bytedeco presets", "libtorch", "libtorch.LibtorchContender", List.of(),
                    List.of()),
            new Entrant("deeplearning4j", "Deeplearning4j", "deeplearning4j",
                    "deeplearning4j.Deeplearning4jContender", List.of(), List.of()));

    /** As the program `cambium` runs, which says why. */
    private static List<String> ofCambium() {
        var options = new ArrayList<>(List.of("--add-modules=jdk.incubator.vector", "-XX:TrimNativeHeapInterval=500",
                "-XX:CompileCommand=quiet", "-XX:CompileCommand=inline,dev/cambium/cpu/kernels/VectorFunctions.*",
                "-XX:CompileCommand=inline,dev/cambium/cpu/kernels/Vectors.*"));
        for (String loops : List.of("Tiles", "PooledTiles", "VectorSparse", "VectorWinograd", "SampledProduct",
                "VectorPooling", "VectorReductions", "Transposition", "GeneratedLoop*")) {
            options.add("-XX:CompileCommand=CompileThresholdScaling,dev/cambium/cpu/kernels/" + loops + ".*,0.02");
        }
        return List.copyOf(options);
    }

    /** Those of some names, all without one; ends the program if there is none of a name. */
    static List<Entrant> wanted(List<String> names) {
        List<String> known = ALL.stream().map(Entrant::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                System.err.printf("There is no contender '%s'; there are %s.%n", name, String.join(", ", known));
                System.exit(2);
            }
        }
        return ALL.stream().filter(entrant -> names.isEmpty() || names.contains(entrant.name())).toList();
    }

    /** The one of this name among all. */
    static Entrant of(String name) {
        return ALL.stream().filter(entrant -> entrant.name().equals(name)).findFirst().orElseThrow();
    }
}
