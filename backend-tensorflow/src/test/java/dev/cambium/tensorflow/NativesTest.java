package dev.cambium.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativesTest {
    @TempDir
    private Path folder;

    /** A library that is none, in the place of TensorFlow's. */
    private String damaged() throws Exception {
        String name = System.mapLibraryName("jnitensorflow");
        Path file = folder.resolve("org/tensorflow/internal/c_api").resolve(Loader.getPlatform()).resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "not a library");
        return folder.toString();
    }

    @Test
    void a_library_that_cannot_be_loaded_is_named_with_the_reason_of_the_system() throws Exception {
        Child.Result result = Child.run(Child.class, folder, damaged(),
                List.of("-Dorg.bytedeco.javacpp.cachedir=" + folder.resolve("cache")));
        assertThat(result.exitCode()).isZero();
        assertThat(result.output()).startsWith("TensorFlow's native libraries can't be loaded: ")
                .contains(System.mapLibraryName("jnitensorflow")).contains(folder.resolve("cache").toString())
                .hasLineCount(1);
    }

    @Test
    void without_a_folder_to_unpack_the_libraries_to_the_option_that_names_one_is_told() throws Exception {
        String file = Files.createFile(folder.resolve("file")).toString();
        Child.Result result = Child.run(Child.class, folder, damaged(),
                List.of("-Dorg.bytedeco.javacpp.cachedir=" + file,
                        "-Duser.home=" + file, "-Djava.io.tmpdir=" + file));
        assertThat(result.exitCode()).isZero();
        assertThat(result.output()).startsWith("TensorFlow's native libraries can't be loaded: there is no folder")
                .contains("-Dorg.bytedeco.javacpp.cachedir=FOLDER").hasLineCount(1);
    }

    @Test
    @Tag("tensorflow")
    void tensorflow_starts_and_trains_without_a_word_on_the_terminal() throws Exception {
        assertThat(Child.run(Child.class, folder, "", List.of())).isEqualTo(new Child.Result(0, "2 threads\n", ""));
    }
}
