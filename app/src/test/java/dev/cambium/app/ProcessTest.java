package dev.cambium.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.google.gson.JsonParser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own can show: signals, limits of the system, the locale, what is loaded. */
@EnabledOnOs(OS.LINUX)
class ProcessTest {
    private static final int PATIENCE_SECONDS = 120;

    @TempDir
    private Path folder = Path.of("");
    private Path run = folder;
    private Path output = folder;
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void name_files() {
        run = folder.resolve("run");
        output = folder.resolve("output.txt");
    }

    @AfterEach
    void end_processes() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void ctrl_c_ends_training_after_the_step_and_everything_is_written() throws Exception {
        Process training = start(List.of("env", "--default-signal=INT"), List.of(), "train", "--dataset",
                "strokes:trainSize=1000000", "--network", "one-layer", "--out", run.toString());
        waitForMetrics();
        interrupt(training);
        assertThat(exitCode(training)).as(Files.readString(output)).isZero();
        assertThat(output).content().contains("Stopping after this step and writing the results", "Written to " + run);
        assertThat(files()).containsExactly("confusion-matrix.png", "learning-curve.png", "metrics.jsonl",
                "model.safetensors", "samples.png", "settings.json");
        assertThat(Files.readAllLines(run.resolve("metrics.jsonl")).getLast()).contains("\"epoch\":1,",
                "\"test_accuracy\":");
    }

    @Test
    void second_ctrl_c_ends_the_process_and_leaves_nothing_half_written() throws Exception {
        Process training = start(List.of("env", "--default-signal=INT"), List.of(), "train", "--dataset", "patience",
                "--network", "one-layer", "--out", run.toString());
        waitForMetrics();
        interrupt(training);
        waitUntil(() -> Files.readString(output).contains("Stopping after this step"));
        Files.writeString(run.resolve(".model.safetensors.tmp"), "half a file");
        interrupt(training);
        assertThat(exitCode(training)).as(Files.readString(output)).isEqualTo(130);
        assertThat(files()).containsExactly("metrics.jsonl", "settings.json");
    }

    @Test
    void disk_that_is_full_at_the_weights_leaves_whole_files_only() throws Exception {
        Process training = start(limitedTo4096Bytes(), List.of(), "train", "--dataset", "strokes:trainSize=1000",
                "--network", "one-layer", "--epochs", "1", "--out", run.toString());
        assertThat(exitCode(training)).isEqualTo(1);
        assertThat(output).content().endsWith("cambium: can't write %s: File too large%n"
                .formatted(run.resolve("model.safetensors"))).doesNotContain("\tat ");
        assertThat(files()).containsExactly("metrics.jsonl", "settings.json");
    }

    @Test
    void disk_that_is_full_at_the_metrics_leaves_whole_lines_only() throws Exception {
        Process training = start(limitedTo4096Bytes(), List.of(), "train", "--dataset", "strokes:trainSize=100000",
                "--network", "one-layer", "--epochs", "1", "--out", run.toString());
        assertThat(exitCode(training)).isEqualTo(1);
        assertThat(output).content()
                .endsWith("cambium: can't write %s: file too large%n".formatted(run.resolve("metrics.jsonl")));
        assertThat(files()).containsExactly("metrics.jsonl", "settings.json");
        assertThat(run.resolve("metrics.jsonl")).content().endsWith("}\n");
        assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).hasSizeGreaterThan(20)
                .allSatisfy(line -> assertThat(JsonParser.parseString(line).isJsonObject()).isTrue());
    }

    @Test
    void output_is_ascii_where_the_locale_knows_no_more() throws Exception {
        Process plugins = start(List.of("env", "LC_ALL=C"), List.of(), "plugins");
        assertThat(exitCode(plugins)).isZero();
        assertThat(output).content(StandardCharsets.UTF_8).isASCII().contains("28x28");
    }

    @Test
    void version_loads_neither_wiring_nor_parts_nor_pictures() throws Exception {
        Path classes = folder.resolve("classes.txt");
        Process version = start(List.of(), List.of("-Xlog:class+load:file=" + classes), "--version");
        assertThat(exitCode(version)).isZero();
        assertThat(classes).content().contains("dev.cambium.app.command.TrainCommand").doesNotContain(
                "com.google.inject.", "com.google.common.", "com.google.gson.", "org.knowm.", "java.awt.",
                "dev.cambium.models.", "dev.cambium.datasets.", "dev.cambium.cpu.");
    }

    @Test
    void compiler_shows_its_stages_in_the_folder_that_the_environment_names() throws Exception {
        Path dump = folder.resolve("dump");
        String[] train = {"train", "--dataset", "strokes", "--network", "one-layer", "--max-steps", "1", "--out",
                run.toString()};
        assertThat(exitCode(start(List.of("env", "CAMBIUM_DUMP=" + dump), List.of(), train)))
                .as(Files.readString(output)).isZero();
        assertThat(dump.resolve("002/6-phases.txt")).content().contains("matmul", "in one-layer/fc");
        Path file = dump.resolve("002/6-phases.txt");
        assertThat(exitCode(start(List.of("env", "CAMBIUM_DUMP=" + file), List.of(), "train", "--dataset", "strokes",
                "--network", "one-layer", "--out", folder.resolve("other").toString()))).isEqualTo(1);
        assertThat(output).content().endsWith(("cambium: can't make the folder %s: a file of this name is in the way; "
                + "CAMBIUM_DUMP must name a folder that can be written to, or be unset%n").formatted(file));
        assertThat(folder.resolve("other")).doesNotExist();
    }

    private static List<String> limitedTo4096Bytes() {
        return List.of("sh", "-c", "ulimit -f 8 && exec \"$@\"", "sh"); // in units of 512 bytes
    }

    /** Starts the program on the class path, with the tiny parts as a plugin. */
    private Process start(List<String> before, List<String> options, String... arguments) throws IOException {
        Path services = Files.createDirectories(folder.resolve("plugin/META-INF/services"));
        Files.writeString(services.resolve("dev.cambium.part.PartProvider"), "dev.cambium.app.parts.TinyParts");
        Path tests = Path.of(System.getProperty("basedir", "."), "target", "test-classes");
        String path = Stream.of(folder.resolve("plugin").toString(), System.getProperty("java.class.path"),
                System.getProperty("jdk.module.path", ""), tests.toString()).filter(each -> !each.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
        var command = new ArrayList<>(before);
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m",
                "-XX:-UsePerfData", "-Dguice_bytecode_gen_option=DISABLED", "--add-modules", "jdk.incubator.vector"));
        command.addAll(options);
        command.addAll(List.of("-cp", path, "dev.cambium.app.Main"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        processes.add(process);
        return process;
    }

    private static void interrupt(Process process) throws Exception {
        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor()).isZero();
    }

    private static int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("the process ends").isTrue();
        return process.exitValue();
    }

    private void waitForMetrics() throws Exception {
        Path metrics = run.resolve("metrics.jsonl");
        waitUntil(() -> Files.exists(metrics) && Files.size(metrics) > 0);
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private void waitUntil(Condition condition) throws Exception {
        for (int i = 0; i < PATIENCE_SECONDS * 20 && !condition.holds(); i++) {
            Thread.sleep(50);
        }
        assertThat(condition.holds()).as(Files.readString(output)).isTrue();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(run)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
