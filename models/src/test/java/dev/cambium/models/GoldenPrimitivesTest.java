package dev.cambium.models;

import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.Window2d;

/** The primitives of the platform and their gradients against PyTorch. */
class GoldenPrimitivesTest {
    @TestFactory
    Stream<DynamicTest> convolution() {
        return Golden.checkY(GoldenCase.all("conv2d"), (golden, in) -> {
            Tensor weight = get(in, "weight");
            Tensor y = get(in, "x").conv2d(weight, window(golden, weight), golden.settings().get("groups").getAsInt());
            return withBias(y, in);
        });
    }

    /** All but the case in which several NaNs stand in one window: the platform's winner is the first, PyTorch's the last. */
    @TestFactory
    Stream<DynamicTest> max_pooling() {
        return Golden.checkY(GoldenCase.all("max_pool2d").filter(golden -> !golden.name().equals("nan_wins")),
                (golden, in) -> {
                    int[] size = golden.pair("window");
                    return get(in, "x").maxPool2d(window(golden, size[0], size[1]));
                });
    }

    @TestFactory
    Stream<DynamicTest> products() {
        return Golden.checkY(GoldenCase.all("matmul"), (golden, in) -> get(in, "a").matmul(get(in, "b")));
    }

    @TestFactory
    Stream<DynamicTest> elementwise() {
        return Golden.checkY(GoldenCase.all("elementwise").map(GoldenPrimitivesTest::withoutSignOfNan),
                (golden, in) -> in.containsKey("x") ? unary(golden.operation(), get(in, "x"))
                        : binary(golden.operation(), get(in, "a"), get(in, "b")));
    }

    /** The sign of NaN, which stands last, is NaN on the platform, 0 in PyTorch; the gradient of |x| is a product with it. */
    private static GoldenCase withoutSignOfNan(GoldenCase golden) {
        return golden.name().equals("sign") || golden.name().equals("abs")
                ? golden.rows(IntStream.range(0, 25).toArray())
                : golden;
    }

    @TestFactory
    Stream<DynamicTest> reductions_and_broadcasting() {
        return Golden.checkY(GoldenCase.all("reductions").map(GoldenPrimitivesTest::withoutGradientOfNan),
                (golden, in) -> {
                    String operation = golden.name().substring(0, golden.name().indexOf('_'));
                    return switch (operation) {
                        case "sum" -> get(in, "x").sum(golden.ints("axes"));
                        case "mean" -> get(in, "x").mean(golden.ints("axes"));
                        case "max" -> get(in, "x").max(golden.ints("axes"));
                        case "min" -> get(in, "x").min(golden.ints("axes"));
                        case "argmax" -> get(in, "x").argMax(golden.ints("axes")[0]);
                        case "broadcast" -> broadcasting(golden.name(), get(in, "a"), get(in, "b"));
                        default -> throw new IllegalArgumentException(operation);
                    };
                });
    }

    /**
     * Where NaN is the largest or smallest of a row, here the second, it gets the gradient on the platform; in PyTorch the
     * gradient of the whole row is NaN.
     */
    private static GoldenCase withoutGradientOfNan(GoldenCase golden) {
        return golden.name().endsWith("shares_the_gradient_among_ties") ? golden.rows(0, 2, 3) : golden;
    }

    @TestFactory
    Stream<DynamicTest> activations_and_softmax() {
        return Golden.checkY(GoldenCase.all("activations"), (golden, in) -> {
            Tensor x = get(in, "x");
            return switch (golden.operation()) {
                case "relu" -> x.relu();
                case "sigmoid" -> x.sigmoid();
                case "tanh" -> x.tanh();
                case "gelu" -> x.mul(0.5).mul(x.mul(Math.sqrt(0.5)).erf().add(1));
                default -> golden.name().startsWith("log_softmax") ? x.logSoftmax(axis(golden))
                        : x.softmax(axis(golden));
            };
        });
    }

    private static int axis(GoldenCase golden) {
        return golden.settings().get("axis").getAsInt();
    }

    private static Tensor unary(String name, Tensor x) {
        return switch (name) {
            case "neg" -> x.neg();
            case "abs" -> x.abs();
            case "sign" -> x.sign();
            case "floor" -> x.floor();
            case "ceil" -> x.ceil();
            case "round" -> x.round();
            case "trunc" -> Tensor.select(x.lt(Tensor.zeros(x.type())), x.ceil(), x.floor());
            case "isnan" -> x.ne(x);
            case "reciprocal" -> x.reciprocal();
            case "square" -> x.mul(x);
            case "sqrt" -> x.sqrt();
            case "rsqrt" -> x.rsqrt();
            case "exp" -> x.exp();
            case "expm1" -> x.expm1();
            case "log" -> x.log();
            case "log1p" -> x.log1p();
            case "sin" -> x.sin();
            case "cos" -> x.cos();
            case "tanh" -> x.tanh();
            case "erf" -> x.erf();
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Tensor binary(String name, Tensor a, Tensor b) {
        return switch (name) {
            case "add" -> a.add(b);
            case "sub" -> a.sub(b);
            case "mul" -> a.mul(b);
            case "div" -> a.div(b);
            case "pow" -> a.pow(b);
            case "maximum" -> a.max(b);
            case "minimum" -> a.min(b);
            case "lt" -> a.lt(b);
            case "le" -> a.le(b);
            case "gt" -> a.gt(b);
            case "ge" -> a.ge(b);
            case "eq" -> a.eq(b);
            case "ne" -> a.ne(b);
            case "where_a_less_than_b_then_a_else_b" -> Tensor.select(a.lt(b), a, b);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Tensor broadcasting(String name, Tensor a, Tensor b) {
        return switch (name) {
            case "broadcast_add" -> a.add(b);
            case "broadcast_sub_scalar" -> a.sub(b);
            case "broadcast_mul" -> a.mul(b);
            case "broadcast_div" -> a.div(b.abs().add(b.mul(b)));
            default -> throw new IllegalArgumentException(name);
        };
    }

    static Window2d window(GoldenCase golden, Tensor weight) {
        return window(golden, weight.shape().dim(2), weight.shape().dim(3));
    }

    private static Window2d window(GoldenCase golden, int height, int width) {
        int[] stride = golden.pair("stride");
        int[] dilation = golden.pair("dilation");
        boolean same = golden.settings().get("padding").isJsonPrimitive();
        int[] padding = same ? new int[2] : golden.pair("padding");
        var window = new Window2d(height, width, stride[0], stride[1], dilation[0], dilation[1], padding[0],
                padding[0], padding[1], padding[1]);
        return same ? window.samePadding() : window;
    }

    static Tensor withBias(Tensor images, SequencedMap<String, Tensor> in) {
        return in.containsKey("bias") ? images.add(get(in, "bias").reshape(-1, 1, 1)) : images;
    }

    static Tensor get(SequencedMap<String, Tensor> in, String name) {
        return Objects.requireNonNull(in.get(name), name);
    }
}
