package dev.cambium.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op.ReduceKind;

class ReductionsTest {
    static Stream<Arguments> reductions() {
        return Arrays.stream(ReduceKind.values())
                .flatMap(kind -> Stream
                        .of(DType.BOOL, DType.UINT8, DType.INT32, DType.INT64, DType.FLOAT32, DType.FLOAT64)
                        .map(type -> Arguments.of(kind, type)))
                .filter(pair -> pair.get()[0] != ReduceKind.SUM || pair.get()[1] != DType.BOOL);
    }

    @ParameterizedTest
    @MethodSource("reductions")
    void results_combine_the_reduced_axes(ReduceKind kind, DType type) {
        var random = new Random((kind.name() + type.name()).hashCode());
        for (int round = 0; round < 200; round++) {
            int rank = 1 + random.nextInt(4);
            int[] dims = new int[rank];
            int[] strides = new int[rank];
            int size = 1;
            for (int axis = rank - 1; axis >= 0; axis--) {
                dims[axis] = random.nextInt(rank < 3 ? 80 : 9);
                strides[axis] = size;
                size *= Math.max(1, dims[axis]);
            }
            int mask = random.nextInt(1 << rank);
            int[] outDims = chosen(dims, mask, 0);
            int[] outStrides = chosen(strides, mask, 0);
            int[] redDims = chosen(dims, mask, 1);
            int[] redStrides = chosen(strides, mask, 1);
            Object src = round % 2 == 0 && type.isFloating() ? small(type, size + 3, round)
                    : ElementwiseTest.values(type, size + 3, round);
            int results = Arrays.stream(outDims).reduce(1, (x, y) -> x * y);
            Object whole = Array.newInstance(ElementwiseTest.component(type), results + 1);
            Object parts = Array.newInstance(ElementwiseTest.component(type), results + 1);
            Reductions.reduce(kind, type, src, 3, outDims, outStrides, redDims, redStrides, whole, 1, 0, results);
            int cut = random.nextInt(results + 1);
            Reductions.reduce(kind, type, src, 3, outDims, outStrides, redDims, redStrides, parts, 1, cut, results);
            Reductions.reduce(kind, type, src, 3, outDims, outStrides, redDims, redStrides, parts, 1, 0, cut);
            assertThat(parts).isEqualTo(whole);
            for (int o = 0; o < results; o++) {
                double[] elements = elements(type, src, 3 + offset(o, outDims, outStrides), redDims, redStrides);
                check(kind, type, Array.get(whole, o + 1), elements);
            }
        }
    }

    private static Object small(DType type, int n, long seed) {
        Object array = Array.newInstance(ElementwiseTest.component(type), n);
        Elementwise.cast(DType.FLOAT32, type, Samples.normal(n, seed), 0, array, 0, n);
        return array;
    }

    private static int[] chosen(int[] values, int mask, int bit) {
        return IntStream.range(0, values.length).filter(axis -> ((mask >> axis) & 1) == bit)
                .map(axis -> values[axis]).toArray();
    }

    private static int offset(int index, int[] dims, int[] strides) {
        int offset = 0;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            offset += index % dims[axis] * strides[axis];
            index /= dims[axis];
        }
        return offset;
    }

    private static double[] elements(DType type, Object src, int at, int[] dims, int[] strides) {
        int count = Arrays.stream(dims).reduce(1, (x, y) -> x * y);
        double[] elements = new double[count];
        for (int i = 0; i < count; i++) {
            Object element = Array.get(src, at + offset(i, dims, strides));
            elements[i] = element instanceof Byte value ? value & 0xFF
                    : element instanceof Long value && type == DType.INT64 ? value : ((Number) element).doubleValue();
        }
        return elements;
    }

    private static void check(ReduceKind kind, DType type, Object result, double[] elements) {
        double expected = switch (kind) {
            case SUM -> Arrays.stream(elements).sum();
            case MAX -> Arrays.stream(elements).reduce(smallest(type), Math::max);
            case MIN -> Arrays.stream(elements).reduce(largest(type), Math::min);
        };
        double scale = Arrays.stream(elements).map(Math::abs).filter(Double::isFinite).sum();
        switch (result) {
            case Float value -> {
                if (kind == ReduceKind.SUM && Float.isFinite(value) && scale < 1e37) {
                    assertThat((double) value).isEqualTo(expected, Offset.offset(1e-6 * scale));
                } else if (kind != ReduceKind.SUM || scale < 1e37) {
                    assertThat(value).isEqualTo(Float.valueOf((float) expected));
                }
            }
            case Double value -> {
                if (kind == ReduceKind.SUM && Double.isFinite(value)) {
                    assertThat(value).isEqualTo(expected, Offset.offset(1e-14 * scale));
                } else {
                    assertThat(value).isEqualTo(Double.valueOf(expected));
                }
            }
            case Integer value -> assertThat(value).isEqualTo((int) (long) expected);
            case Long value -> {
                if (kind != ReduceKind.SUM) {
                    assertThat((double) value).isEqualTo(expected);
                }
            }
            case Byte value -> assertThat(value).isEqualTo((byte) (long) expected);
            default -> throw new IllegalArgumentException(result.toString());
        }
    }

    private static double smallest(DType type) {
        return switch (type) {
            case BOOL, UINT8 -> 0;
            case INT32 -> Integer.MIN_VALUE;
            case INT64 -> Long.MIN_VALUE;
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> Double.NEGATIVE_INFINITY;
        };
    }

    private static double largest(DType type) {
        return switch (type) {
            case BOOL -> 1;
            case UINT8 -> 255;
            case INT32 -> Integer.MAX_VALUE;
            case INT64 -> Long.MAX_VALUE;
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> Double.POSITIVE_INFINITY;
        };
    }

    @Test
    void sums_of_longs_wrap() {
        long[] src = {Long.MAX_VALUE, 1, 5};
        long[] dst = new long[1];
        Reductions.reduce(ReduceKind.SUM, DType.INT64, src, 0, new int[0], new int[0], new int[] {3}, new int[] {1},
                dst, 0, 0, 1);
        assertThat(dst[0]).isEqualTo(Long.MIN_VALUE + 5);
    }

    @Test
    void long_sums_of_floats_stay_precise() {
        int rows = 40_000;
        int columns = 33;
        float[] src = new float[rows * columns];
        Arrays.fill(src, 0.1f);
        float[] dst = new float[columns];
        Reductions.reduce(ReduceKind.SUM, DType.FLOAT32, src, 0, new int[] {columns}, new int[] {1}, new int[] {rows},
                new int[] {columns}, dst, 0, 0, columns);
        assertThat(dst).containsOnly(dst[0]);
        assertThat(dst[0]).isEqualTo((float) (rows * (double) 0.1f), Offset.offset(0.002f));
        float[] all = new float[1];
        Reductions.reduce(ReduceKind.SUM, DType.FLOAT32, src, 0, new int[0], new int[0], new int[] {rows * columns},
                new int[] {1}, all, 0, 0, 1);
        assertThat(all[0]).isEqualTo((float) (rows * columns * (double) 0.1f), Offset.offset(0.1f));
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, mode = EnumSource.Mode.EXCLUDE, names = {"FLOAT16", "BFLOAT16"})
    void arg_max_is_the_first_of_the_largest(DType type) {
        var random = new Random(type.name().hashCode());
        for (int round = 0; round < 100; round++) {
            int rows = random.nextInt(5);
            int extent = 1 + random.nextInt(20);
            int stride = 1 + random.nextInt(3);
            Object src = ElementwiseTest.values(type, 2 + rows * extent * stride, round);
            long[] dst = new long[rows + 1];
            Reductions.argMax(type, src, 2, new int[] {rows}, new int[] {extent * stride}, extent, stride, dst, 1, 0,
                    rows);
            for (int row = 0; row < rows; row++) {
                int best = 0;
                for (int i = 1; i < extent; i++) {
                    if (compare(Array.get(src, 2 + (row * extent + i) * stride),
                            Array.get(src, 2 + (row * extent + best) * stride)) > 0) {
                        best = i;
                    }
                }
                assertThat(dst[row + 1]).isEqualTo(best);
            }
        }
    }

    /** Zeros of both signs are equal; NaN is largest. */
    private static int compare(Object a, Object b) {
        return switch (a) {
            case Byte value -> Integer.compare(value & 0xFF, (byte) b & 0xFF);
            case Long value -> Long.compare(value, (long) b);
            default -> Double.compare(((Number) a).doubleValue() + 0.0, ((Number) b).doubleValue() + 0.0);
        };
    }
}
