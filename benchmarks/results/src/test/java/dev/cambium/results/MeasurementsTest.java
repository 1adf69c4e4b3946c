package dev.cambium.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasurementsTest {
    private final Measurements some = Measurements.of("network", "batch", "ratio").with("MLP", 128, 1.25)
            .with("CNN", 50, Double.NaN);

    @Test
    void what_is_written_is_read(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("results").resolve("sweep.csv");
        some.write(file);
        assertThat(file).hasContent("network,batch,ratio\nMLP,128,1.25000\nCNN,50,\n");
        assertThat(Measurements.read(file)).isEqualTo(some);
        try (Stream<Path> files = Files.list(folder.resolve("results"))) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void rows_are_chosen_by_their_cells() {
        assertThat(some.where("network", "MLP").numbers("ratio")).containsExactly(1.25);
        assertThat(some.having("ratio").texts("network")).containsExactly("MLP");
        assertThatThrownBy(() -> some.texts("width"))
                .hasMessage("there is no column 'width', only [network, batch, ratio]");
    }

    @Test
    void a_row_with_too_few_cells_is_refused(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("x.csv"), "a,b\n1,2\n3\n");
        assertThatThrownBy(() -> Measurements.read(file)).isInstanceOf(IOException.class)
                .hasMessageEndingWith("x.csv is no table: 1 cells for 2 columns: [3]");
    }

    @Test
    void a_comma_within_a_cell_is_refused() {
        assertThatThrownBy(() -> Measurements.of("name").with("one, two")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_ratio_is_the_median_of_the_ratios() {
        // Not 30 / 20, the ratio of the medians.
        assertThat(Medians.ratio(List.of(10.0, 30.0, 40.0), List.of(20.0, 20.0, 10.0))).isEqualTo(1.5);
        assertThat(Medians.ratio(List.of(10.0, 20.0, 90.0), List.of(10.0, 40.0, 30.0))).isEqualTo(1);
        assertThatThrownBy(() -> Medians.ratio(List.of(1.0), List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_table_is_aligned() {
        assertThat(MarkdownTable.of(1, List.of("network", "n"), List.of(List.of("MLP", "1,024"), List.of("a", "5"))))
                .isEqualTo("""
                        | network |     n |
                        | ------- | ----: |
                        | MLP     | 1,024 |
                        | a       |     5 |
                        """);
    }
}
