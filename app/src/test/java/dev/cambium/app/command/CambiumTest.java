package dev.cambium.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cambium.app.wiring.Platform;

@Tag("classpath")
class CambiumTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void version_names_the_program() {
        assertThat(run("--version").out()).matches("cambium [0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?\\R");
        assertThat(run("train", "--version")).isEqualTo(run("--version"));
    }

    @Test
    void help_lists_all_commands() {
        Shell.Result help = run("--help");
        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("  train ", "  evaluate ", "  predict ", "  show ", "  summary ", "  backends ",
                "  plugins ", "  completion ", "Exit codes: 0 all done");
    }

    @Test
    void help_of_train_shows_options_and_defaults() {
        assertThat(run("train", "--help").out()).contains("--epochs=N", "Default: 15.", "--batch-size=N",
                "Default: 50.",
                "--learning-rate=X", "0.001 of adam.", "--seed=N", "--threads=N", "--backend=PART", "--device=DEVICE",
                "--dataset=PART", "--data=DIR", "--out=DIR", "--max-steps=N");
    }

    @Test
    void a_command_is_needed() {
        assertThat(run()).isEqualTo(usageError("cambium: a command is missing", "cambium"));
    }

    @Test
    void unknown_command_gets_a_suggestion() {
        assertThat(run("trian"))
                .isEqualTo(usageError("cambium: unknown command 'trian' (did you mean 'train'?)", "cambium"));
    }

    @Test
    void unknown_option_gets_a_suggestion() {
        assertThat(run("train", "--epoch=3")).isEqualTo(
                usageError("cambium: unknown option '--epoch' (did you mean '--epochs'?)", "cambium train"));
    }

    @Test
    void superfluous_argument_is_refused() {
        assertThat(run("summary", "mnist"))
                .isEqualTo(usageError("cambium: 'mnist' is one argument too many", "cambium summary"));
        assertThat(run("train", "my.yaml", "other.yaml"))
                .isEqualTo(usageError("cambium: 'other.yaml' is one argument too many", "cambium train"));
    }

    @Test
    void completion_knows_commands_and_options() {
        Shell.Result script = run("completion");
        assertThat(script.code()).isZero();
        assertThat(script.out()).startsWith("#!/usr/bin/env bash").contains("evaluate", "--max-steps",
                "--learning-rate");
    }

    @Test
    void defect_says_where_its_trace_was_written() throws Exception {
        Shell.Result result = run(() -> {
            throw new IllegalStateException("out of order");
        }, "summary");
        assertThat(result.code()).isEqualTo(70);
        Matcher message = Pattern.compile("""
                cambium: this should not have happened: java.lang.IllegalStateException: out of order
                It is a defect of Cambium or of a plugin; (.*) says where.
                """).matcher(result.err());
        assertThat(message.matches()).as(result.err()).isTrue();
        Path trace = Path.of(message.group(1));
        assertThat(trace).content().contains("IllegalStateException: out of order",
                "dev.cambium.app.command.CambiumTest");
        Files.delete(trace);
    }

    @Test
    void lack_of_memory_says_what_to_do() {
        Shell.Result result = run(() -> {
            throw new OutOfMemoryError("Java heap space");
        }, "summary");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).startsWith("cambium: out of memory: Java may use ")
                .contains("A smaller --batch-size needs less");
    }

    private Shell.Result run(String... arguments) {
        return new Shell(folder).run(arguments);
    }

    private static Shell.Result run(Supplier<Platform> platform, String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Cambium.commandLine(platform).setOut(new PrintWriter(out)).setErr(new PrintWriter(err))
                .execute(arguments);
        return new Shell.Result(code, out.toString(), err.toString());
    }

    private static Shell.Result usageError(String message, String command) {
        return new Shell.Result(2, "", "%s%n'%s --help' says what can be asked for.%n".formatted(message, command));
    }
}
