package dev.cambium.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cambium.app.addon.Offers;

/** {@code backends add} and {@code backends remove}, with an offer of a text file as its jar. */
class AddAndRemoveBackendTest {
    @TempDir
    private Path folder = Path.of("");
    private final List<String> fetched = new ArrayList<>();
    private final ClassLoader loader = Thread.currentThread().getContextClassLoader();
    private Shell shell = new Shell(folder);

    @BeforeEach
    void offer() throws IOException {
        Path offer = Files.createDirectories(folder.resolve("optional/giant"));
        Files.writeString(offer.resolve("giant.jar"), "the backend");
        Files.writeString(offer.resolve("needs.properties"), """
                artifacts = test:giant:1, test:giant:jar:{platform}:1
                platforms = %s
                gpu.artifacts = test:giant:jar:{platform}-gpu:1
                gpu.platforms = vms-vax
                """.formatted(Offers.platform()));
        Path natives = Files.writeString(folder.resolve("natives.jar"), "the natives");
        shell = new Shell(folder, (coordinates, _, _) -> {
            fetched.addAll(coordinates);
            return List.of(natives);
        });
    }

    @AfterEach
    void forget_what_was_loaded() {
        Thread.currentThread().setContextClassLoader(loader);
    }

    private Path installed() {
        return folder.resolve("backends/giant");
    }

    @Test
    void add_puts_the_backend_and_what_it_needs_in_its_folder() {
        Shell.Result result = shell.run("backends", "add", "giant");
        assertThat(result).isEqualTo(new Shell.Result(0,
                "giant was added in %s; '--backend giant' chooses it, 'cambium backends' lists it%n"
                        .formatted(installed()),
                ""));
        assertThat(fetched).containsExactly("test:giant:1", "test:giant:jar:%s:1".formatted(Offers.platform()));
        assertThat(installed().resolve("giant.jar")).hasContent("the backend");
        assertThat(installed().resolve("natives.jar")).hasContent("the natives");
        assertThat(folder.resolve("backends")).isDirectoryNotContaining("glob:**/.*");
    }

    @Test
    void add_of_what_is_there_says_so_and_fetches_nothing() {
        shell.run("backends", "add", "giant");
        fetched.clear();
        assertThat(shell.run("backends", "add", "giant"))
                .isEqualTo(new Shell.Result(0, "giant is already there, in %s%n".formatted(installed()), ""));
        assertThat(fetched).isEmpty();
    }

    @Test
    void add_replaces_what_an_older_distribution_added() throws IOException {
        shell.run("backends", "add", "giant");
        Files.writeString(folder.resolve("optional/giant/giant.jar"), "the newer backend");
        assertThat(shell.run("backends", "add", "giant").code()).isZero();
        assertThat(installed().resolve("giant.jar")).hasContent("the newer backend");
    }

    @Test
    void remove_takes_it_away() {
        shell.run("backends", "add", "giant");
        assertThat(shell.run("backends", "remove", "giant"))
                .isEqualTo(new Shell.Result(0, "giant was taken away%n".formatted(), ""));
        assertThat(folder.resolve("backends")).isEmptyDirectory();
        assertThat(folder.resolve("natives.jar")).hasContent("the natives");
    }

    @Test
    void names_that_are_unknown_get_a_suggestion() {
        assertThat(shell.run("backends", "add", "gaint")).isEqualTo(usageError(
                "cambium: unknown backend 'gaint' (did you mean 'giant'?); there can be added: giant", "add"));
        assertThat(shell.run("backends", "remove", "giant"))
                .isEqualTo(usageError("cambium: no backend 'giant' was added; none was", "remove"));
    }

    @Test
    void platform_that_it_does_not_exist_for_is_named() {
        assertThat(shell.run("backends", "add", "giant", "--gpu")).isEqualTo(new Shell.Result(1, "",
                "cambium: backend 'giant' does not exist for graphics cards on %s; it exists for: vms-vax%n"
                        .formatted(Offers.platform())));
    }

    @Test
    void what_cannot_be_fetched_adds_nothing() {
        Shell.Result result = new Shell(folder).run("backends", "add", "giant");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).startsWith("cambium: can't fetch [test:giant:1");
        assertThat(folder.resolve("backends")).doesNotExist();
    }

    @Test
    void folder_that_cannot_be_written_is_named() throws IOException {
        Files.writeString(folder.resolve("backends"), "a file in the way");
        Shell.Result result = shell.run("backends", "add", "giant");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).startsWith("cambium: can't write %s: ".formatted(installed())).hasLineCount(1);
    }

    @Test
    void where_nothing_is_offered_the_reason_is_given() throws IOException {
        Files.move(folder.resolve("optional"), folder.resolve("elsewhere"));
        assertThat(shell.run("backends", "add", "giant").err()).isEqualTo(
                "cambium: nothing can be added here: this program does not run from a distribution, which has a folder 'optional'%n"
                        .formatted());
    }

    @Test
    void unknown_backend_that_can_be_added_gets_the_command() {
        Shell.Result result = shell.run("train", "--backend", "giant", "--dataset", "strokes");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("unknown backend 'giant'; there are: cpu",
                "; 'cambium backends add giant' fetches giant");
        assertThat(shell.run("backends").out())
                .contains("giant can be added: 'cambium backends add giant' fetches it.");
    }

    @Test
    void unknown_backend_of_an_experiment_that_can_be_added_gets_the_command() throws IOException {
        Path file = Files.writeString(folder.resolve("experiment.yaml"), "backend: {type: giant, threads: 2}");
        Shell.Result result = shell.run("train", file.toString());
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("experiment.yaml:1:17: unknown backend 'giant'; there are: cpu",
                "; 'cambium backends add giant' fetches giant");
    }

    @Test
    void broken_add_on_is_listed_and_does_no_other_harm() throws IOException {
        shell.run("backends", "add", "giant");
        Shell.Result list = shell.run("backends");
        assertThat(list.code()).isZero();
        assertThat(list.out()).containsPattern("cpu +\\S+ +0  cpu \\(").contains(
                "%s was refused: it is no jar that can be read (".formatted(installed()),
                "'cambium backends remove giant' takes it away");
        Shell.Result train = shell.run("train", "--backend", "giant", "--dataset", "strokes");
        assertThat(train.code()).isEqualTo(2);
        assertThat(train.err()).contains("unknown backend 'giant'; there are: cpu",
                "%s: it is no jar that can be read (".formatted(installed()));
        assertThat(shell.run("backends", "remove", "giant").code()).isZero();
    }

    private static Shell.Result usageError(String message, String command) {
        return new Shell.Result(2, "",
                "%s%n'cambium backends %s --help' says what can be asked for.%n".formatted(message, command));
    }
}
