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

/** Products whose right factor is packed once: by rows, by entries, and where another matrix has entries. */
@Tag("kernels")
class RowsProductTest {
    /** Room before and behind results, which must come out untouched. */
    private static final int MARGIN = 21;
    private static final double[] DENSITIES = {0, 0.05, 0.3, 0.9};

    static Stream<Products> implementations() {
        return Stream.of(Products.best(), Products.scalar());
    }

    /** C [m, n] = A [m, k] · B [k, n] with zeros in A; and E [k, m] = B · (C's shape)ᵀ, of which A's transpose says what is wanted. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Case(int rows, int inner, int columns, float[] a, float[] b, float[] w) {
        static Case of(int rows, int inner, int columns, double density) {
            var random = new Random(rows * 31L + inner * 7L + columns);
            float[] a = new float[rows * inner];
            for (int i = 0; i < a.length; i++) {
                a[i] = random.nextDouble() < density ? (float) random.nextGaussian() : 0;
            }
            return new Case(rows, inner, columns, a, gaussian(random, inner * columns),
                    gaussian(random, rows * columns));
        }

        private static float[] gaussian(Random random, int size) {
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = (float) random.nextGaussian();
            }
            return values;
        }

        double product(int i, int j) {
            double sum = 0;
            for (int k = 0; k < inner; k++) {
                sum += (double) a[i * inner + k] * b[k * columns + j];
            }
            return sum;
        }

        double dot(int k, int i) {
            double sum = 0;
            for (int j = 0; j < columns; j++) {
                sum += (double) b[k * columns + j] * w[i * columns + j];
            }
            return sum;
        }

        /** A's, whose transpose lies row-major as an input of a layer does. */
        RowLists lists(Products products, float[] values, int[] numbers) {
            var lists = RowLists.byRow(rows, inner);
            Layout layout = Layout.rowMajor(rows, inner);
            int[] counts = IntStream.range(0, lists.counts(layout)).map(i -> lists.count(products, i, a, 0, layout))
                    .toArray();
            for (int part = 0; part < lists.parts(); part++) {
                lists.make(products, part, a, 0, layout, counts, 0, values, 0, numbers, 0, new float[0], 0);
            }
            return lists;
        }

        PackedFactor factor(Products products) {
            return PackedFactor.of(products, inner, columns, Layout.rowMajor(inner, columns));
        }

        PackedFactor transposed(Products products) {
            return PackedFactor.forTiles(products, columns, inner, Layout.rowMajor(inner, columns).transposed());
        }

        float[] packed(PackedFactor factor) {
            float[] packed = new float[factor.size()];
            for (int panel = 0; panel < factor.panels(); panel++) {
                factor.pack(panel, b, 0, packed, 0);
            }
            return packed;
        }

        float[] rows(Products products, boolean sparse, int atOnce) {
            PackedFactor factor = factor(products);
            var kernel = new RowsProduct(factor, Layout.rowMajor(rows, inner), Layout.rowMajor(rows, columns));
            float[] scratch = garbage(kernel.scratch());
            float[] result = garbage(rows * columns + 2 * MARGIN);
            var shape = RowLists.byRow(rows, inner);
            float[] values = new float[shape.values()];
            int[] numbers = new int[shape.numbers()];
            RowLists lists = lists(products, values, numbers);
            float[] packed = packed(factor);
            for (int row = 0; row < rows; row += atOnce) {
                int end = Math.min(rows, row + atOnce);
                if (sparse) {
                    kernel.runSparse(row, end, lists, values, 0, numbers, 0, a, 0, packed, 0, result, MARGIN, scratch,
                            0);
                } else {
                    kernel.run(row, end, a, 0, packed, 0, result, MARGIN, scratch, 0);
                }
            }
            return within(result);
        }

        float[] sampled(Products products, int atOnce) {
            PackedFactor factor = factor(products);
            PackedFactor transposed = transposed(products);
            var kernel = new SampledProduct(factor, transposed, columns, rows);
            float[] scratch = garbage(kernel.scratch());
            float[] result = garbage(inner * rows + 2 * MARGIN);
            var shape = RowLists.byRow(rows, inner);
            int[] numbers = new int[shape.numbers()];
            RowLists lists = lists(products, new float[shape.values()], numbers);
            float[] packed = packed(factor);
            float[] packedTransposed = packed(transposed);
            for (int row = 0; row < rows; row += atOnce) {
                kernel.run(row, Math.min(rows, row + atOnce), lists, numbers, 0, w, 0, packed, 0, packedTransposed, 0,
                        result, MARGIN, scratch, 0);
            }
            return within(result);
        }

        /** What is sampled, and behind it the rows. */
        List<float[]> gradients(Products products, int atOnce) {
            PackedFactor factor = factor(products);
            PackedFactor transposed = transposed(products);
            var kernel = new LinearGradients(new SampledProduct(factor, transposed, columns, rows),
                    new RowsProduct(factor, Layout.rowMajor(rows, inner), Layout.rowMajor(rows, columns)));
            float[] scratch = garbage(kernel.scratch());
            float[] sampled = garbage(inner * rows + 2 * MARGIN);
            float[] result = garbage(rows * columns + 2 * MARGIN);
            var shape = RowLists.byRow(rows, inner);
            float[] values = new float[shape.values()];
            int[] numbers = new int[shape.numbers()];
            RowLists lists = lists(products, values, numbers);
            float[] packed = packed(factor);
            float[] packedTransposed = packed(transposed);
            for (int row = 0; row < rows; row += atOnce) {
                kernel.run(row, Math.min(rows, row + atOnce), lists, values, 0, numbers, 0, a, 0, w, 0, packed, 0,
                        packedTransposed, 0, sampled, MARGIN, result, MARGIN, scratch, 0);
            }
            return List.of(within(sampled), within(result));
        }
    }

    private static float[] within(float[] result) {
        for (int i = 0; i < MARGIN; i++) {
            assertThat(result[i]).isNaN();
            assertThat(result[result.length - 1 - i]).isNaN();
        }
        return Arrays.copyOfRange(result, MARGIN, result.length - MARGIN);
    }

    private static float[] garbage(int size) {
        float[] values = new float[size];
        Arrays.fill(values, Float.NaN);
        return values;
    }

    private static Stream<Case> cases(double density) {
        return Stream.of(Case.of(100, 50, 1000, density), Case.of(61, 130, 131, density),
                Case.of(25, 1, 257, density), Case.of(1, 600, 128, density));
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void rows_are_those_of_the_product_whether_entries_alone_are_visited_or_not(Products products) {
        for (double density : DENSITIES) {
            cases(density).forEach(each -> {
                double allowed = 4e-6 * Math.sqrt(each.inner);
                for (float[] result : new float[][] {each.rows(products, false, 7), each.rows(products, true, 31)}) {
                    for (int i = 0; i < each.rows; i++) {
                        for (int j = 0; j < each.columns; j++) {
                            assertThat(Math.abs(result[i * each.columns + j] - each.product(i, j)))
                                    .isLessThanOrEqualTo(allowed);
                        }
                    }
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void what_is_sampled_is_right_where_there_are_entries_and_zero_or_right_elsewhere(Products products) {
        for (double density : DENSITIES) {
            cases(density).forEach(each -> {
                float[] result = each.sampled(products, 30);
                double allowed = 4e-6 * Math.sqrt(each.columns);
                for (int k = 0; k < each.inner; k++) {
                    for (int i = 0; i < each.rows; i++) {
                        float value = result[k * each.rows + i];
                        if (value != 0 || each.a[i * each.inner + k] != 0) {
                            assertThat(Math.abs(value - each.dot(k, i))).isLessThanOrEqualTo(allowed);
                        }
                    }
                }
            });
        }
    }

    @Test
    void bits_depend_neither_on_vectors_nor_on_how_many_rows_are_computed_at_once() {
        for (double density : DENSITIES) {
            cases(density).forEach(each -> {
                assertThat(each.rows(Products.best(), true, 24)).isEqualTo(each.rows(Products.scalar(), true, 5));
                assertThat(each.rows(Products.best(), false, 24)).isEqualTo(each.rows(Products.scalar(), false, 5));
                assertThat(each.sampled(Products.best(), 24)).isEqualTo(each.sampled(Products.scalar(), 24));
                assertThat(each.sampled(Products.best(), 24)).isEqualTo(each.sampled(Products.best(), 5));
            });
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void both_gradients_at_once_have_the_bits_of_each_alone(Products products) {
        for (double density : DENSITIES) {
            cases(density).forEach(each -> assertThat(each.gradients(products, 29))
                    .containsExactly(each.sampled(products, 29), each.rows(products, true, 29)));
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void both_gradients_at_once_hide_nothing_that_one_of_them_alone_does_not(Products products) {
        for (float planted : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, 1e30f}) {
            Case each = Case.of(61, 50, 257, 0.1);
            each.w[30 * 257 + 100] = planted;
            assertThat(each.gradients(products, 29)).containsExactly(each.sampled(products, 29),
                    each.rows(products, true, 29));
            each.b[20 * 257 + 100] = planted;
            assertThat(each.gradients(products, 29)).containsExactly(each.sampled(products, 29),
                    each.rows(products, true, 29));
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e30f})
    void what_is_not_finite_or_becomes_so_is_never_hidden(float planted) {
        for (Products products : implementations().toList()) {
            Case each = Case.of(61, 50, 257, 0.1);
            each.b[20 * 257 + 100] = planted;
            each.w[30 * 257 + 100] = planted;
            float[] dense = each.rows(products, false, 24);
            float[] sparse = each.rows(products, true, 24);
            for (int i = 0; i < dense.length; i++) {
                assertThat(Float.isFinite(sparse[i])).isEqualTo(Float.isFinite(dense[i]));
            }
            float[] sampled = each.sampled(products, 24);
            for (int k = 0; k < each.inner; k++) {
                for (int i = 0; i < each.rows; i++) {
                    float exact = (float) each.dot(k, i);
                    if (!Float.isFinite(exact)) {
                        assertThat(Float.compare(sampled[k * each.rows + i], exact)).isZero();
                    }
                }
            }
        }
    }

    @Test
    void only_small_factors_of_some_width_are_packed() {
        assertThat(PackedFactor.pays(Products.best(), 50, 1000)).isTrue();
        assertThat(PackedFactor.pays(Products.best(), 3136, 1000)).isFalse();
        assertThat(PackedFactor.pays(Products.best(), 1000, 10)).isFalse();
        assertThat(PackedFactor.pays(Products.best(), 0, 1000)).isFalse();
    }
}
