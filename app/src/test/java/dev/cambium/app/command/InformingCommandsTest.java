package dev.cambium.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code show}, {@code summary}, {@code backends} and {@code plugins}. */
@Tag("classpath")
class InformingCommandsTest {
    @TempDir
    private Path folder = Path.of("");
    private Shell shell = new Shell(folder);

    @BeforeEach
    void start() {
        shell = new Shell(folder);
    }

    @Test
    void show_prints_shapes_and_images() {
        Shell.Result result = shell.run("show", "--dataset", "strokes", "--batch-size", "6");
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        assertThat(result.out()).startsWith("""

                Data: strokes
                           images                  labels
                train      float32[40, 1, 28, 28]  int64[40]
                test       float32[12, 1, 28, 28]  int64[12]
                one batch  float32[6, 1, 28, 28]   int64[6]
                classes: level, upright

                level           upright         level           upright         level
                """).containsPattern("▒▒▒▒▒▒▒▒▒▒").hasLineCount(24);
    }

    @Test
    void show_writes_the_batch_as_png() throws IOException {
        Path picture = folder.resolve("samples.png");
        Shell.Result result = shell.run("show", "--dataset", "strokes", "--out", picture.toString());
        assertThat(result.out()).endsWith("%n40 images written to %s%n".formatted(picture));
        BufferedImage image = ImageIO.read(picture.toFile());
        assertThat(image.getWidth()).isEqualTo(12 + 10 * (84 + 12));
        assertThat(image.getHeight()).isEqualTo(12 + 4 * (84 + 20 + 12));
    }

    @Test
    void show_says_when_the_picture_cannot_be_written() {
        Path picture = folder.resolve("none").resolve("samples.png");
        Shell.Result result = shell.run("show", "--dataset", "strokes", "--out", picture.toString());
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo("cambium: can't write %s: there is no such file or folder%n".formatted(picture));
    }

    @Test
    void summary_shows_the_reference_network() {
        Shell.Result result = shell.run("summary");
        assertThat(result.code()).isZero();
        assertThat(result.out()).isEqualTo("""

                Network: mnist-cnn
                layer      kind       output        parameters       FLOPs
                mnist-cnn  MnistCnn   [10]                   0           0
                conv1      Conv2d     [32, 28, 28]         320     451,584
                conv2      Conv2d     [64, 14, 14]      18,496   7,225,344
                dropout    Dropout2d  [64, 7, 7]             0           0
                fc1        Linear     [1000]         3,137,000   6,272,000
                fc2        Linear     [10]              10,010      20,000
                total                                3,165,826  13,968,928
                FLOPs are those of one image forwards; a training step takes about three times as many.
                """);
    }

    @Test
    void summary_names_the_layer_that_an_input_does_not_fit() {
        Shell.Result result = shell.run("summary", "--input", "1x3x3");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).startsWith("cambium: mnist-cnn: max_pool2d: ").contains("float32[1, 64, 1, 1]")
                .hasLineCount(1);
    }

    @Test
    void backends_lists_the_pure_java_one() {
        Shell.Result result = shell.run("backends");
        assertThat(result.code()).isZero();
        assertThat(result.out()).startsWith("%nBackends, the default first%n".formatted())
                .containsPattern("name +version +priority +devices +description")
                .containsPattern("cpu +\\S+ +0  cpu \\(");
    }

    @Test
    void plugins_lists_parts_with_settings_and_origin() {
        Shell.Result result = shell.run("plugins");
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("Datasets", "Networks and layers", "Losses", "Optimizers", "Metrics")
                .containsPattern(
                        "strokes +\\S+ +level and upright strokes\\R +trainSize: images to learn from; default 40")
                .containsPattern("adam +\\S*models\\S* +Adam").doesNotContain("Left out");
    }

    @Test
    void describe_shows_settings_with_values_defaults_and_meanings() {
        Shell.Result one = shell.run("describe", "optimizer", "sgd");
        assertThat(one.code()).isZero();
        assertThat(one.out()).contains("sgd: stochastic gradient descent, with momentum if wanted")
                .containsPattern("momentum +a number of at least 0 +0\\.0 +how much of the last step's direction stays")
                .doesNotContain("adam");
        assertThat(shell.run("describe").out()).contains("experiment", "batchSize", "Schedules", "cosine",
                "Callbacks", "early-stopping", "strokes");
        assertThat(shell.run("describe", "--schema").out()).startsWith("{").contains("\"const\": \"strokes\"");
        assertThat(shell.run("describe", "--markdown").out()).startsWith("# Parts").contains("### strokes");
    }

    @Test
    void describe_suggests_what_was_meant() {
        assertThat(shell.run("describe", "layr").err())
                .startsWith("cambium: unknown kind 'layr' (did you mean 'layer'?); there are: experiment, dataset");
        assertThat(shell.run("describe", "layer", "conv2").err())
                .startsWith("cambium: unknown layer 'conv2' (did you mean 'conv2d'?)");
    }
}
