package dev.cambium.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cambium.tensor.DType;

class CastsTest {
    private static final int N = 500;

    static Stream<Arguments> pairs() {
        return Arrays.stream(DType.values())
                .flatMap(from -> Arrays.stream(DType.values()).map(to -> Arguments.of(from, to)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void elements_convert_as_javas_casts_do(DType from, DType to) {
        Object x = ElementwiseTest.values(from, N, 1);
        Object out = Array.newInstance(ElementwiseTest.component(to), N);
        Casts.cast(from, to, x, 1, out, 2, N - 2);
        for (int i = 0; i < N - 2; i++) {
            Object element = Array.get(x, i + 1);
            Object expected = from == to ? element : expected(to, value(from, element));
            assertThat(Array.get(out, i + 2)).as("%s %s as %s", from, element, to).isEqualTo(expected);
        }
    }

    /** A number: Long or, of floating-point types, Float or Double. */
    private static Number value(DType type, Object element) {
        return switch (type) {
            case BOOL, UINT8 -> (long) ((byte) element & 0xFF);
            case INT32 -> (long) (int) element;
            case INT64 -> (long) element;
            case FLOAT16 -> Float.float16ToFloat((short) element);
            case BFLOAT16 -> Float.intBitsToFloat((short) element << 16);
            case FLOAT32 -> (float) element;
            case FLOAT64 -> (double) element;
        };
    }

    private static Object expected(DType to, Number value) {
        boolean whole = value instanceof Long;
        float single = switch (value) {
            case Long number -> (float) (long) number;
            case Float number -> number;
            default -> (float) value.doubleValue();
        };
        return switch (to) {
            case BOOL -> (byte) (whole ? value.longValue() != 0 ? 1 : 0 : value.doubleValue() != 0 ? 1 : 0);
            case UINT8 -> (byte) (whole ? value.longValue() : (int) value.doubleValue());
            case INT32 -> whole ? (int) value.longValue() : (int) value.doubleValue();
            case INT64 -> whole ? value.longValue() : (long) value.doubleValue();
            case FLOAT16 -> Float.floatToFloat16(single);
            case BFLOAT16 -> nearestBfloat16(single);
            case FLOAT32 -> single;
            case FLOAT64 -> whole ? (double) value.longValue() : value.doubleValue();
        };
    }

    /** Of the two upper halves around a float the nearer one, of equally near ones the even one. */
    private static short nearestBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        int low = bits & 0xFFFF;
        int down = bits >>> 16;
        boolean up = low > 0x8000 || (low == 0x8000 && (down & 1) == 1);
        return (short) (up ? down + 1 : down);
    }

    @Test
    void numbers_out_of_range_saturate() {
        float[] x = {1e20f, -1e20f, Float.NaN, Float.POSITIVE_INFINITY, -2.9f, 255.5f, 256, -1};
        int[] ints = new int[8];
        byte[] bytes = new byte[8];
        Casts.cast(DType.FLOAT32, DType.INT32, x, 0, ints, 0, 8);
        Casts.cast(DType.FLOAT32, DType.UINT8, x, 0, bytes, 0, 8);
        assertThat(ints).containsExactly(Integer.MAX_VALUE, Integer.MIN_VALUE, 0, Integer.MAX_VALUE, -2, 255, 256, -1);
        assertThat(bytes).containsExactly(-1, 0, 0, -1, -2, -1, 0, -1);
    }
}
