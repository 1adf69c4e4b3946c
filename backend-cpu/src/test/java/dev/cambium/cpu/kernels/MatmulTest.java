package dev.cambium.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cambium.cpu.kernels.Matmul.Block;
import dev.cambium.cpu.kernels.Matmul.Layout;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("kernels")
class MatmulTest {
    @BeforeAll
    static void transpose_in_registers() {
        Products.best().warmUpTransposition();
    }

    /** Room before and behind every operand, which must come out untouched. */
    private static final int MARGIN = 21;

    static Stream<Products> implementations() {
        return Stream.of(Products.best(), Products.scalar());
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void small_sizes_agree_with_a_triple_loop_in_every_layout(Products products) {
        int[] sizes = {0, 1, 2, 5, 7, 17, 33};
        for (int rows : sizes) {
            for (int columns : sizes) {
                for (int inner : sizes) {
                    check(products, 1, rows, columns, inner, 0);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void sizes_around_tiles_and_panels_agree_with_a_triple_loop(Products products) {
        for (int rows = 1; rows < 32; rows++) {
            check(products, 1, rows, 1 + rows * 37 % 150, 19, rows % 4);
        }
        for (int columns = 1; columns < 140; columns++) {
            check(products, 1, 9, columns, 11, columns % 4);
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void large_sizes_agree_with_a_triple_loop(Products products) {
        check(products, 1, 50, 1000, 700, 1);
        check(products, 1, 311, 130, 50, 2);
        check(products, 1, 3, 517, 1025, 3);
        check(products, 1, 260, 65, 513, 0);
        check(products, 1, 1, 1, 3000, 0);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void batches_agree_with_a_triple_loop(Products products) {
        check(products, 8, 64, 64, 64, 0);
        check(products, 70, 5, 6, 7, 1);
        check(products, 3, 100, 40, 30, 3);
        check(products, 0, 4, 4, 4, 0);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void batch_stride_zero_uses_one_matrix_for_the_whole_batch(Products products) {
        var a = Layout.rowMajor(7, 9);
        var b = new Layout(11, 1, 0);
        check(products, 5, 7, 11, 9, a, b, Layout.rowMajor(7, 11));
        check(products, 5, 7, 11, 9, new Layout(9, 1, 0), Layout.rowMajor(9, 11), Layout.rowMajor(7, 11));
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void rows_may_lie_apart(Products products) {
        check(products, 2, 9, 40, 12, new Layout(20, 1, 300), new Layout(2, 31, 2000), new Layout(50, 1, 450));
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void parts_cover_the_result_exactly_once(Products products) {
        int[][] shapes = {{1, 50, 1000, 3136}, {1, 1000, 3136, 50}, {8, 64, 64, 64}, {40, 3, 5, 7}, {1, 1, 1, 1},
                {1, 2000, 10, 4000}, {1, 5, 0, 4}};
        for (int[] s : shapes) {
            var matmul = dense(products, s[0], s[1], s[2], s[3]);
            int[] owners = new int[s[0] * s[1] * s[2]];
            for (int part = 0; part < matmul.parts(); part++) {
                Block block = matmul.block(part);
                for (int n = block.batchFrom(); n < block.batchTo(); n++) {
                    for (int i = block.rowFrom(); i < block.rowTo(); i++) {
                        for (int j = block.columnFrom(); j < block.columnTo(); j++) {
                            owners[(n * s[1] + i) * s[2] + j]++;
                        }
                    }
                }
            }
            assertThat(Arrays.stream(owners).allMatch(n -> n == 1)).as(Arrays.toString(s)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void a_part_writes_only_its_block(Products products) {
        var matmul = dense(products, 1, 60, 300, 200);
        float[] a = random(60 * 200, 1);
        float[] b = random(200 * 300, 2);
        for (int part = 0; part < matmul.parts(); part++) {
            float[] c = new float[60 * 300];
            Arrays.fill(c, 1e9f);
            matmul.run(part, a, 0, b, 0, c, 0, false, new float[matmul.scratch()], 0);
            Block block = matmul.block(part);
            for (int i = 0; i < c.length; i++) {
                boolean owned = i / 300 >= block.rowFrom() && i / 300 < block.rowTo() && i % 300 >= block.columnFrom()
                        && i % 300 < block.columnTo();
                assertThat(c[i] == 1e9f).as("element %d of part %d untouched", i, part).isEqualTo(!owned);
            }
        }
    }

    @Test
    void both_implementations_give_the_same_bits() {
        for (int inner : new int[] {1, 3, 64, 255, 600}) {
            var shape = new int[] {1, 23, 77, inner};
            assertThat(product(Products.best(), shape)).isEqualTo(product(Products.scalar(), shape));
        }
    }

    private static float[] product(Products products, int[] s) {
        var matmul = dense(products, s[0], s[1], s[2], s[3]);
        float[] c = new float[s[1] * s[2]];
        for (int part = 0; part < matmul.parts(); part++) {
            matmul.run(part, random(s[1] * s[3], 1), 0, random(s[3] * s[2], 2), 0, c, 0, false,
                    new float[matmul.scratch()], 0);
        }
        return c;
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void nan_and_infinity_reach_exactly_the_elements_that_read_them(Products products) {
        int rows = 21;
        int columns = 70;
        int inner = 40;
        var matmul = dense(products, 1, rows, columns, inner);
        float[] a = random(rows * inner, 1);
        float[] b = random(inner * columns, 2);
        a[13 * inner + 39] = Float.NaN;
        a[20 * inner + 7] = Float.POSITIVE_INFINITY;
        b[5 * columns + 69] = Float.NaN;
        float[] c = new float[rows * columns];
        for (int part = 0; part < matmul.parts(); part++) {
            matmul.run(part, a, 0, b, 0, c, 0, false, new float[matmul.scratch()], 0);
        }
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                float value = c[i * columns + j];
                assertThat(Float.isNaN(value)).as("(%d, %d)", i, j).isEqualTo(i == 13 || j == 69);
                assertThat(Float.isInfinite(value)).as("(%d, %d)", i, j).isEqualTo(i == 20 && j != 69);
            }
        }
    }

    @Test
    void garbage_in_scratch_and_result_does_not_matter() {
        var matmul = dense(Products.best(), 1, 9, 13, 5);
        float[] c = new float[9 * 13];
        float[] scratch = new float[matmul.scratch()];
        Arrays.fill(c, Float.NaN);
        Arrays.fill(scratch, Float.NaN);
        matmul.run(0, random(45, 1), 0, random(65, 2), 0, c, 0, false, scratch, 0);
        for (float value : c) {
            assertThat(value).isFinite();
        }
    }

    @Test
    void a_result_that_is_not_row_major_is_refused() {
        var layout = Layout.rowMajor(4, 4);
        assertThatThrownBy(() -> new Matmul(Products.best(), 1, 4, 4, 4, layout, layout, layout.transposed()))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("the result's column stride must be 1, not 4");
    }

    private static Matmul dense(Products products, int batch, int rows, int columns, int inner) {
        return new Matmul(products, batch, rows, columns, inner, Layout.rowMajor(rows, inner),
                Layout.rowMajor(inner, columns), Layout.rowMajor(rows, columns));
    }

    /** Checks a product whose operands are dense; bit 0 of {@code transposed} stores A by columns, bit 1 B. */
    private static void check(Products products, int batch, int rows, int columns, int inner, int transposed) {
        var a = (transposed & 1) == 0 ? Layout.rowMajor(rows, inner) : Layout.rowMajor(inner, rows).transposed();
        var b = (transposed & 2) == 0 ? Layout.rowMajor(inner, columns) : Layout.rowMajor(columns, inner).transposed();
        check(products, batch, rows, columns, inner, a, b, Layout.rowMajor(rows, columns));
    }

    private static void check(Products products, int batch, int rows, int columns, int inner, Layout a, Layout b,
            Layout c) {
        var matmul = new Matmul(products, batch, rows, columns, inner, a, b, c);
        float[] left = random(end(a, batch, rows, inner), 1);
        float[] right = random(end(b, batch, inner, columns), 2);
        float[] before = random(end(c, batch, rows, columns) + MARGIN, 3);
        for (boolean accumulate : new boolean[] {false, true}) {
            float[] result = before.clone();
            float[] scratch = new float[matmul.scratch()];
            for (int part = matmul.parts() - 1; part >= 0; part--) {
                matmul.run(part, left, MARGIN, right, MARGIN, result, MARGIN, accumulate, scratch, 0);
            }
            double[] expected = new double[before.length];
            boolean[] written = new boolean[before.length];
            for (int n = 0; n < batch; n++) {
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < columns; j++) {
                        int at = MARGIN + n * c.batchStride() + i * c.rowStride() + j;
                        double sum = accumulate ? before[at] : 0;
                        for (int k = 0; k < inner; k++) {
                            sum += (double) left[MARGIN + n * a.batchStride() + i * a.rowStride()
                                    + k * a.columnStride()]
                                    * right[MARGIN + n * b.batchStride() + k * b.rowStride() + j * b.columnStride()];
                        }
                        expected[at] = sum;
                        written[at] = true;
                    }
                }
            }
            double tolerance = 1e-6 * (1 + Math.sqrt(inner)) * 2;
            for (int i = 0; i < expected.length; i++) {
                double want = written[i] ? expected[i] : before[i];
                if (Math.abs(result[i] - want) > tolerance) {
                    assertThat((double) result[i]).as("%s %dx%dx%d, accumulate %s, element %d",
                            products.getClass().getSimpleName(), rows, columns, inner, accumulate, i).isEqualTo(want);
                }
            }
        }
    }

    private static int end(Layout layout, int batch, int rows, int columns) {
        return batch == 0 || rows == 0 || columns == 0 ? MARGIN
                : MARGIN + (batch - 1) * layout.batchStride() + (rows - 1) * layout.rowStride()
                        + (columns - 1) * layout.columnStride() + 1;
    }

    private static float[] random(int length, int seed) {
        var random = new Random(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return values;
    }
}
