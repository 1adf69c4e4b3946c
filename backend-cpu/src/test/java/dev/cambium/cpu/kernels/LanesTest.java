package dev.cambium.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.cambium.tensor.Op.BinaryKind;
import dev.cambium.tensor.Op.CompareKind;
import dev.cambium.tensor.Op.UnaryKind;

/** The vector lanes, compiled, against the scalar ones: the same bits for every length, whatever the values. */
@Tag("kernels")
class LanesTest {
    private static final int LONGEST = 70;
    private static final int SIZE = 4 * LONGEST;

    private final Lanes scalar = new ScalarLanes();
    private final Lanes best = Lanes.best();
    private final Random random = new Random(1);

    @BeforeAll
    static void compile() {
        Elementwise.warmUp();
        Reductions.warmUp();
        RandomBits.warmUp();
        Pooling.warmUp();
    }

    @Test
    void vectors_are_used_unless_there_is_a_limitation() {
        assertThat(best.getClass().getSimpleName())
                .isEqualTo(Products.limitation().isEmpty() ? "VectorLanes" : "ScalarLanes");
    }

    @ParameterizedTest
    @EnumSource(value = UnaryKind.class, mode = EnumSource.Mode.EXCLUDE, names = "NOT")
    void functions_of_one_element_agree(UnaryKind kind) {
        for (int n = 1; n <= LONGEST; n++) {
            float[] x = Samples.special(SIZE, n);
            float[] expected = x.clone();
            float[] actual = x.clone();
            int length = n;
            scalar.unary(kind, expected, 3, expected, 3, length);
            best.unary(kind, actual, 3, actual, 3, length);
            assertSameBits(actual, expected);
            float[] apart = new float[SIZE];
            best.unary(kind, x, 3, apart, 5, length);
            assertSameBits(Arrays.copyOfRange(apart, 5, 5 + n), Arrays.copyOfRange(expected, 3, 3 + n));
        }
    }

    @ParameterizedTest
    @EnumSource(value = BinaryKind.class, names = {"ADD", "SUB", "MUL", "DIV", "POW", "MAX", "MIN"})
    void functions_of_two_elements_agree(BinaryKind kind) {
        for (int n = 1; n <= LONGEST; n++) {
            for (int steps = 0; steps < 4; steps++) {
                float[] x = Samples.special(SIZE, 5 * n + steps);
                float[] expected = x.clone();
                float[] actual = x.clone();
                scalar.binary(kind, x, 1, steps & 1, x, LONGEST, steps >> 1, expected, 9, n);
                best.binary(kind, x, 1, steps & 1, x, LONGEST, steps >> 1, actual, 9, n);
                assertSameBits(actual, expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(CompareKind.class)
    void comparisons_agree(CompareKind kind) {
        for (int n = 1; n <= LONGEST; n++) {
            for (int steps = 0; steps < 4; steps++) {
                float[] x = Samples.special(SIZE, 5 * n + steps);
                byte[] expected = new byte[SIZE];
                byte[] actual = new byte[SIZE];
                scalar.compare(kind, x, 1, steps & 1, x, LONGEST, steps >> 1, expected, 2, n);
                best.compare(kind, x, 1, steps & 1, x, LONGEST, steps >> 1, actual, 2, n);
                assertThat(actual).isEqualTo(expected);
            }
        }
    }

    @Test
    void selections_agree() {
        for (int n = 1; n <= LONGEST; n++) {
            for (int steps = 0; steps < 8; steps++) {
                float[] x = Samples.special(SIZE, 9 * n + steps);
                byte[] condition = new byte[SIZE];
                for (int i = 0; i < SIZE; i++) {
                    condition[i] = (byte) random.nextInt(2);
                }
                float[] expected = x.clone();
                float[] actual = x.clone();
                scalar.select(condition, 3, steps >> 2, x, 1, steps & 1, x, LONGEST, (steps >> 1) & 1, expected, 2, n);
                best.select(condition, 3, steps >> 2, x, 1, steps & 1, x, LONGEST, (steps >> 1) & 1, actual, 2, n);
                assertSameBits(actual, expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(CompareKind.class)
    void compare_and_select_agrees(CompareKind kind) {
        for (int n = 1; n <= LONGEST; n += 3) {
            for (int steps = 0; steps < 16; steps++) {
                float[] x = Samples.special(SIZE, 17 * n + steps);
                float[] expected = x.clone();
                float[] actual = x.clone();
                scalar.selectCompare(kind, x, 0, steps & 1, x, LONGEST, (steps >> 1) & 1, x, 2 * LONGEST,
                        (steps >> 2) & 1,
                        x, 3 * LONGEST, steps >> 3, expected, 4, n);
                best.selectCompare(kind, x, 0, steps & 1, x, LONGEST, (steps >> 1) & 1, x, 2 * LONGEST,
                        (steps >> 2) & 1,
                        x, 3 * LONGEST, steps >> 3, actual, 4, n);
                assertSameBits(actual, expected);
            }
        }
    }

    @Test
    void random_blocks_agree() {
        for (int blocks = 1; blocks < 40; blocks++) {
            long seed = random.nextLong();
            long step = random.nextLong();
            int block = random.nextInt();
            int[] expected = new int[200];
            int[] actual = new int[200];
            scalar.randomBlocks(seed, blocks, step, block, expected, 3, blocks);
            best.randomBlocks(seed, blocks, step, block, actual, 3, blocks);
            assertThat(actual).isEqualTo(expected);
        }
    }

    @Test
    void extremes_of_runs_agree() {
        for (int n = 1; n < 300; n++) {
            float[] x = n % 2 == 0 ? Samples.normal(n + 5, n) : Samples.special(n + 5, n);
            assertSameBits(new float[] {best.max(x, 5, n), best.min(x, 5, n)},
                    new float[] {scalar.max(x, 5, n), scalar.min(x, 5, n)});
        }
    }

    @Test
    void sums_of_runs_agree() {
        float[] x = Samples.normal(2_100, 3);
        for (int n = 0; n < 2_080; n += n < 100 ? 1 : 7) {
            assertThat(best.sum(x, 5, n)).as("%d", n).isEqualTo(scalar.sum(x, 5, n));
        }
    }

    @Test
    void sums_of_rows_agree() {
        float[] x = Samples.normal(60_000, 2);
        for (int[] dims : new int[][] {{1}, {2}, {63}, {64}, {65}, {200}, {3, 70}, {2, 3, 5}, {0}, {3, 0}}) {
            int[] strides = {5_000, 1_000, 90};
            strides = Arrays.copyOfRange(strides, 3 - dims.length, 3);
            for (int columns = 1; columns <= LONGEST; columns += 3) {
                float[] expected = new float[SIZE];
                float[] actual = new float[SIZE];
                scalar.sumRows(x, 7, dims, strides, expected, 2, columns);
                best.sumRows(x, 7, dims, strides, actual, 2, columns);
                assertSameBits(actual, expected);
            }
        }
    }

    @Test
    void windows_agree() {
        for (int channels = 1; channels <= LONGEST; channels++) {
            float[] x = Samples.special(10 * LONGEST, channels);
            float[] y = Samples.normal(10 * LONGEST, channels);
            float[] expected = y.clone();
            float[] actual = y.clone();
            scalar.maxPool(x, 1, 3 * LONGEST, LONGEST, 3, 2, channels, expected, 2);
            best.maxPool(x, 1, 3 * LONGEST, LONGEST, 3, 2, channels, actual, 2);
            assertSameBits(actual, expected);
            scalar.maxPoolPick(x, 1, 3 * LONGEST, LONGEST, 3, 2, channels, y, 1, expected, 2);
            best.maxPoolPick(x, 1, 3 * LONGEST, LONGEST, 3, 2, channels, y, 1, actual, 2);
            assertSameBits(actual, expected);
            scalar.maxPoolGradient(x, 1, 3 * LONGEST, LONGEST, 3, 2, channels, y, 3, expected, 2);
            best.maxPoolGradient(x, 1, 3 * LONGEST, LONGEST, 3, 2, channels, y, 3, actual, 2);
            assertSameBits(actual, expected);
        }
    }

    @Test
    void rows_of_two_by_two_windows_agree() {
        for (int channels = 1; channels <= LONGEST; channels++) {
            float[] x = Samples.special(13 * LONGEST, channels);
            float[] y = Samples.normal(13 * LONGEST, channels);
            float[] expected = y.clone();
            float[] actual = y.clone();
            scalar.maxPoolQuads(x, 1, 6 * LONGEST, 2 * channels, 3, channels, expected, 2);
            best.maxPoolQuads(x, 1, 6 * LONGEST, 2 * channels, 3, channels, actual, 2);
            assertSameBits(actual, expected);
            scalar.maxPoolQuadsGradient(x, 1, 6 * LONGEST, 2 * channels, 3, channels, y, 3, expected, 2);
            best.maxPoolQuadsGradient(x, 1, 6 * LONGEST, 2 * channels, 3, channels, y, 3, actual, 2);
            assertSameBits(actual, expected);
            float[] winners = new float[3 * LONGEST];
            float[] sameWinners = new float[3 * LONGEST];
            scalar.maxPoolQuadsWinners(x, 1, 6 * LONGEST, 2 * channels, 3, channels, expected, 2, winners, 0);
            best.maxPoolQuadsWinners(x, 1, 6 * LONGEST, 2 * channels, 3, channels, actual, 2, sameWinners, 0);
            assertSameBits(actual, expected);
            assertThat(sameWinners).isEqualTo(winners);
            scalar.maxPoolQuadsScatter(winners, 0, 6 * LONGEST, 2 * channels, 3, channels, y, 3, expected, 2);
            best.maxPoolQuadsScatter(winners, 0, 6 * LONGEST, 2 * channels, 3, channels, y, 3, actual, 2);
            assertSameBits(actual, expected);
        }
    }

    @Test
    void warming_up_takes_the_best_lanes_into_use() {
        var pooling = new LanesInUse(LanesWarmUp::pooling);
        assertThat(pooling.get()).isInstanceOf(ScalarLanes.class);
        boolean compiled = pooling.warmUp(); // which the JVM decides
        assertThat(pooling.get()).isInstanceOf(compiled ? best.getClass() : ScalarLanes.class);
    }

    /** Equal to the bit, but for which NaN it is. */
    private static void assertSameBits(float[] actual, float[] expected) {
        for (int i = 0; i < expected.length; i++) {
            if (Float.floatToIntBits(actual[i]) != Float.floatToIntBits(expected[i])) {
                assertThat(actual[i]).as("element %d", i).isEqualTo(expected[i]);
            }
        }
    }
}
