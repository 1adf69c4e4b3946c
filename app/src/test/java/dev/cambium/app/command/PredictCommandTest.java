package dev.cambium.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictCommandTest {
    @TempDir
    private Path folder = Path.of("");
    private Shell shell = new Shell(folder);
    private Path run = folder;

    @BeforeEach
    void train() {
        shell = new Shell(folder);
        run = shell.runs().resolve("first");
        assertThat(train(run, "strokes").code()).isZero();
    }

    private Shell.Result train(Path out, String dataset) {
        return shell.run("train", "--dataset", dataset, "--network", "one-layer", "--epochs", "3", "--batch-size", "10",
                "--learning-rate", "0.01", "--out", out.toString());
    }

    @Test
    void newest_run_says_what_the_picture_shows() throws IOException {
        Path picture = bar("upright.png", 8, 160);
        Shell.Result result = shell.run("predict", picture.toString());
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        assertThat(result.out()).matches("""
                one-layer of %s

                %s: upright, \\d\\d\\.\\d\\d %%
                    level  .{40} +\\d+\\.\\d\\d %%
                  upright  █+.+ +\\d\\d\\.\\d\\d %%
                """.formatted(run, picture));
    }

    @Test
    void newest_run_is_the_one_whose_weights_were_written_last() throws IOException {
        Path second = shell.runs().resolve("second");
        assertThat(train(second, "strokes").code()).isZero();
        Files.setLastModifiedTime(run.resolve("model.safetensors"),
                FileTime.from(Instant.parse("2030-01-01T00:00:00Z")));
        assertThat(shell.run("predict", bar("a.png", 8, 160).toString()).out())
                .startsWith("one-layer of " + run);
        Files.setLastModifiedTime(second.resolve("model.safetensors"),
                FileTime.from(Instant.parse("2031-01-01T00:00:00Z")));
        assertThat(shell.run("predict", bar("a.png", 8, 160).toString()).out())
                .startsWith("one-layer of " + second);
    }

    @Test
    void run_can_be_named() throws IOException {
        Path elsewhere = folder.resolve("elsewhere");
        assertThat(train(elsewhere, "strokes").code()).isZero();
        Shell.Result result = shell.run("predict", "--model", elsewhere.toString(),
                bar("level.png", 160, 8).toString());
        assertThat(result.out()).startsWith("one-layer of " + elsewhere).contains("level.png: level, ");
    }

    @Test
    void all_pictures_are_tried_though_one_is_none() throws IOException {
        Path none = Files.writeString(folder.resolve("note.png"), "not a picture");
        Path picture = bar("upright.png", 8, 160);
        Shell.Result result = shell.run("predict", none.toString(), picture.toString());
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo("cambium: %s is not a picture that can be read: neither PNG nor JPEG, GIF or BMP%n"
                        .formatted(none));
        assertThat(result.out()).contains("upright.png: upright, ");
    }

    @Test
    void picture_must_be_given() {
        Shell.Result result = shell.run("predict");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).startsWith("cambium: Missing required parameter: 'IMAGE'");
    }

    @Test
    void without_a_run_there_is_advice() {
        Path empty = folder.resolve("empty");
        Shell.Result result = new Shell(empty).run("predict", "seven.png");
        assertThat(result).isEqualTo(new Shell.Result(1, "",
                "cambium: there is no trained run in %s yet: make one with 'cambium train', or name one with --model%n"
                        .formatted(empty.resolve("runs"))));
    }

    /** A black bar in the middle of white paper. */
    private Path bar(String name, int width, int height) throws IOException {
        var image = new BufferedImage(240, 200, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, 240, 200);
        g.setColor(Color.BLACK);
        g.fillRect(120 - width / 2, 100 - height / 2, width, height);
        g.dispose();
        Path file = folder.resolve(name);
        assertThat(ImageIO.write(image, "png", file.toFile())).isTrue();
        return file;
    }
}
