package dev.cambium.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cambium.cpu.kernels.Matmul.Layout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("kernels")
class EntriesProductTest {
    /** Room before and behind sums and results, which must come out untouched. */
    private static final int MARGIN = 21;
    private static final double[] DENSITIES = {0, 0.02, 0.3, 1};

    static Stream<Products> implementations() {
        return Stream.of(Products.best(), Products.scalar());
    }

    private static float[] left(int size, double density) {
        var random = new Random(size);
        float[] left = new float[size];
        for (int i = 0; i < size; i++) {
            left[i] = random.nextDouble() < density ? (float) random.nextGaussian() : 0;
        }
        return left;
    }

    private static float[] right(int size) {
        var random = new Random(size + 1L);
        float[] right = new float[size];
        for (int i = 0; i < size; i++) {
            right[i] = (float) random.nextGaussian();
        }
        return right;
    }

    /** All parts, the last one first, with garbage where results go. */
    private static float[] product(Products products, int rows, int columns, int inner, float[] left, float[] right,
            boolean transposed) {
        Layout a = transposed ? Layout.rowMajor(inner, rows).transposed() : Layout.rowMajor(rows, inner);
        Layout b = transposed ? Layout.rowMajor(columns, inner).transposed() : Layout.rowMajor(inner, columns);
        var lists = RowLists.byPiece(rows, inner);
        float[] values = new float[lists.values()];
        int[] numbers = new int[lists.numbers()];
        int[] counts = IntStream.range(0, lists.counts(a)).map(i -> lists.count(products, i, left, 0, a)).toArray();
        for (int part = lists.parts() - 1; part >= 0; part--) {
            lists.make(products, part, left, 0, a, counts, 0, values, 0, numbers, 0, new float[lists.scratch()], 0);
        }
        var kernel = new EntriesProduct(products, lists, columns, a, b);
        float[] sums = garbage(kernel.sums() + 2 * MARGIN);
        float[] result = garbage(rows * columns + 2 * MARGIN);
        for (int part = kernel.parts() - 1; part >= 0; part--) {
            kernel.run(part, values, 0, numbers, 0, left, 0, right, 0, sums, MARGIN, garbage(kernel.scratch()), 0);
        }
        kernel.join(0, rows / 2, sums, MARGIN, result, MARGIN, columns);
        kernel.join(rows / 2, rows, sums, MARGIN, result, MARGIN, columns);
        for (float[] array : new float[][] {sums, result}) {
            for (int i = 0; i < MARGIN; i++) {
                assertThat(array[i]).isNaN();
                assertThat(array[array.length - 1 - i]).isNaN();
            }
        }
        return Arrays.copyOfRange(result, MARGIN, result.length - MARGIN);
    }

    private static float[] garbage(int size) {
        float[] values = new float[size];
        Arrays.fill(values, Float.NaN);
        return values;
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void results_are_those_of_a_triple_loop(Products products) {
        for (double density : DENSITIES) {
            for (boolean transposed : new boolean[] {false, true}) {
                check(products, 50, 1000, 700, density, transposed);
                check(products, 1100, 131, 50, density, transposed);
                check(products, 3, 517, 129, density, transposed);
                check(products, 1, 257, 65, density, transposed);
            }
        }
    }

    private static void check(Products products, int rows, int columns, int inner, double density,
            boolean transposed) {
        float[] left = left(rows * inner, density);
        float[] right = right(inner * columns);
        float[] result = product(products, rows, columns, inner, left, right, transposed);
        double allowed = 4e-6 * Math.sqrt(inner);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                double exact = 0;
                for (int k = 0; k < inner; k++) {
                    exact += (double) left[transposed ? k * rows + i : i * inner + k]
                            * right[transposed ? j * inner + k : k * columns + j];
                }
                assertThat(Math.abs(result[i * columns + j] - exact)).isLessThanOrEqualTo(allowed);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void one_element_that_is_not_finite_comes_out_where_zeros_meet_it(float planted) {
        for (Products products : implementations().toList()) {
            float[] left = new float[4 * 100];
            left[7] = 2;
            float[] right = new float[100 * 256];
            right[50 * 256 + 77] = planted;
            float[] result = product(products, 4, 256, 100, left, right, false);
            for (int i = 0; i < result.length; i++) {
                assertThat(Float.isNaN(result[i])).isEqualTo(i % 256 == 77);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void lists_that_nothing_would_use_are_not_made(Products products) {
        int rows = 37;
        int columns = 130;
        for (double density : new double[] {0.1, 0.9}) {
            float[] matrix = left(rows * columns, density);
            for (Layout layout : List.of(Layout.rowMajor(rows, columns), Layout.rowMajor(columns, rows).transposed())) {
                var lists = RowLists.byPiece(rows, columns);
                int[] counts = IntStream.range(0, lists.counts(layout))
                        .map(i -> lists.count(products, i, matrix, 0, layout)).toArray();
                int entries = 0;
                for (float value : matrix) {
                    entries += value != 0 ? 1 : 0;
                }
                assertThat(Arrays.stream(counts).sum()).isEqualTo(entries);
                float[] values = garbage(lists.values());
                int[] numbers = new int[lists.numbers()];
                for (int part = 0; part < lists.parts(); part++) {
                    lists.make(products, part, matrix, 0, layout, counts, 0, values, 0, numbers, 0,
                            new float[lists.scratch()], 0);
                }
                assertThat(Float.isNaN(values[0])).isEqualTo(density > 0.5);
                assertThat(lists.density(numbers, 0)).isEqualTo(
                        density > 0.5 ? 1 : (double) entries / (rows * columns));
            }
        }
    }

    @Test
    void only_large_products_whose_columns_fill_vectors_are_worth_it() {
        assertThat(EntriesProduct.pays(Products.best(), 1, 50, 1000, 3136)).isTrue();
        assertThat(EntriesProduct.pays(Products.best(), 2, 50, 1000, 3136)).isFalse();
        assertThat(EntriesProduct.pays(Products.best(), 1, 50, 1, 3136)).isFalse();
        assertThat(EntriesProduct.pays(Products.best(), 1, 2, 200, 50)).isFalse();
    }
}
