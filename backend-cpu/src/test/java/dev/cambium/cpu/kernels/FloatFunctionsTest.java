package dev.cambium.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cambium.tensor.Op.UnaryKind;

@Tag("kernels")
class FloatFunctionsTest {
    private static final int N = 1 << 12;
    private static final Map<UnaryKind, DoubleUnaryOperator> EXACT = Map.of(
            UnaryKind.EXP, Math::exp,
            UnaryKind.EXPM1, Math::expm1,
            UnaryKind.LOG, Math::log,
            UnaryKind.LOG1P, Math::log1p,
            UnaryKind.SIN, Math::sin,
            UnaryKind.COS, Math::cos,
            UnaryKind.TANH, Math::tanh,
            UnaryKind.SIGMOID, DoubleFunctions::sigmoid,
            UnaryKind.ERF, DoubleFunctions::erf);

    @BeforeAll
    static void compile() {
        Elementwise.warmUp();
    }

    static Stream<Arguments> functions() {
        return Stream.of(new ScalarLanes(), Lanes.best())
                .flatMap(lanes -> EXACT.entrySet().stream()
                        .map(function -> Arguments.of(lanes, function.getKey(), function.getValue())));
    }

    @ParameterizedTest
    @MethodSource("functions")
    void results_are_within_two_units_in_the_last_place_for_floats_of_all_magnitudes(Lanes lanes, UnaryKind kind,
            DoubleUnaryOperator exact) {
        int step = (1 << 13) - 1;
        float[] x = new float[N];
        float[] out = new float[N];
        double worst = 0;
        for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE;) {
            for (int i = 0; i < N; i++, bits += step) {
                x[i] = Float.intBitsToFloat((int) bits);
            }
            lanes.unary(kind, x, 0, out, 0, N);
            for (int i = 0; i < N; i++) {
                worst = Math.max(worst, error(out[i], exact.applyAsDouble(x[i])));
            }
        }
        assertThat(worst).isLessThan(2);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void results_are_within_two_units_in_the_last_place_where_networks_live(Lanes lanes, UnaryKind kind,
            DoubleUnaryOperator exact) {
        float[] x = new float[1 << 17];
        float[] out = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i - x.length / 2) * 0x1p-12f;
        }
        lanes.unary(kind, x, 0, out, 0, x.length);
        double worst = 0;
        for (int i = 0; i < x.length; i++) {
            worst = Math.max(worst, error(out[i], exact.applyAsDouble(x[i])));
        }
        assertThat(worst).isLessThan(2);
    }

    /** How far a result is off, in units of the last place of the exact value as a float; NaN stands for infinitely far. */
    private static double error(float result, double exact) {
        float rounded = (float) exact;
        if (Float.isNaN(rounded) || Float.isInfinite(rounded) || Float.isNaN(result) || exact == 0) {
            return Float.compare(result, rounded) == 0 ? 0 : Double.POSITIVE_INFINITY;
        }
        return Math.abs(result - exact) / Math.ulp(rounded);
    }

    @Test
    void exact_values_come_out_exactly() {
        assertThat(FloatFunctions.exp(0)).isEqualTo(1);
        assertThat(FloatFunctions.log(1)).isEqualTo(0);
        assertThat(FloatFunctions.sigmoid(0)).isEqualTo(0.5f);
        assertThat(FloatFunctions.cos(0)).isEqualTo(1);
        assertThat(FloatFunctions.tanh(20)).isEqualTo(1);
        assertThat(FloatFunctions.tanh(-20)).isEqualTo(-1);
        assertThat(FloatFunctions.erf(5)).isEqualTo(1);
        assertThat(FloatFunctions.sigmoid(Float.NEGATIVE_INFINITY)).isEqualTo(0);
        assertThat(FloatFunctions.exp(Float.NEGATIVE_INFINITY)).isEqualTo(0);
        assertThat(FloatFunctions.exp(100)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(FloatFunctions.expm1(-100)).isEqualTo(-1);
    }

    @Test
    void odd_functions_keep_the_sign_of_zero() {
        for (var kind : new UnaryKind[] {UnaryKind.EXPM1, UnaryKind.LOG1P, UnaryKind.SIN, UnaryKind.TANH,
                UnaryKind.ERF}) {
            float[] x = {-0f};
            new ScalarLanes().unary(kind, x, 0, x, 0, 1);
            assertThat(Float.floatToRawIntBits(x[0])).as("%s", kind).isEqualTo(Integer.MIN_VALUE);
        }
    }

    @Test
    void the_error_function_of_doubles_agrees_with_published_digits() {
        assertThat(DoubleFunctions.erf(0.5)).isEqualTo(0.5204998778130465, offset());
        assertThat(DoubleFunctions.erf(1)).isEqualTo(0.8427007929497149, offset());
        assertThat(DoubleFunctions.erf(-2)).isEqualTo(-0.9953222650189527, offset());
        assertThat(DoubleFunctions.erf(3)).isEqualTo(0.9999779095030014, offset());
        assertThat(DoubleFunctions.erf(Double.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(DoubleFunctions.erf(Double.NaN)).isNaN();
    }

    private static Offset<Double> offset() {
        return Offset.offset(2e-16);
    }
}
