package dev.cambium.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cambium.CambiumException;

class RunFolderTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void file_appears_under_its_name_only_when_it_is_whole() throws IOException {
        Path file = folder.resolve("a.txt");
        AtomicFile.write(file, out -> {
            out.write("half".getBytes(StandardCharsets.UTF_8));
            out.flush();
            assertThat(file).doesNotExist();
            out.write(" and half".getBytes(StandardCharsets.UTF_8));
        });
        assertThat(file).hasContent("half and half");
        assertThat(folder).isDirectoryNotContaining(other -> !other.equals(file));
    }

    @Test
    void full_disk_leaves_the_old_file_and_nothing_else() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "old");
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
            out.write(new byte[1_000_000]);
            throw new IOException("No space left on device");
        })).isInstanceOf(CambiumException.class).hasMessage("can't write " + file + ": no space left on device");
        assertThat(file).hasContent("old");
        assertThat(folder).isDirectoryNotContaining(other -> !other.equals(file));
    }

    @Test
    void problems_with_files_are_put_in_words() {
        assertThat(FileProblem.of(new AccessDeniedException("/x"))).isEqualTo("permission denied");
        assertThat(FileProblem.of(new FileSystemException("/x", null, "Read-only file system")))
                .isEqualTo("read-only file system");
        assertThat(FileProblem.of(new IOException("No space left on device"))).isEqualTo("no space left on device");
        assertThat(FileProblem.of(new IOException())).isEqualTo("java.io.IOException");
    }

    @Test
    void room_for_the_run_is_asked_for_beforehand() {
        RunFolder run = RunFolder.create(folder.resolve("run"));
        run.requireSpace(1);
        assertThatThrownBy(() -> run.requireSpace(Long.MAX_VALUE)).isInstanceOf(CambiumException.class)
                .hasMessageMatching(".*run has no room for the run: it takes some 9.2 EB, and .*B are free");
    }

    @Test
    void nothing_is_left_of_a_run_that_came_to_nothing() throws IOException {
        Path made = folder.resolve("made");
        Path there = Files.createDirectory(folder.resolve("there"));
        for (Path path : List.of(made, there)) {
            try (RunFolder run = RunFolder.create(path)) {
                Files.writeString(run.file(RunFolder.SETTINGS), "{}");
                Files.createFile(run.file(RunFolder.METRICS));
            }
        }
        assertThat(made).doesNotExist();
        assertThat(there).isEmptyDirectory();
    }

    @Test
    void run_that_came_as_far_as_metrics_stays() throws IOException {
        try (RunFolder run = RunFolder.create(folder.resolve("run"))) {
            Files.writeString(run.file(RunFolder.METRICS), "{}");
        }
        assertThat(folder.resolve("run")).isDirectoryContaining("glob:**metrics.jsonl");
    }

    @Test
    void taken_names_get_a_number() {
        assertThat(RunFolder.create(folder, "run").path()).isEqualTo(folder.resolve("run"));
        assertThat(RunFolder.create(folder, "run").path()).isEqualTo(folder.resolve("run-2"));
        assertThat(RunFolder.create(folder, "run").path()).isEqualTo(folder.resolve("run-3"));
    }

    @Test
    void unfinished_files_can_be_removed() throws IOException {
        RunFolder run = RunFolder.create(folder.resolve("run"));
        Files.writeString(run.file(".model.safetensors.tmp"), "half");
        Files.writeString(run.file("metrics.jsonl"), "{}");
        run.removeUnfinished();
        assertThat(run.path()).isDirectoryNotContaining("glob:**.tmp").isDirectoryContaining("glob:**metrics.jsonl");
    }

    @Test
    void settings_are_read_as_they_were_written() {
        var part = new RunSettings.PartSettings("adam", Map.of("learningRate", 0.001, "steps", 3L, "amsgrad", false));
        var settings = new RunSettings("2026-11-24T22:31:00Z", part, "/data", List.of(), part, part, part, null,
                List.of(), 15, 50, null, -1,
                new RunSettings.Input("float32", List.of(1, 28, 28)), List.of("0", "1"), part,
                new RunSettings.Machine("0.1.0", "25", "Linux", "a processor", 2, "cpu", "cpu"));
        RunFolder run = RunFolder.create(folder.resolve("run"));
        run.writeSettings(settings);
        assertThat(run.settings()).isEqualTo(settings);
        assertThat(run.file(RunFolder.SETTINGS)).content().contains("\"batch_size\": 50", "\"steps\": 3");
    }

    @Test
    void settings_without_a_form_in_json_become_text() {
        var part = new RunSettings.PartSettings("folder",
                Map.of("path", Path.of("/data"), "limit", Double.POSITIVE_INFINITY, "mode", Thread.State.NEW));
        assertThat(part.settings())
                .isEqualTo(Map.of("path", Path.of("/data").toString(), "limit", "Infinity", "mode", "NEW"));
    }
}
