package dev.cambium.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.cambium.app.terminal.Table.Column;
import dev.cambium.backend.Profile;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;

class TablesTest {
    private final StringWriter out = new StringWriter();
    private final Terminal plain = Terminal.plain(new PrintWriter(out), true);

    @Test
    void numbers_are_aligned_at_the_right() {
        new Table(Column.text("layer"), Column.number("parameters"), Column.text("kind"))
                .row("fc1", "3,137,000", "Linear")
                .row("dropout", "0", "").print(plain);
        assertThat(out).hasToString("""
                layer    parameters  kind
                fc1       3,137,000  Linear
                dropout           0
                """);
    }

    @Test
    void rows_must_fill_the_columns() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Table(Column.text("a")).row("1", "2"))
                .withMessage("2 cells for 1 columns");
    }

    private static Profile.Kernel kernel(String name, long nanos, long multiplyAdds, OptionalDouble density,
            String... paths) {
        return new Profile.Kernel(name, List.of(paths), name, 1_200, nanos, multiplyAdds, 4_000_000, density);
    }

    private static Profile profile(long nanos, Profile.Kernel... kernels) {
        return new Profile(Graph.of(new LinkedHashMap<>()), 10, nanos, 2, List.of(kernels), List.of());
    }

    @Test
    void profiles_are_added_up_by_kernel_and_layer() {
        var none = OptionalDouble.empty();
        ProfileTable.print(plain, List.of(
                profile(4_000_000, kernel("elementwise", 1_000_000, 0, none, "net/a", "net/b", "net/c"),
                        kernel("sparse_matmul", 2_000_000, 30_000_000, OptionalDouble.of(0.5), "net/fc")),
                profile(1_000_000, kernel("sparse_matmul", 1_000_000, 10_000_000, OptionalDouble.of(0.1), "net/fc"),
                        kernel("copy", 500_000, 0, none), kernel("copy", 200_000, 0, none))));
        assertThat(out.toString().lines().limit(9)).containsExactly("",
                "Where the time of 20 steps of 0.3 ms went, on 2 threads",
                "kernel                    layer             calls    ms     share  GFLOP/s  GB/s  visited",
                "sparse_matmul             net/fc            2,400   3.0   30.00 %     26.7   2.7  40.00 %",
                "elementwise               net/a and 2 more  1,200   1.0   10.00 %            4.0",
                "copy                                        1,200   0.5    5.00 %            8.0",
                "copy #2                                     1,200   0.2    2.00 %           20.0",
                "waiting, between kernels                            5.3   53.00 %",
                "total                                              10.0  100.00 %");
    }

    @Test
    void kernels_beyond_fifty_share_a_row() {
        ProfileTable.print(plain, List.of(profile(60_000_000, IntStream.range(0, 60)
                .mapToObj(i -> kernel("k" + i, 1_000_000, 0, OptionalDouble.empty())).toArray(Profile.Kernel[]::new))));
        assertThat(out.toString().lines()).hasSize(2 + 1 + 50 + 3 + 1)
                .anyMatch(line -> line.matches("10 others +12,000 +10.0 +8.33 %"));
    }

    @Test
    void lines_are_cut_only_where_somebody_is_watching() {
        var table = new Table(Column.text("name")).row("a".repeat(12));
        table.print(new Terminal(new PrintWriter(out), 10, true, false, true));
        table.print(new Terminal(new PrintWriter(out), 10, false, false, true));
        assertThat(out).hasToString("name\naaaaaaaaa…\nname\naaaaaaaaaaaa\n".replace("\n", System.lineSeparator()));
    }

    @Test
    void confusion_matrix_gives_counts_and_the_share_found() {
        ConfusionTable.print(plain, NdArray.of(Shape.of(3, 3), 950f, 0f, 50f, 1f, 1199f, 0f, 0f, 0f, 0f),
                List.of("0", "1", "2"));
        assertThat(out).hasToString("""

                Confusion matrix: rows are what it was, columns what was predicted
                     0    1    2     found
                0  950    ·   50   95.00 %
                1    1 1199    ·   99.92 %
                2    ·    ·    ·         -
                """);
    }

    @Test
    void long_class_names_are_cut_to_what_fits() {
        var names = List.of("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
                "Ankle boot");
        ConfusionTable.print(plain, NdArray.of(Shape.of(10, 10), new float[100]), names);
        assertThat(out.toString().lines().toList().get(2))
                .isEqualTo("            T-sh Trou Pull Dres Coat Sand Shir Snea  Bag Ankl     found");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void hits_are_green_and_mistakes_red() {
        ConfusionTable.print(new Terminal(new PrintWriter(out), 80, true, true, true),
                NdArray.of(Shape.of(2, 2), 3f, 1f, 0f, 4f), List.of("a", "b"));
        assertThat(out.toString()).contains("\033[32m    3\033[0m\033[31m    1\033[0m", "\033[2m    ·\033[0m");
    }

    @Test
    void bars_show_shares_to_an_eighth_of_a_character() {
        Bars.print(plain, List.of("8", "9"), List.of(0.740625, 0.259375));
        assertThat(out).hasToString("""
                  8  █████████████████████████████▋             74.06 %
                  9  ██████████▍                                25.94 %
                """);
    }

    @Test
    void bars_in_ascii_are_rounded() {
        Bars.print(Terminal.plain(new PrintWriter(out), false), List.of("8", "9"), List.of(0.74, 0.26));
        assertThat(out.toString()).contains("  8  " + "#".repeat(30) + " ", "  9  " + "#".repeat(10) + " ").isASCII();
    }

    @Test
    void images_are_drawn_in_shades_two_pixels_to_a_character() {
        // A white square of 2 × 2 in the middle of 4 × 4, and its upper half alone.
        var square = new Image(4, 4,
                new int[] {0, 0, 0, 0, 0, 0xFFFFFF, 0xFFFFFF, 0, 0, 0xFFFFFF, 0xFFFFFF, 0, 0, 0, 0, 0});
        var half = new Image(4, 4,
                new int[] {0xFFFFFF, 0xFFFFFF, 0, 0, 0xFFFFFF, 0xFFFFFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        ImageGrid.print(plain, List.of(square, half), List.of("1", "seven"));
        assertThat(out).hasToString("""
                1     seve
                 ▓▓   ██
                 ▓▓
                """);
    }

    @Test
    void images_in_colour_terminals_use_two_greys_a_character() {
        var image = new Image(2, 1, new int[] {0xFFFFFF, 0});
        ImageGrid.print(new Terminal(new PrintWriter(out), 80, true, true, true), List.of(image), List.of("x"));
        assertThat(out.toString()).contains("\033[38;5;255;48;5;232m▀\033[0m");
    }

    @Test
    void wide_images_are_shrunk_until_five_fit_in_a_row() {
        var image = new Image(28, 28, new int[28 * 28]);
        assertThat(ImageGrid.inARow(plain, 28)).isEqualTo(5);
        ImageGrid.print(plain, List.of(image, image, image, image, image, image),
                List.of("0", "1", "2", "3", "4", "5"));
        assertThat(out.toString().lines().filter(line -> !line.isBlank())).containsExactly(
                "0               1               2               3               4", "5");
    }

    @Test
    void numbers_read_the_same_everywhere() {
        assertThat(Numbers.count(60_000)).isEqualTo("60,000");
        assertThat(Numbers.percent(0.98326)).isEqualTo("98.33 %");
        assertThat(Numbers.loss(0.06131)).isEqualTo("0.0613");
        assertThat(Numbers.loss(1.25e12)).isEqualTo("1.25e+12");
        assertThat(Numbers.loss(Double.NaN)).isEqualTo("NaN");
        assertThat(Numbers.bytes(999)).isEqualTo("999 bytes");
        assertThat(Numbers.bytes(12_663_992)).isEqualTo("12.7 MB");
        assertThat(Numbers.bytes(999_960)).isEqualTo("1.0 MB");
        assertThat(Numbers.duration(Duration.ofMillis(7_400))).isEqualTo("0:07");
        assertThat(Numbers.duration(Duration.ofSeconds(3_723))).isEqualTo("1:02:03");
    }

    @Test
    void text_is_spelled_in_ascii_where_there_is_no_more() {
        var writer = new PrintWriter(new AsciiWriter(out), true);
        writer.println("28×28 → ‘α’ …");
        assertThat(out).hasToString("28x28 -> '?' ..." + System.lineSeparator());
    }
}
