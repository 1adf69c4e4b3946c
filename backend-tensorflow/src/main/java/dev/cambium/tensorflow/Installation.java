package dev.cambium.tensorflow;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.bytedeco.javacpp.Loader;
import org.tensorflow.internal.c_api.global.tensorflow;

/**
 * What TensorFlow finds on this machine, seen from outside: nothing native is loaded to make one.
 *
 * @param platform
 *            operating system and processor in TensorFlow's terms, such as {@code linux-x86_64}
 * @param natives
 *            the builds of TensorFlow's libraries that are on the class path or module path, named by their jars' classifiers
 * @param driver
 *            whether the driver of an NVIDIA card is there
 */
record Installation(String platform, Set<String> natives, boolean driver) {
    /** The builds that TensorFlow Java 1.1.0 has. */
    private static final List<String> BUILDS = List.of("linux-x86_64", "linux-arm64", "macosx-arm64", "windows-x86_64");
    private static final String GPU = "-gpu";
    private static final String GPU_BUILD = "linux-x86_64" + GPU;
    /** Where the NVIDIA driver shows itself: on Linux, and on Linux within Windows. */
    private static final List<String> DRIVER = List.of("proc/driver/nvidia/version", "usr/lib/wsl/lib/libcuda.so.1");
    /** What TensorFlow 2.18 opens when it looks for graphics cards; it goes without any of them if one is missing. */
    private static final List<String> CUDA_LIBRARIES = List.of("libcudart.so.12", "libcublas.so.12",
            "libcublasLt.so.12", "libcufft.so.11", "libcusolver.so.11", "libcusparse.so.12", "libcudnn.so.9");

    /** That of this process. */
    static Installation find() {
        return find(Loader.getPlatform(), tensorflow.class.getClassLoader(), Path.of("/"));
    }

    /**
     * That of a process.
     *
     * @param libraries
     *            the class loader that has the jars of native libraries
     * @param root
     *            the root of the file system
     */
    static Installation find(String platform, ClassLoader libraries, Path root) {
        Set<String> natives = Stream.concat(BUILDS.stream(), Stream.of(GPU_BUILD))
                .filter(build -> libraries.getResource(library(build)) != null).collect(Collectors.toUnmodifiableSet());
        return new Installation(platform, natives, DRIVER.stream().map(root::resolve).anyMatch(Files::exists));
    }

    private static String library(String build) {
        String file = build.startsWith("windows") ? "jnitensorflow.dll"
                : build.startsWith("macosx") ? "libjnitensorflow.dylib" : "libjnitensorflow.so";
        return "org/tensorflow/internal/c_api/%s/%s".formatted(build, file);
    }

    /** Why TensorFlow can't be used here at all. */
    Optional<String> unavailability() {
        if (natives.contains(platform) || natives.contains(platform + GPU)) {
            return Optional.empty();
        }
        if (!BUILDS.contains(platform)) {
            return Optional.of("TensorFlow Java has no native libraries for %s; it has them for %s".formatted(platform,
                    String.join(", ", BUILDS)));
        }
        String others = natives.isEmpty() ? "" : ", only those for " + String.join(", ", natives);
        return Optional
                .of("TensorFlow's native libraries for %s are not on the class path or module path%s; %s".formatted(
                        platform, others, bringing("", platform)));
    }

    /** Whether TensorFlow is likely to see a graphics card: its build for them is there, and a driver. */
    boolean hasGpu() {
        return natives.contains(platform + GPU) && driver;
    }

    /**
     * Why TensorFlow sees no graphics card here.
     *
     * @param loads
     *            whether the system can load a library, given by its file's name
     */
    String gpuProblem(Predicate<String> loads) {
        if (!GPU_BUILD.equals(platform + GPU)) {
            return "TensorFlow Java computes on graphics cards on linux-x86_64 alone, and this is " + platform;
        }
        if (!natives.contains(GPU_BUILD)) {
            return "the libraries of TensorFlow on the class path or module path are those without graphics cards; "
                    + bringing(" --gpu", GPU_BUILD);
        }
        if (!driver) {
            return "no driver of an NVIDIA card is loaded; install version 525 or newer, which CUDA 12 needs"
                    + " (in a container: start it with the host's cards, such as docker run --gpus all)";
        }
        List<String> missing = CUDA_LIBRARIES.stream().filter(loads.negate()).toList();
        if (!missing.isEmpty()) {
            return "%s can't be loaded; TensorFlow 2.18 needs CUDA 12.5 and cuDNN 9.3: install them, and name their folders in LD_LIBRARY_PATH"
                    .formatted(String.join(", ", missing));
        }
        return "TensorFlow sees no card, though driver, CUDA and cuDNN are there; look at what nvidia-smi prints, at"
                + " CUDA_VISIBLE_DEVICES, and at what TensorFlow says with TF_CPP_MIN_LOG_LEVEL=0 in the environment";
    }

    private static String bringing(String option, String build) {
        return "`./cambium backends add tensorflow%s` brings them, and so does Maven: org.tensorflow:tensorflow-core-native with classifier %s"
                .formatted(option, build);
    }
}
