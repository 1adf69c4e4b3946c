package dev.cambium.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packing of columns that lie side by side, as it is done once the transposition in registers is compiled. */
@Tag("kernels")
class TranspositionTest {
    private static final Products BEST = Products.best();

    /** Tries some times, as the backend does: a busy machine needs longer. */
    @BeforeAll
    static void compile() {
        boolean compiled = false;
        for (int attempt = 0; attempt < 5 && !compiled; attempt++) {
            compiled = BEST.warmUpTransposition();
        }
        assertThat(compiled).isTrue();
    }

    @Test
    void blocks_of_eight_columns_are_transposed() {
        assumeThat(BEST.lanes()).isGreaterThanOrEqualTo(8);
        float[] matrix = Samples.special(8 * 30, 1);
        float[] panel = new float[24 * 10];
        Transposition.pack(matrix, 4, 30, 24, panel, 1, 10);
        for (int step = 0; step < 24; step++) {
            for (int column = 0; column < 8; column++) {
                assertThat(Float.floatToRawIntBits(panel[1 + step * 10 + column]))
                        .isEqualTo(Float.floatToRawIntBits(matrix[4 + column * 30 + step]));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"8, 8, 8", "16, 24, 64", "13, 8, 64", "8, 11, 16", "27, 50, 50", "1, 9, 16", "98, 3, 4", "70, 16, 16",
            "130, 24, 32", "20, 40, 48"})
    void a_panel_holds_what_its_columns_do(int steps, int columns, int width) {
        int stride = steps + 5;
        float[] matrix = Samples.special(columns * stride + 3, steps);
        float[] expected = new float[steps * width + 2];
        float[] actual = new float[steps * width + 2];
        Products.scalar().pack(matrix, 3, 1, stride, steps, columns, expected, 1, width);
        BEST.pack(matrix, 3, 1, stride, steps, columns, actual, 1, width);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Float.floatToRawIntBits(actual[i])).isEqualTo(Float.floatToRawIntBits(expected[i]));
        }
        for (int step = 0; step < steps; step++) {
            for (int column = 0; column < columns; column++) {
                assertThat(Float.floatToRawIntBits(expected[1 + step * width + column]))
                        .isEqualTo(Float.floatToRawIntBits(matrix[3 + column * stride + step]));
            }
        }
    }
}
