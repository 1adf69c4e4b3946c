package dev.cambium.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PicturesTest {
    @TempDir
    private Path folder;

    @Test
    void each_file_of_results_becomes_a_picture() throws IOException {
        Measurements.of("contender", "ratio").with("cambium-cpu", Double.NaN).with("tensorflow", 1.1).with("djl", 1.9)
                .write(folder.resolve("compare.csv"));
        Measurements.of("network", "width", "batch", "threads", "ratio", "ratio to dense")
                .with("reference CNN", 1.0, 50, 1, 1.2, 1.3).with("reference CNN", 1.0, 100, 1, 1.1, Double.NaN)
                .with("reference CNN", 2.0, 50, 1, 1.1, Double.NaN).with("MLP", 1.0, 128, 1, 0.9, 1.0)
                .write(folder.resolve("sweep.csv"));
        Measurements.of("kernel", "density", "time to dense").with("product", "", Double.NaN).with("sparse", 1.0, 0.1)
                .with("sparse", 100.0, 1.2).write(folder.resolve("kernels.csv"));
        Measurements.of("kernel", "milliseconds", "operations ÷ peak", "bytes ÷ bandwidth")
                .with("fc1 matmul", 1.5, 0.7, 0.3).with("fc1 elementwise", 1.2, 0.0, 1.1)
                .write(folder.resolve("roofline.csv"));
        Pictures.main(new String[] {folder.toString(), folder.resolve("images").toString()});
        assertThat(size("compare")).isEqualTo("640 × 480");
        assertThat(size("sweep")).isEqualTo("1920 × 480");
        assertThat(size("kernels")).isEqualTo("640 × 480");
        assertThat(size("roofline")).isEqualTo("640 × 480");
    }

    @Test
    void without_densities_there_is_nothing_to_draw() throws IOException {
        Measurements dense = Measurements.of("kernel", "density", "time to dense").with("product", "", Double.NaN);
        Path picture = folder.resolve("kernels.png");
        assertThat(Pictures.draw("kernels", dense, picture)).isFalse();
        assertThat(Files.exists(picture)).isFalse();
    }

    private String size(String name) throws IOException {
        BufferedImage image = ImageIO.read(folder.resolve("images").resolve(name + ".png").toFile());
        return image.getWidth() + " × " + image.getHeight();
    }
}
