package dev.cambium.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.assertj.core.data.Index;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cambium.CambiumException;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op.BinaryKind;
import dev.cambium.tensor.Op.CompareKind;
import dev.cambium.tensor.Op.UnaryKind;

/** Each kind and element type against the obvious computation of one element. */
class ElementwiseTest {
    private static final int N = 200;
    private static final Set<UnaryKind> OF_NUMBERS = EnumSet.of(UnaryKind.NEG, UnaryKind.ABS, UnaryKind.SIGN);
    private static final Set<BinaryKind> ARITHMETIC = EnumSet.of(BinaryKind.ADD, BinaryKind.SUB, BinaryKind.MUL,
            BinaryKind.DIV, BinaryKind.MAX, BinaryKind.MIN);
    private static final Set<BinaryKind> BITWISE = EnumSet.of(BinaryKind.AND, BinaryKind.OR, BinaryKind.XOR);

    static Class<?> component(DType type) {
        return switch (type) {
            case BOOL, UINT8 -> byte.class;
            case INT32 -> int.class;
            case INT64 -> long.class;
            case FLOAT16, BFLOAT16 -> short.class;
            case FLOAT32 -> float.class;
            case FLOAT64 -> double.class;
        };
    }

    static Object values(DType type, int n, long seed) {
        Object values = Samples.special(component(type), n, seed);
        if (type == DType.BOOL) {
            var bytes = (byte[]) values;
            for (int i = 0; i < n; i++) {
                bytes[i] &= 1;
            }
        }
        return values;
    }

    private static boolean isDefined(UnaryKind kind, DType type) {
        return switch (type) {
            case BOOL -> kind == UnaryKind.NOT;
            case UINT8, INT32, INT64 -> kind == UnaryKind.NOT || OF_NUMBERS.contains(kind);
            case FLOAT32, FLOAT64 -> kind != UnaryKind.NOT;
            case FLOAT16, BFLOAT16 -> false;
        };
    }

    private static boolean isDefined(BinaryKind kind, DType type) {
        return switch (type) {
            case BOOL -> kind == BinaryKind.MAX || kind == BinaryKind.MIN || BITWISE.contains(kind);
            case UINT8 -> ARITHMETIC.contains(kind) || BITWISE.contains(kind);
            case INT32, INT64 -> kind != BinaryKind.POW;
            case FLOAT32, FLOAT64 -> kind == BinaryKind.POW || ARITHMETIC.contains(kind);
            case FLOAT16, BFLOAT16 -> false;
        };
    }

    static Stream<Arguments> unaries() {
        return pairs(UnaryKind.values());
    }

    static Stream<Arguments> binaries() {
        return pairs(BinaryKind.values());
    }

    static Stream<Arguments> comparisons() {
        return pairs(CompareKind.values()).filter(pair -> ElementwiseTest.computes((DType) pair.get()[1]));
    }

    private static boolean computes(DType type) {
        return type != DType.FLOAT16 && type != DType.BFLOAT16;
    }

    private static Stream<Arguments> pairs(Enum<?>[] kinds) {
        return Arrays.stream(kinds)
                .flatMap(kind -> Arrays.stream(DType.values()).map(type -> Arguments.of(kind, type)));
    }

    @ParameterizedTest
    @MethodSource("unaries")
    void functions_of_one_element(UnaryKind kind, DType type) {
        Object x = values(type, N, 1);
        Object out = Array.newInstance(component(type), N + 2);
        if (!isDefined(kind, type)) {
            assertThatThrownBy(() -> Elementwise.unary(kind, type, x, 0, out, 0, N))
                    .isInstanceOf(IllegalArgumentException.class).hasMessage(kind + " is not defined for " + type);
            return;
        }
        Elementwise.unary(kind, type, x, 1, out, 2, N - 1);
        for (int i = 0; i < N - 1; i++) {
            Object expected = expected(kind, type, Array.get(x, i + 1));
            Object actual = Array.get(out, i + 2);
            if (actual instanceof Float value && !isExact(kind)) {
                assertThat(Math.abs(value - (float) expected) <= 2 * Math.ulp((float) expected)
                        || Float.compare(value, (float) expected) == 0).as("%s of %s", kind, Array.get(x, i + 1))
                                .isTrue();
            } else {
                assertThat(actual).as("%s of %s", kind, Array.get(x, i + 1)).isEqualTo(expected);
            }
        }
        assertThat(Array.get(out, 1)).isEqualTo(Array.get(Array.newInstance(component(type), 1), 0));
    }

    private static boolean isExact(UnaryKind kind) {
        return switch (kind) {
            case NEG, ABS, SIGN, SQRT, RECIPROCAL, FLOOR, CEIL, ROUND, NOT -> true;
            case EXP, EXPM1, LOG, LOG1P, RSQRT, SIN, COS, TANH, SIGMOID, ERF -> false;
        };
    }

    private static Object expected(UnaryKind kind, DType type, Object x) {
        return switch (x) {
            case Float value -> (float) real(kind, value);
            case Double value -> kind == UnaryKind.NEG ? -value : real(kind, value);
            case Integer value -> (int) whole(kind, value);
            case Long value -> whole(kind, value);
            case Byte value -> (byte) (type == DType.BOOL ? 1 - value : whole(kind, value & 0xFF));
            default -> throw new IllegalArgumentException(x.toString());
        };
    }

    private static double real(UnaryKind kind, double x) {
        return switch (kind) {
            case NEG -> -x;
            case ABS -> Math.abs(x);
            case SIGN -> Math.signum(x);
            case EXP -> Math.exp(x);
            case EXPM1 -> Math.expm1(x);
            case LOG -> Math.log(x);
            case LOG1P -> Math.log1p(x);
            case SQRT -> Math.sqrt(x);
            case RSQRT -> 1 / Math.sqrt(x);
            case RECIPROCAL -> 1 / x;
            case SIN -> Math.sin(x);
            case COS -> Math.cos(x);
            case TANH -> Math.tanh(x);
            case SIGMOID -> x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
            case ERF -> DoubleFunctions.erf(x);
            case FLOOR -> Math.floor(x);
            case CEIL -> Math.ceil(x);
            case ROUND -> Math.rint(x);
            case NOT -> throw new IllegalArgumentException(kind.toString());
        };
    }

    private static long whole(UnaryKind kind, long x) {
        return switch (kind) {
            case NEG -> -x;
            case ABS -> Math.abs(x);
            case SIGN -> Long.signum(x);
            case NOT -> ~x;
            default -> throw new IllegalArgumentException(kind.toString());
        };
    }

    @ParameterizedTest
    @MethodSource("binaries")
    void functions_of_two_elements(BinaryKind kind, DType type) {
        Object a = values(type, N, 2);
        Object b = values(type, N, 3);
        if (kind == BinaryKind.DIV && !type.isFloating()) {
            for (int i = 0; i < N; i++) {
                if (((Number) Array.get(b, i)).longValue() == 0) {
                    Array.set(b, i, Array.get(filled(type, 7), 0));
                }
            }
        }
        if (!isDefined(kind, type)) {
            assertThatThrownBy(() -> Elementwise.binary(kind, type, a, 0, 1, b, 0, 1, a, 0, N))
                    .isInstanceOf(IllegalArgumentException.class).hasMessage(kind + " is not defined for " + type);
            return;
        }
        for (int steps = 0; steps < 4; steps++) {
            int aStep = steps & 1;
            int bStep = steps >> 1;
            Object out = Array.newInstance(component(type), N);
            Elementwise.binary(kind, type, a, 1, aStep, b, 2, bStep, out, 3, N - 3);
            for (int i = 0; i < N - 3; i++) {
                Object x = Array.get(a, 1 + i * aStep);
                Object y = Array.get(b, 2 + i * bStep);
                assertThat(Array.get(out, 3 + i)).as("%s of %s and %s", kind, x, y).isEqualTo(expected(kind, x, y));
            }
        }
    }

    private static Object filled(DType type, int value) {
        Object array = Array.newInstance(component(type), 1);
        Elementwise.cast(DType.INT32, type, new int[] {value}, 0, array, 0, 1);
        return array;
    }

    private static Object expected(BinaryKind kind, Object x, Object y) {
        return switch (x) {
            case Float value -> real(kind, value, (float) y);
            case Double value -> real(kind, value, (double) y);
            case Integer value -> (int) whole(kind, value, (int) y, 31);
            case Long value -> whole(kind, value, (long) y, 63);
            case Byte value -> (byte) whole(kind, value & 0xFF, (byte) y & 0xFF, 0);
            default -> throw new IllegalArgumentException(x.toString());
        };
    }

    private static float real(BinaryKind kind, float x, float y) {
        return switch (kind) {
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> x / y;
            case MAX -> Math.max(x, y);
            case MIN -> Math.min(x, y);
            case POW -> (float) power(x, y);
            default -> throw new IllegalArgumentException(kind.toString());
        };
    }

    private static double real(BinaryKind kind, double x, double y) {
        return switch (kind) {
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> x / y;
            case MAX -> Math.max(x, y);
            case MIN -> Math.min(x, y);
            case POW -> power(x, y);
            default -> throw new IllegalArgumentException(kind.toString());
        };
    }

    private static double power(double x, double y) {
        return x == 1 || (x == -1 && Double.isInfinite(y)) ? 1 : Math.pow(x, y);
    }

    private static long whole(BinaryKind kind, long x, long y, int shiftMask) {
        return switch (kind) {
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> x / y;
            case MAX -> Math.max(x, y);
            case MIN -> Math.min(x, y);
            case AND -> x & y;
            case OR -> x | y;
            case XOR -> x ^ y;
            case SHIFT_LEFT -> x << (y & shiftMask);
            case SHIFT_RIGHT -> shiftMask == 31 ? (x & 0xFFFFFFFFL) >>> (y & 31) : x >>> (y & 63);
            case POW -> throw new IllegalArgumentException(kind.toString());
        };
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"UINT8", "INT32", "INT64"})
    void division_of_integers_by_zero_is_an_error(DType type) {
        Object x = Array.newInstance(component(type), 3);
        assertThatThrownBy(() -> Elementwise.binary(BinaryKind.DIV, type, x, 0, 1, x, 0, 1, x, 0, 3))
                .isInstanceOf(CambiumException.class).hasMessageContaining("div").hasMessageContaining(type.toString());
    }

    @Test
    void a_power_of_one_is_one_and_ignores_the_exponent() {
        float[] out = {1, Float.NaN, -1, Float.POSITIVE_INFINITY};
        Elementwise.binary(BinaryKind.POW, DType.FLOAT32, out, 0, 1, out, 1, 1, out, 0, 1);
        Elementwise.binary(BinaryKind.POW, DType.FLOAT32, out, 2, 1, out, 3, 1, out, 2, 1);
        assertThat(out).startsWith(1f).contains(1f, Index.atIndex(2));
    }

    @ParameterizedTest
    @MethodSource("comparisons")
    void comparisons_of_two_elements(CompareKind kind, DType type) {
        Object a = values(type, N, 4);
        Object b = values(type, N, 5);
        for (int steps = 0; steps < 4; steps++) {
            int aStep = steps & 1;
            int bStep = steps >> 1;
            byte[] out = new byte[N];
            Elementwise.compare(kind, type, a, 1, aStep, b, 2, bStep, out, 3, N - 3);
            for (int i = 0; i < N - 3; i++) {
                double x = number(Array.get(a, 1 + i * aStep));
                double y = number(Array.get(b, 2 + i * bStep));
                assertThat(out[3 + i]).as("%s %s %s", x, kind, y).isEqualTo((byte) (holds(kind, x, y) ? 1 : 0));
            }
        }
    }

    private static double number(Object element) {
        return element instanceof Byte value ? value & 0xFF : ((Number) element).doubleValue();
    }

    private static boolean holds(CompareKind kind, double x, double y) {
        return switch (kind) {
            case EQ -> x == y;
            case NE -> x != y;
            case LT -> x < y;
            case LE -> x <= y;
            case GT -> x > y;
            case GE -> x >= y;
        };
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void selection_takes_from_either_side(DType type) {
        byte[] condition = (byte[]) values(DType.BOOL, N, 6);
        Object yes = values(type, N, 7);
        Object no = values(type, N, 8);
        for (int steps = 0; steps < 8; steps++) {
            int conditionStep = steps & 1;
            int trueStep = (steps >> 1) & 1;
            int falseStep = steps >> 2;
            Object out = Array.newInstance(component(type), N);
            Elementwise.select(type, condition, 1, conditionStep, yes, 2, trueStep, no, 3, falseStep, out, 4, N - 4);
            for (int i = 0; i < N - 4; i++) {
                Object expected = condition[1 + i * conditionStep] != 0 ? Array.get(yes, 2 + i * trueStep)
                        : Array.get(no, 3 + i * falseStep);
                assertThat(Array.get(out, 4 + i)).isEqualTo(expected);
            }
        }
    }

    @Test
    void relu_and_its_gradient_are_compare_and_select() {
        float[] x = {-1, -0f, 0, 2, Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY};
        float[] dy = {1, 2, 3, 4, 5, 6, Float.NaN};
        float[] zero = {0};
        float[] out = new float[7];
        Elementwise.selectCompare(CompareKind.LE, x, 0, 1, zero, 0, 0, zero, 0, 0, x, 0, 1, out, 0, 7);
        assertThat(out).containsExactly(0, 0, 0, 2, Float.NaN, 0, Float.POSITIVE_INFINITY);
        Elementwise.selectCompare(CompareKind.LE, x, 0, 1, zero, 0, 0, zero, 0, 0, dy, 0, 1, out, 0, 7);
        assertThat(out).containsExactly(0, 0, 0, 4, 5, 0, Float.NaN);
    }

    @ParameterizedTest
    @EnumSource(CompareKind.class)
    void compare_and_select_is_compare_then_select(CompareKind kind) {
        float[] x = Samples.special(4 * N, 9);
        for (int steps = 0; steps < 16; steps++) {
            float[] out = new float[N];
            int[] step = {steps & 1, (steps >> 1) & 1, (steps >> 2) & 1, steps >> 3};
            Elementwise.selectCompare(kind, x, 0, step[0], x, N, step[1], x, 2 * N, step[2], x, 3 * N, step[3], out, 0,
                    N);
            byte[] condition = new byte[N];
            float[] expected = new float[N];
            Elementwise.compare(kind, DType.FLOAT32, x, 0, step[0], x, N, step[1], condition, 0, N);
            Elementwise.select(DType.FLOAT32, condition, 0, 1, x, 2 * N, step[2], x, 3 * N, step[3], expected, 0, N);
            assertThat(out).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void fill_and_zero_write_their_range_alone(DType type) {
        Object out = values(type, 9, 10);
        Object before = values(type, 9, 10);
        Object value = filled(type, 1);
        Elementwise.fill(type, value, 0, out, 2, 3);
        Elementwise.zero(type, out, 5, 2);
        for (int i = 0; i < 9; i++) {
            Object expected = i < 2 || i >= 7 ? Array.get(before, i)
                    : i < 5 ? Array.get(value, 0) : Array.get(Array.newInstance(component(type), 1), 0);
            assertThat(Array.get(out, i)).as("element %d", i).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void iota_counts_along_its_axis_from_anywhere(DType type) {
        int inner = 3;
        int extent = 5;
        for (int from = 0; from < 2 * inner * extent; from++) {
            Object out = Array.newInstance(component(type), 41);
            Elementwise.iota(type, inner, extent, from, out, 1, 40);
            for (int i = 0; i < 40; i++) {
                Object expected = Array.get(filled(type, (from + i) / inner % extent), 0);
                assertThat(Array.get(out, 1 + i)).isEqualTo(expected);
            }
        }
    }

    @Test
    void no_elements_touch_nothing() {
        float[] none = {};
        for (var kind : List.of(UnaryKind.EXP, UnaryKind.NEG)) {
            Elementwise.unary(kind, DType.FLOAT32, none, 0, none, 0, 0);
        }
        Elementwise.binary(BinaryKind.ADD, DType.FLOAT32, none, 0, 1, none, 0, 0, none, 0, 0);
        Elementwise.compare(CompareKind.EQ, DType.FLOAT32, none, 0, 1, none, 0, 0, new byte[0], 0, 0);
        Elementwise.select(DType.FLOAT32, new byte[0], 0, 0, none, 0, 0, none, 0, 0, none, 0, 0);
        Elementwise.selectCompare(CompareKind.EQ, none, 0, 0, none, 0, 0, none, 0, 0, none, 0, 0, none, 0, 0);
        Elementwise.fill(DType.FLOAT32, none, 0, none, 0, 0);
        Elementwise.iota(DType.FLOAT32, 1, 0, 0, none, 0, 0);
        Elementwise.cast(DType.FLOAT32, DType.FLOAT64, none, 0, new double[0], 0, 0);
        assertThat(none).isEmpty();
    }
}
