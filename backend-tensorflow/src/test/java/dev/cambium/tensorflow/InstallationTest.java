package dev.cambium.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {
    private static final String LINUX = "linux-x86_64";

    @TempDir
    private Path folder;

    private void library(String path) throws Exception {
        Path file = folder.resolve("org/tensorflow/internal/c_api").resolve(path);
        Files.createDirectories(file.getParent());
        Files.createFile(file);
    }

    private Installation find(String platform) throws Exception {
        try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
            return Installation.find(platform, loader, folder);
        }
    }

    @Test
    void finds_the_builds_on_the_path_and_the_driver() throws Exception {
        library("linux-x86_64-gpu/libjnitensorflow.so");
        library("macosx-arm64/libjnitensorflow.dylib");
        library("windows-x86_64/jnitensorflow.dll");
        Path driver = Files.createDirectories(folder.resolve("proc/driver/nvidia"));
        assertThat(find(LINUX)).isEqualTo(new Installation(LINUX,
                Set.of("linux-x86_64-gpu", "macosx-arm64", "windows-x86_64"), false));

        Files.createFile(driver.resolve("version"));
        assertThat(find(LINUX).driver()).isTrue();
        assertThat(find(LINUX).hasGpu()).isTrue();
    }

    @Test
    void without_native_libraries_says_how_to_get_those_of_this_platform() throws Exception {
        assertThat(find(LINUX).unavailability()).contains(
                "TensorFlow's native libraries for linux-x86_64 are not on the class path or module path;"
                        + " `./cambium backends add tensorflow` brings them, and so does Maven:"
                        + " org.tensorflow:tensorflow-core-native with classifier linux-x86_64");
    }

    @Test
    void native_libraries_of_another_platform_are_named() throws Exception {
        library("macosx-arm64/libjnitensorflow.dylib");
        assertThat(find(LINUX).unavailability().orElseThrow())
                .startsWith("TensorFlow's native libraries for linux-x86_64"
                        + " are not on the class path or module path, only those for macosx-arm64; ");
    }

    @Test
    void a_platform_that_tensorflow_does_not_know_is_told_so() throws Exception {
        assertThat(find("linux-riscv64").unavailability()).contains("TensorFlow Java has no native libraries for"
                + " linux-riscv64; it has them for linux-x86_64, linux-arm64, macosx-arm64, windows-x86_64");
    }

    @Test
    void either_build_will_do_for_the_processor() {
        assertThat(new Installation(LINUX, Set.of(LINUX), false).unavailability()).isEmpty();
        assertThat(new Installation(LINUX, Set.of("linux-x86_64-gpu"), false).unavailability()).isEmpty();
    }

    @Test
    void what_a_graphics_card_lacks_is_looked_for_from_the_platform_to_the_card() {
        assertThat(new Installation("macosx-arm64", Set.of("macosx-arm64"), false).gpuProblem(_ -> false))
                .isEqualTo(
                        "TensorFlow Java computes on graphics cards on linux-x86_64 alone, and this is macosx-arm64");
        assertThat(new Installation(LINUX, Set.of(LINUX), false).gpuProblem(_ -> false))
                .startsWith(
                        "the libraries of TensorFlow on the class path or module path are those without graphics cards;"
                                + " `./cambium backends add tensorflow --gpu` brings them")
                .endsWith("with classifier linux-x86_64-gpu");
        Set<String> gpu = Set.of("linux-x86_64-gpu");
        assertThat(new Installation(LINUX, gpu, false).gpuProblem(_ -> false))
                .startsWith("no driver of an NVIDIA card is loaded; install version 525 or newer");
        assertThat(new Installation(LINUX, gpu, true).gpuProblem(name -> !name.contains("cudnn")))
                .startsWith("libcudnn.so.9 can't be loaded; TensorFlow 2.18 needs CUDA 12.5 and cuDNN 9.3");
        assertThat(new Installation(LINUX, gpu, true).gpuProblem(_ -> true))
                .startsWith("TensorFlow sees no card, though driver, CUDA and cuDNN are there");
    }
}
