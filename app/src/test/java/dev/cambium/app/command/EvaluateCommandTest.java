package dev.cambium.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cambium.models.Safetensors;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;

@Tag("classpath")
class EvaluateCommandTest {
    @TempDir
    private Path folder = Path.of("");
    private Shell shell = new Shell(folder);
    private Path run = folder;
    private Path weights = folder;
    private Shell.Result training = new Shell.Result(0, "", "");

    @BeforeEach
    void train() {
        shell = new Shell(folder);
        run = folder.resolve("run");
        weights = run.resolve("model.safetensors");
        training = shell.run("train", "--dataset", "strokes", "--network", "one-layer", "--epochs", "1", "--batch-size",
                "10", "--out", run.toString());
        assertThat(training.code()).as(training.err()).isZero();
    }

    @Test
    void gives_what_training_gave_at_its_end() {
        Shell.Result result = evaluate();
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        assertThat(result.out()).startsWith("%none-layer of %s on strokes:trainSize=40%n".formatted(run));
        String matrixAndAccuracy = training.out().substring(training.out().indexOf("Confusion matrix"),
                training.out().indexOf("Written to"));
        assertThat(result.out().strip()).endsWith(matrixAndAccuracy.strip());
    }

    @Test
    void other_dataset_can_be_named() {
        assertThat(shell.run("evaluate", run.toString(), "--dataset", "synthetic-digits").out())
                .startsWith("%none-layer of %s on synthetic-digits%n".formatted(run));
    }

    @Test
    void run_must_be_given() {
        Shell.Result result = shell.run("evaluate");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).startsWith("cambium: Missing required parameter: 'RUN'");
    }

    @Test
    void missing_run_is_named() {
        assertThat(shell.run("evaluate", "runs/none"))
                .isEqualTo(failed("there is no run runs/none: name the folder of one, such as runs/NAME"));
    }

    @Test
    void folder_that_is_no_run_is_named() {
        assertThat(shell.run("evaluate", folder.toString()))
                .isEqualTo(failed(folder + " is not the folder of a run: it has no settings.json"));
    }

    @Test
    void damaged_settings_are_named() throws IOException {
        Path settings = run.resolve("settings.json");
        String whole = Files.readString(settings);
        Files.writeString(settings, whole.substring(0, whole.length() / 2));
        assertThat(evaluate().err()).startsWith("cambium: " + settings + " does not hold the settings of a run: ");
        Files.writeString(settings, "{\"epochs\": 3}");
        assertThat(evaluate())
                .isEqualTo(failed(settings + " does not hold the settings of a run: 'started' is missing"));
        Files.writeString(settings, "");
        assertThat(evaluate()).isEqualTo(failed(settings + " does not hold the settings of a run: it is empty"));
    }

    @Test
    void missing_weights_are_named() throws IOException {
        Files.delete(weights);
        assertThat(evaluate()).isEqualTo(failed("can't read " + weights + ": no such file or folder"));
    }

    @Test
    void truncated_weights_are_named() throws IOException {
        byte[] whole = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(whole, whole.length - 100));
        Shell.Result result = evaluate();
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).startsWith("cambium: " + weights + " is damaged: ").hasLineCount(1);
    }

    @Test
    void weights_of_another_network_are_named() {
        Safetensors.write(weights, Map.of("fc.weight", NdArray.of(Shape.of(2, 3), 1f, 2f, 3f, 4f, 5f, 6f)), Map.of());
        assertThat(evaluate()).isEqualTo(failed("""
                %s does not fit one-layer: the weights are of another network:
                  fc.weight is float32[2, 3], but the network has float32[2, 784]
                  fc.bias float32[2] is missing""".formatted(weights)));
    }

    private Shell.Result evaluate() {
        return shell.run("evaluate", run.toString());
    }

    private static Shell.Result failed(String message) {
        return new Shell.Result(1, "", "cambium: " + message + System.lineSeparator());
    }
}
