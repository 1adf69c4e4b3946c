package dev.cambium.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionValuesTest {
    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "--epochs        | -3           | '-3' is not a whole number from 1 to 1,000,000",
            "--epochs        | many         | 'many' is not a whole number from 1 to 1,000,000",
            "--batch-size    | 0            | '0' is not a whole number from 1 to 1,000,000",
            "--batch-size    | 99999999999  | '99999999999' is not a whole number from 1 to 1,000,000",
            "--max-steps     | 0            | '0' is not a whole number of at least 1",
            "--threads       | -1           | '-1' is not a whole number from 0 to 1,024",
            "--threads       | 5000         | '5000' is not a whole number from 0 to 1,024",
            "--seed          | 1.5          | '1.5' is not a whole number of 64 bits",
            "--learning-rate | 0            | '0' is not a number above 0",
            "--learning-rate | NaN          | 'NaN' is not a number above 0",
            "--learning-rate | fast         | 'fast' is not a number above 0",
            "--dataset       | strokse      | unknown dataset 'strokse' (did you mean 'strokes'?); there are: mnist, numbers, patience, strokes, synthetic-digits, words",
            "--dataset       | strokes:n=3  | strokes has no setting 'n'; it has trainSize",
            "--dataset       | strokes:trainSize=0 | strokes.trainSize is '0', but must be a number of at least 1",
            "--dataset       | strokes:3    | '3' is no setting: write strokes:NAME=VALUE,…",
            "--optimizer     | adma         | unknown optimizer 'adma' (did you mean 'adam'?); there are: adam, adamw, sgd",
            "--optimizer     | adam:beta3=1 | adam has no setting 'beta3' (did you mean 'beta1'?); it has learningRate, beta1, beta2, epsilon, weightDecay",
            "--loss          | cross        | unknown loss 'cross'; there are: cross-entropy, nll",
            "--backend       | cpi          | unknown backend 'cpi' (did you mean 'cpu'?); there are: cpu"})
    void wrong_value_is_explained(String option, String value, String message) {
        Shell.Result result = new Shell(folder).run("train", option, value);
        assertThat(result.err()).isEqualTo(
                "cambium: Invalid value for option '%s': %s%n'cambium train --help' says what can be asked for.%n"
                        .formatted(option, message));
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void unknown_network_gets_a_suggestion() {
        Shell.Result result = new Shell(folder).run("summary", "--network", "mnist-cn");
        assertThat(result.err()).startsWith(
                "cambium: Invalid value for option '--network': unknown layer 'mnist-cn' (did you mean 'mnist-cnn'?)");
        assertThat(result.code()).isEqualTo(2);
    }

    @Test
    void wrong_shape_is_explained() {
        Shell.Result result = new Shell(folder).run("summary", "--input", "28,28");
        assertThat(result.err()).startsWith(
                "cambium: Invalid value for option '--input': '28,28' is no shape: write dimensions like 1x28x28");
        assertThat(result.code()).isEqualTo(2);
    }
}
