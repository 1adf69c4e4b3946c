package dev.cambium.golden;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * Where rounding matters, each case in float64 and, as {@code …_float32}, in float32. Binary operations see all pairs
 * of their values.
 */
final class Elementwise {
    private static final double INFINITY = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;
    private static final double[] LINE = {
        -INFINITY, -1000, -90, -3.5, -2.5, -1.5, -1, -0.75, -0.5, -0x1p-30, -0.0, 0.0, 0x1p-30, 0.25, 0.5, 0.75, 1, 1.5,
        2, 2.5, 3.5, 10, 90, 1000, INFINITY, NAN
    };
    private static final double[] ORDERED = {-INFINITY, -2, -0.0, 0.0, 1.5, 2, INFINITY, NAN};
    private static final double[] BASES = {-INFINITY, -2, -0.5, -0.0, 0.0, 0.5, 1, 3, INFINITY, NAN};
    private static final double[] EXPONENTS = {-INFINITY, -2, -1, -0.5, 0.0, 0.5, 1, 2, 3, INFINITY, NAN};

    private Elementwise() {}

    static List<Case> cases() {
        Draw draw = new Draw(800);
        List<Case> cases = new ArrayList<>(exact(draw, ScalarType.Double));
        cases.addAll(rounded(draw, ScalarType.Double));
        cases.addAll(rounded(draw, ScalarType.Float));
        return cases;
    }

    /** Operations whose results are the same in every floating type, but for the range of sums and products. */
    private static List<Case> exact(Draw draw, ScalarType type) {
        return List.of(
                unary("neg", draw, type, Tensor::neg),
                unary("abs", draw, type, Tensor::abs),
                unary("sign", draw, type, Tensor::sign),
                unary("floor", draw, type, Tensor::floor),
                unary("ceil", draw, type, Tensor::ceil),
                unary("round", draw, type, Tensor::round),
                unary("trunc", draw, type, Tensor::trunc),
                unary("isnan", draw, type, Tensor::isnan),
                binary("add", draw, type, ORDERED, ORDERED, Tensor::add),
                binary("sub", draw, type, ORDERED, ORDERED, Tensor::sub),
                binary("mul", draw, type, ORDERED, ORDERED, Tensor::mul),
                binary("maximum", draw, type, ORDERED, ORDERED, torch::maximum),
                binary("minimum", draw, type, ORDERED, ORDERED, torch::minimum),
                binary("lt", draw, type, ORDERED, ORDERED, Tensor::lt),
                binary("le", draw, type, ORDERED, ORDERED, Tensor::le),
                binary("gt", draw, type, ORDERED, ORDERED, Tensor::gt),
                binary("ge", draw, type, ORDERED, ORDERED, Tensor::ge),
                binary("eq", draw, type, ORDERED, ORDERED, Tensor::eq),
                binary("ne", draw, type, ORDERED, ORDERED, Tensor::ne),
                binary("where_a_less_than_b_then_a_else_b", draw, type, ORDERED, ORDERED,
                        (a, b) -> torch.where(a.lt(b), a, b)));
    }

    private static List<Case> rounded(Draw draw, ScalarType type) {
        return List.of(
                unary("reciprocal", draw, type, Tensor::reciprocal),
                unary("square", draw, type, Tensor::square),
                unary("sqrt", draw, type, Tensor::sqrt),
                unary("rsqrt", draw, type, Tensor::rsqrt),
                unary("exp", draw, type, Tensor::exp),
                unary("expm1", draw, type, Tensor::expm1),
                unary("log", draw, type, Tensor::log),
                unary("log1p", draw, type, Tensor::log1p),
                unary("sin", draw, type, Tensor::sin),
                unary("cos", draw, type, Tensor::cos),
                unary("tanh", draw, type, Tensor::tanh),
                unary("erf", draw, type, Tensor::erf),
                binary("div", draw, type, ORDERED, ORDERED, Tensor::div),
                binary("pow", draw, type, BASES, EXPONENTS, Tensor::pow));
    }

    private static Case unary(String name, Draw draw, ScalarType type, UnaryOperator<Tensor> function) {
        return new Experiment(named(name, type), draw).variable("x", Draw.tensor(LINE, LINE.length).to(type))
                .run(in -> function.apply(in.get("x")));
    }

    private static Case binary(String name, Draw draw, ScalarType type, double[] a, double[] b,
            BinaryOperator<Tensor> function) {
        double[] left = new double[a.length * b.length];
        double[] right = new double[a.length * b.length];
        for (int i = 0; i < left.length; i++) {
            left[i] = a[i / b.length];
            right[i] = b[i % b.length];
        }
        return new Experiment(named(name, type), draw)
                .variable("a", Draw.tensor(left, a.length, b.length).to(type))
                .variable("b", Draw.tensor(right, a.length, b.length).to(type))
                .run(in -> function.apply(in.get("a"), in.get("b")));
    }

    private static String named(String name, ScalarType type) {
        return type == ScalarType.Float ? name + "_float32" : name;
    }
}
