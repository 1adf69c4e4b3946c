package dev.cambium.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cambium.CambiumException;
import dev.cambium.tensor.DType;

class MovementTest {
    @BeforeAll
    static void transpose_in_registers() {
        Products.best().warmUpTransposition();
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void copies_follow_strides_of_any_sign_order_and_density(DType type) {
        var random = new Random(type.name().hashCode());
        for (int round = 0; round < 300; round++) {
            int rank = random.nextInt(6);
            int[] dims = new int[rank];
            int[] srcStrides = new int[rank];
            int[] dstStrides = new int[rank];
            int srcOff = 0;
            int dstOff = 0;
            int size = 1;
            var axes = new ArrayList<Integer>();
            for (int axis = 0; axis < rank; axis++) {
                axes.add(axis);
            }
            Collections.shuffle(axes, random);
            for (int axis : axes) {
                dims[axis] = random.nextInt(rank < 3 ? 45 : 6);
                size *= 1 + random.nextInt(2);
                dstStrides[axis] = random.nextBoolean() ? size : -size;
                srcStrides[axis] = random.nextInt(4) == 0 ? size : random.nextInt(9) - 4;
                size *= Math.max(1, dims[axis]);
                dstOff += Math.max(0, -dstStrides[axis]) * Math.max(0, dims[axis] - 1);
                srcOff += Math.max(0, -srcStrides[axis]) * Math.max(0, dims[axis] - 1);
            }
            Object src = ElementwiseTest.values(type, 2 * srcOff + 40 * size + 500, round);
            Object expected = ElementwiseTest.values(type, size + 1, -round);
            Object actual = ElementwiseTest.values(type, size + 1, -round);
            Object simplified = ElementwiseTest.values(type, size + 1, -round);
            copyOneByOne(0, src, srcOff, srcStrides, expected, dstOff, dstStrides, dims);
            Movement.copy(type, src, srcOff, srcStrides, actual, dstOff, dstStrides, dims);
            var shape = CopyShape.of(dims, srcStrides, dstStrides);
            Movement.copy(type, src, srcOff, shape.srcStrides(), simplified, dstOff, shape.dstStrides(), shape.dims());
            assertThat(actual).isEqualTo(expected);
            assertThat(simplified).isEqualTo(expected);
        }
    }

    private static void copyOneByOne(int axis, Object src, int srcOff, int[] srcStrides, Object dst, int dstOff,
            int[] dstStrides, int[] dims) {
        if (axis == dims.length) {
            Array.set(dst, dstOff, Array.get(src, srcOff));
            return;
        }
        for (int i = 0; i < dims[axis]; i++) {
            copyOneByOne(axis + 1, src, srcOff + i * srcStrides[axis], srcStrides, dst, dstOff + i * dstStrides[axis],
                    dstStrides, dims);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 16, 31, 32, 33, 100})
    void matrices_transpose(int rows) {
        int columns = 65;
        float[] src = Samples.normal(rows * columns, 1);
        float[] dst = new float[rows * columns];
        Movement.copy(DType.FLOAT32, src, 0, new int[] {1, columns}, dst, 0, new int[] {rows, 1},
                new int[] {columns, rows});
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                assertThat(dst[column * rows + row]).isEqualTo(src[row * columns + column]);
            }
        }
    }

    @Test
    void copy_shapes_merge_what_lies_together() {
        var shape = CopyShape.of(new int[] {1, 4, 5, 6}, new int[] {9, 30, 6, 1}, new int[] {7, 30, 6, 1});
        assertThat(shape.dims()).containsExactly(120);
        var transposed = CopyShape.of(new int[] {6, 4, 5}, new int[] {20, 5, 1}, new int[] {1, 30, 6});
        assertThat(transposed.dims()).containsExactly(20, 6);
        assertThat(transposed.srcStrides()).containsExactly(1, 20);
        assertThat(transposed.dstStrides()).containsExactly(6, 1);
    }

    @Test
    void gather_takes_rows() {
        double[] table = {0, 0, 1, 10, 2, 20, 3, 30};
        long[] indices = {9, 3, 0, 3};
        double[] out = new double[7];
        Movement.gather(DType.FLOAT64, table, 0, 4, 2, indices, 1, out, 1, 0, 3);
        assertThat(out).containsExactly(0, 3, 30, 0, 0, 3, 30);
        double[] last = new double[7];
        Movement.gather(DType.FLOAT64, table, 0, 4, 2, indices, 1, last, 1, 2, 3);
        assertThat(last).containsExactly(0, 0, 0, 0, 0, 3, 30);
    }

    @Test
    void scatter_adds_rows_that_share_an_index() {
        float[] table = {1, 2, 3, 4, 5, 6};
        float[] rows = {10, 20, 30, 40, 50, 60};
        Movement.scatterAdd(DType.FLOAT32, table, 0, 3, 2, new long[] {2, 0, 2}, 0, 3, rows, 0, 0, 1);
        assertThat(table).containsExactly(31, 2, 3, 4, 65, 6);
        Movement.scatterAdd(DType.FLOAT32, table, 0, 3, 2, new long[] {2, 0, 2}, 0, 3, rows, 0, 1, 2);
        assertThat(table).containsExactly(31, 42, 3, 4, 65, 86);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 3, 1L << 32})
    void an_index_outside_the_table_is_named(long index) {
        float[] table = new float[3];
        assertThatThrownBy(
                () -> Movement.gather(DType.FLOAT32, table, 0, 3, 1, new long[] {0, index}, 0, new float[2], 0, 0, 2))
                        .isInstanceOf(CambiumException.class)
                        .hasMessage(
                                "gather: index %d at place 1 is outside a table of 3 rows (0 to 2)".formatted(index));
        assertThatThrownBy(() -> Movement.scatterAdd(DType.FLOAT32, table, 0, 3, 1, new long[] {index}, 0, 1,
                new float[1], 0, 0, 1)).isInstanceOf(CambiumException.class)
                        .hasMessage("scatter_add: index %d at place 0 is outside a table of 3 rows (0 to 2)"
                                .formatted(index));
    }
}
