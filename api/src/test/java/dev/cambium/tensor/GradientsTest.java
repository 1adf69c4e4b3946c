package dev.cambium.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cambium.reference.ReferenceBackend;

class GradientsTest {
    /** A function and where to take its gradients. */
    record Case(String name, Function<List<Tensor>, Tensor> function, List<NdArray> at) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case of(String name, Function<List<Tensor>, Tensor> function, NdArray... at) {
        return new Case(name, function, List.of(at));
    }

    private static NdArray within(double low, double high, int... dims) {
        return Values.reals(new Random(Arrays.hashCode(dims)), low, high, Shape.of(dims));
    }

    private static NdArray reals(int... dims) {
        return within(-1, 1, dims);
    }

    private static NdArray distinct(int... dims) {
        return Values.distinct(new Random(Arrays.hashCode(dims)), Shape.of(dims));
    }

    private static Tensor longs(Shape shape, long... values) {
        return Tensor.constant(NdArray.of(shape, values));
    }

    private static Tensor primitive(Op op, Shape shape, Tensor... inputs) {
        return Tensor.of(op, new TensorType(DType.FLOAT64, shape), inputs);
    }

    // ---- every primitive against finite differences, and the gradients of its gradients too

    private static Stream<Case> elementwise() {
        return Stream.of(
                of("neg", x -> x.get(0).neg(), reals(3)),
                of("abs", x -> x.get(0).abs(), distinct(5)),
                of("exp", x -> x.get(0).exp(), reals(3)),
                of("expm1", x -> x.get(0).expm1(), reals(3)),
                of("log", x -> x.get(0).log(), within(0.5, 2, 3)),
                of("log1p", x -> x.get(0).log1p(), within(-0.5, 1, 3)),
                of("sqrt", x -> x.get(0).sqrt(), within(0.5, 2, 3)),
                of("rsqrt", x -> x.get(0).rsqrt(), within(0.5, 2, 3)),
                of("reciprocal", x -> x.get(0).reciprocal(), within(0.5, 2, 3)),
                of("sin", x -> x.get(0).sin(), reals(3)),
                of("cos", x -> x.get(0).cos(), reals(3)),
                of("tanh", x -> x.get(0).tanh(), reals(3)),
                of("sigmoid", x -> x.get(0).sigmoid(), reals(3)),
                of("erf", x -> x.get(0).erf(), reals(3)),
                of("sign", x -> x.get(0).sign(), distinct(4)),
                of("floor", x -> x.get(0).floor(), distinct(4)),
                of("ceil", x -> x.get(0).ceil(), distinct(4)),
                of("round", x -> x.get(0).round(), distinct(4)),
                of("add", x -> x.get(0).add(x.get(1)), reals(2, 3), reals(3)),
                of("sub", x -> x.get(0).sub(x.get(1)), reals(2, 1), reals(1, 3)),
                of("mul", x -> x.get(0).mul(x.get(1)), reals(2, 3), reals()),
                of("div", x -> x.get(0).div(x.get(1)), reals(1, 3), within(0.5, 2, 2, 1)),
                of("pow", x -> x.get(0).pow(x.get(1)), within(0.5, 2, 2, 3), within(-2, 2, 3)),
                of("pow of negative numbers", x -> x.get(0).pow(3), distinct(4)),
                of("max", x -> x.get(0).max(x.get(1)), distinct(2, 3), reals(2, 3)),
                of("max, one side repeated", x -> x.get(0).max(x.get(1)), distinct(2, 3), within(0.01, 0.02, 3)),
                of("min", x -> x.get(0).min(x.get(1)), distinct(2, 3), reals(2, 3)),
                of("min, one side repeated", x -> x.get(0).min(x.get(1)), distinct(2, 3), within(0.01, 0.02, 1)),
                of("select", x -> Tensor.select(x.get(0).gt(x.get(1)), x.get(0).mul(x.get(1)), x.get(1).sin()),
                        distinct(2, 3), within(0.01, 0.02, 3)),
                of("relu", x -> x.get(0).relu().mul(x.get(0)), distinct(5)),
                of("clamp", x -> x.get(0).clamp(-0.1, 0.1).mul(x.get(0)), distinct(6)),
                of("cast", x -> x.get(0).cast(DType.FLOAT32).sin().cast(DType.FLOAT64).mul(x.get(0)), reals(3)),
                of("stop gradient", x -> x.get(0).mul(x.get(1)).sub(x.get(0).stopGradient().mul(0)), reals(2),
                        reals(2)));
    }

    private static Stream<Case> reductionsAndShapes() {
        return Stream.of(
                of("sum", x -> x.get(0).sin().sum(1), reals(2, 3, 2)),
                of("sum over several axes", x -> x.get(0).sin().sum(0, -1), reals(2, 3, 2)),
                of("sum over all", x -> x.get(0).sin().sum(), reals(1, 3)),
                of("mean", x -> x.get(0).sin().mean(0), reals(3, 2)),
                of("reduce max", x -> x.get(0).max(1).mul(x.get(0).max(1)), distinct(2, 3, 2)),
                of("reduce max over all", x -> x.get(0).max().sin(), distinct(2, 3)),
                of("reduce min", x -> x.get(0).min(0, 2).sin(), distinct(2, 3, 2)),
                of("softmax", x -> x.get(0).softmax(-1), reals(2, 3)),
                of("softmax along the first axis", x -> x.get(0).softmax(0), reals(3, 2)),
                of("log softmax", x -> x.get(0).logSoftmax(1), reals(2, 3)),
                of("reshape", x -> x.get(0).reshape(3, -1).sin(), reals(2, 3)),
                of("transpose", x -> x.get(0).transpose(2, 0, 1).sin(), reals(2, 3, 4)),
                of("broadcast", x -> x.get(0).broadcastTo(Shape.of(2, 2, 3)).sin(), reals(2, 1)),
                of("broadcast of a scalar", x -> x.get(0).broadcastTo(Shape.of(2, 1)).sin(), reals()),
                of("slice", x -> x.get(0).slice(1, 1, 3).sin(), reals(2, 4)),
                of("slice with steps", x -> x.get(0).slice(0, 1, 6, 2).sin(), reals(7)),
                of("slice with steps and a rest", x -> x.get(0).slice(0, 0, 5, 3).sin(), reals(7)),
                of("pad", x -> x.get(0).pad(1, 2, 1).exp(), reals(2, 2)),
                of("pad between neighbours",
                        x -> primitive(new Op.Pad(List.of(1, 0), List.of(0, 2), List.of(2, 1)), Shape.of(5, 7),
                                x.get(0))
                                        .exp(),
                        reals(2, 3)),
                of("concat", x -> Tensor.concat(1, List.of(x.get(0), x.get(1), x.get(0))).sin(), reals(2, 3),
                        reals(2, 1)),
                of("stack", x -> Tensor.stack(0, List.of(x.get(0), x.get(1))).sin(), reals(2), reals(2)),
                of("reverse", x -> x.get(0).reverse(0, 2).mul(x.get(0)), reals(2, 3, 2)),
                of("gather", x -> x.get(0).gather(longs(Shape.of(2, 2), 2, 0, 2, 2)).sin(), reals(3, 2)),
                of("scatter add", x -> x.get(0).scatterAdd(longs(Shape.of(3), 1, 0, 1), x.get(1)).sin(), reals(3, 2),
                        reals(3, 2)));
    }

    private static Stream<Case> products() {
        var strided = new Window2d(3, 2, 2, 1, 1, 1, 1, 0, 0, 1);
        var dilated = new Window2d(2, 2, 1, 2, 2, 3, 0, 1, 1, 0);
        return Stream.of(
                of("matmul", x -> x.get(0).matmul(x.get(1)), reals(2, 3), reals(3, 4)),
                of("matmul of batches", x -> x.get(0).matmul(x.get(1)), reals(2, 2, 3), reals(2, 3, 1)),
                of("matmul, one matrix for all", x -> x.get(0).matmul(x.get(1)), reals(2, 1, 2, 3), reals(2, 3, 2)),
                of("conv2d", x -> x.get(0).conv2d(x.get(1), Window2d.square(2, 1), 1), reals(2, 2, 3, 4),
                        reals(3, 2, 2, 2)),
                of("conv2d, strides and odd padding", x -> x.get(0).conv2d(x.get(1), strided, 1), reals(1, 2, 5, 3),
                        reals(2, 2, 3, 2)),
                of("conv2d, dilation", x -> x.get(0).conv2d(x.get(1), dilated, 1), reals(1, 1, 5, 6),
                        reals(2, 1, 2, 2)),
                of("conv2d, groups", x -> x.get(0).conv2d(x.get(1), Window2d.square(2, 1).samePadding(), 2),
                        reals(1, 4, 2, 2), reals(2, 2, 2, 2)),
                of("conv2d, each channel on its own", x -> x.get(0).conv2d(x.get(1), Window2d.square(2, 2), 3),
                        reals(1, 3, 4, 4), reals(3, 1, 2, 2)),
                of("conv2d, single places", x -> x.get(0).conv2d(x.get(1), Window2d.square(1, 1), 1), reals(2, 1, 1, 1),
                        reals(1, 1, 1, 1)),
                of("conv2d's input gradient",
                        x -> primitive(new Op.Conv2dInputGradient(strided, 2), Shape.of(1, 4, 5, 3), x.get(0),
                                x.get(1)),
                        reals(1, 2, 2, 3), reals(2, 2, 3, 2)),
                of("conv2d's weight gradient",
                        x -> primitive(new Op.Conv2dWeightGradient(dilated, 2), Shape.of(2, 1, 2, 2), x.get(0),
                                x.get(1)),
                        reals(2, 2, 4, 4), reals(2, 2, 3, 1)));
    }

    private static Stream<Case> pooling() {
        var overlapping = new Window2d(3, 2, 2, 1, 1, 1, 1, 0, 0, 1);
        var dilated = new Window2d(2, 2, 1, 2, 2, 1, 1, 1, 1, 0);
        return Stream.of(
                of("max pool", x -> x.get(0).maxPool2d(2).mul(x.get(0).maxPool2d(2)), distinct(1, 2, 4, 5)),
                of("max pool, overlapping and padded", x -> x.get(0).maxPool2d(overlapping).sin(),
                        distinct(2, 1, 4, 3)),
                of("max pool, dilation", x -> x.get(0).maxPool2d(dilated).sin(), distinct(1, 1, 4, 5)),
                of("max pool's gradient",
                        x -> primitive(new Op.MaxPool2dGradient(overlapping), Shape.of(1, 1, 4, 3),
                                Tensor.constant(distinct(1, 1, 4, 3)), x.get(0)).sin(),
                        reals(1, 1, 2, 3)),
                of("max pool's pick",
                        x -> primitive(new Op.MaxPool2dPick(overlapping), Shape.of(1, 1, 2, 3),
                                Tensor.constant(distinct(1, 1, 4, 3)), x.get(0)).sin(),
                        reals(1, 1, 4, 3)),
                of("mean pool", x -> x.get(0).avgPool2d(Window2d.square(2, 2)).sin(), reals(1, 2, 4, 5)),
                of("mean pool, overlapping and padded", x -> x.get(0).avgPool2d(overlapping).sin(), reals(2, 1, 4, 3)),
                of("sum pool's gradient",
                        x -> primitive(new Op.SumPool2dGradient(overlapping), Shape.of(1, 1, 4, 3), x.get(0)).sin(),
                        reals(1, 1, 2, 3)));
    }

    private static Stream<Case> regions() {
        Function<List<Tensor>, Tensor> body = in -> in.get(0).mul(in.get(1)).add(in.get(0).sin());
        GradientRule rule = (in, _, dy) -> List.of(dy.mul(in.get(1).add(in.get(0).cos())), dy.mul(in.get(0)));
        return Stream.of(
                of("region", x -> Tensor.region("r", x, body).exp(), reals(3), reals(3)),
                of("region of one tensor twice", x -> Tensor.region("r", List.of(x.get(0), x.get(0)), body).exp(),
                        reals(3)),
                of("region with a gradient of its own", x -> Tensor.region("r", x, body, rule).exp(), reals(3),
                        reals(3)),
                of("region with a gradient of its own, of one tensor twice",
                        x -> Tensor.region("r", List.of(x.get(0), x.get(0)), body, rule).exp(), reals(3)),
                of("region in a region", x -> Tensor.region("outer", x,
                        in -> Tensor.region("inner", in.reversed(), body).add(Tensor.region("own", in, body, rule)))
                        .exp(),
                        reals(3), reals(3)),
                of("region that is its own input", x -> Tensor.region("same", x, in -> in.get(1)).exp(), reals(2),
                        reals(2)),
                of("region in a row", x -> {
                    Tensor first = Tensor.region("r", x, body);
                    return Tensor.region("r", List.of(first, x.get(1)), body).mul(first);
                }, reals(3), reals(3)));
    }

    static Stream<Case> cases() {
        return Stream.of(elementwise(), reductionsAndShapes(), products(), pooling(), regions()).flatMap(each -> each);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradients_and_their_gradients_agree_with_finite_differences(Case each) {
        GradientCheck.check(each.function(), each.at());
    }

    /** What no gradient enters: leaves, and operations whose results are not floating. */
    private static final Set<Class<?>> WITHOUT_GRADIENT = Set.of(Op.ReadVariable.class, Op.Iota.class,
            Op.RandomBits.class,
            Op.ArgMax.class);

    @Test
    void the_cases_cover_every_primitive() {
        var ops = new HashSet<Class<?>>(WITHOUT_GRADIENT);
        var unary = EnumSet.of(Op.UnaryKind.NOT);
        var binary = EnumSet.of(Op.BinaryKind.AND, Op.BinaryKind.OR, Op.BinaryKind.XOR, Op.BinaryKind.SHIFT_LEFT,
                Op.BinaryKind.SHIFT_RIGHT);
        var reduce = EnumSet.noneOf(Op.ReduceKind.class);
        cases().forEach(each -> {
            List<Tensor> x = each.at().stream().map(array -> Tensor.input("x", array.type())).toList();
            for (Tensor tensor : Graph.topological(List.of(each.function().apply(x)))) {
                ops.add(tensor.op().getClass());
                if (tensor.op() instanceof Op.Unary(var kind)) {
                    unary.add(kind);
                } else if (tensor.op() instanceof Op.Binary(var kind)) {
                    binary.add(kind);
                } else if (tensor.op() instanceof Op.Reduce(var kind, _)) {
                    reduce.add(kind);
                }
            }
        });
        assertThat(ops).containsExactlyInAnyOrder(Op.class.getPermittedSubclasses());
        assertThat(unary).containsExactly(Op.UnaryKind.values());
        assertThat(binary).containsExactly(Op.BinaryKind.values());
        assertThat(reduce).containsExactly(Op.ReduceKind.values());
    }

    @Test
    void gradients_of_random_convolutions_and_pools_agree_with_finite_differences() {
        var random = new Random(7);
        for (int trial = 0; trial < 40; trial++) {
            int groups = random.nextInt(1, 3);
            var window = new Window2d(random.nextInt(1, 4), random.nextInt(1, 4), random.nextInt(1, 4),
                    random.nextInt(1, 4),
                    random.nextInt(1, 3), random.nextInt(1, 3), random.nextInt(3), random.nextInt(3), random.nextInt(3),
                    random.nextInt(3));
            int height = Math.max(1, window.spanHeight() - window.top() - window.bottom()) + random.nextInt(3);
            int width = Math.max(1, window.spanWidth() - window.left() - window.right()) + random.nextInt(3);
            Shape images = Shape.of(random.nextInt(1, 3), groups * random.nextInt(1, 3), height, width);
            Shape weights = Shape.of(groups * random.nextInt(1, 3), images.dim(1) / groups, window.height(),
                    window.width());
            GradientCheck.checkOnce(x -> x.get(0).conv2d(x.get(1), window, groups),
                    List.of(Values.reals(random, -1, 1, images), Values.reals(random, -1, 1, weights)));
            GradientCheck.checkOnce(x -> x.get(0).avgPool2d(window), List.of(Values.reals(random, -1, 1, images)));
            var fitting = new Window2d(window.height(), window.width(), window.strideHeight(), window.strideWidth(), 1,
                    1,
                    window.height() / 2, 0, window.width() / 2, 0);
            Shape larger = Shape.of(1, 2, height + window.height(), width + window.width());
            GradientCheck.checkOnce(x -> x.get(0).maxPool2d(fitting), List.of(Values.distinct(random, larger)));
        }
    }

    @Test
    void gradients_of_random_broadcasts_agree_with_finite_differences() {
        var random = new Random(8);
        for (int trial = 0; trial < 40; trial++) {
            int[] full = random.ints(random.nextInt(4), 1, 4).toArray();
            Shape a = squeezed(random, full);
            Shape b = squeezed(random, full);
            GradientCheck.checkOnce(x -> x.get(0).add(1).mul(x.get(1)).sum(), List.of(
                    Values.reals(random, -1, 1, a), Values.reals(random, -1, 1, b)));
        }
    }

    /** Some of the outer dimensions dropped, others of extent 1. */
    private static Shape squeezed(Random random, int... dims) {
        int[] kept = Arrays.copyOfRange(dims, random.nextInt(dims.length + 1), dims.length);
        return Shape.of(Arrays.stream(kept).map(dim -> random.nextInt(3) == 0 ? 1 : dim).toArray());
    }

    @Test
    void gradients_of_a_whole_network_agree_with_finite_differences() {
        Tensor labels = longs(Shape.of(2), 2, 0);
        GradientCheck.checkOnce(x -> {
            Tensor hidden = x.get(0).conv2d(x.get(1), Window2d.square(3, 1).samePadding(), 1)
                    .add(x.get(2).reshape(2, 1, 1)).relu().maxPool2d(2).flatten(1);
            Tensor logits = hidden.matmul(x.get(3).transpose()).add(x.get(4));
            return logits.logSoftmax(1).mul(labels.oneHot(3, DType.FLOAT64)).sum(1).neg().mean();
        }, List.of(distinct(2, 1, 4, 4), reals(2, 1, 3, 3), reals(2), reals(3, 8), reals(3)));
    }

    // ---- what the rules do where finite differences do not help

    private static List<double[]> gradients(Function<List<Tensor>, Tensor> function, NdArray... at) {
        List<Tensor> x = Stream.of(at).map(Tensor::constant).toList();
        return Gradients.of(function.apply(x).sum(), x).stream()
                .map(gradient -> ReferenceBackend.evaluate(gradient).toDoubleArray()).toList();
    }

    private static NdArray doubles(double... values) {
        return NdArray.of(Shape.of(values.length), values);
    }

    @Test
    void of_two_equal_numbers_each_takes_half_of_the_gradient_of_the_larger_and_the_smaller() {
        NdArray a = doubles(1, 2, 3);
        NdArray b = doubles(2, 2, 2);
        assertThat(gradients(x -> x.get(0).max(x.get(1)), a, b)).containsExactly(new double[] {0, 0.5, 1},
                new double[] {1, 0.5, 0});
        assertThat(gradients(x -> x.get(0).min(x.get(1)), a, b)).containsExactly(new double[] {1, 0.5, 0},
                new double[] {0, 0.5, 1});
    }

    @Test
    void equals_share_the_gradient_of_a_reduction_and_the_first_takes_that_of_a_pool() {
        assertThat(gradients(x -> x.get(0).max(0), doubles(1, 5, 5, 5, 5))).containsExactly(
                new double[] {0, 0.25, 0.25, 0.25, 0.25});
        assertThat(gradients(x -> x.get(0).min(0), doubles(1, 1, 5))).containsExactly(new double[] {0.5, 0.5, 0});
        assertThat(gradients(x -> x.get(0).reshape(1, 1, 2, 2).maxPool2d(2), doubles(1, 5, 5, 5)))
                .containsExactly(new double[] {0, 1, 0, 0});
    }

    @Test
    void an_infinite_gradient_does_not_spoil_what_did_not_win() {
        Function<Tensor, Tensor> steep = y -> y.sub(2).sqrt();
        assertThat(gradients(x -> steep.apply(x.get(0).max(x.get(1))), doubles(1), doubles(2))).containsExactly(
                new double[] {0}, new double[] {Double.POSITIVE_INFINITY});
        assertThat(gradients(x -> steep.apply(x.get(0).max(0)), doubles(1, 2))).containsExactly(
                new double[] {0, Double.POSITIVE_INFINITY});
    }

    @Test
    void a_nan_wins_its_gradient_and_that_of_the_other_too() {
        assertThat(gradients(x -> x.get(0).max(x.get(1)), doubles(Double.NaN, 1), doubles(1, Double.NaN)))
                .containsExactly(new double[] {1, 1}, new double[] {1, 1});
        assertThat(gradients(x -> x.get(0).max(0), doubles(Double.NaN, 1))).containsExactly(new double[] {1, 0});
    }

    @Test
    void relu_and_abs_have_no_slope_at_zero() {
        assertThat(gradients(x -> x.get(0).relu(), doubles(-1, 0, 1))).containsExactly(new double[] {0, 0, 1});
        assertThat(gradients(x -> x.get(0).abs(), doubles(-1, 0, 1))).containsExactly(new double[] {-1, 0, 1});
    }

    @Test
    void powers_have_gradients_at_a_base_of_zero() {
        assertThat(gradients(x -> x.get(0).pow(x.get(1)), doubles(0, 0, 0), doubles(0, 1, 2)))
                .containsExactly(new double[] {0, 1, 0}, new double[] {0, 0, 0});
    }

    @Test
    void log_softmax_has_finite_gradients_where_a_class_is_impossible() {
        double sigma = 1 / (1 + Math.E);
        List<double[]> gradients = gradients(x -> x.get(0).logSoftmax(0).slice(0, 0, 1),
                doubles(0, 1, Double.NEGATIVE_INFINITY));
        assertThat(gradients.get(0)).containsExactly(new double[] {1 - sigma, sigma - 1, 0},
                offset(1e-15));
    }

    @Test
    void no_gradient_passes_a_stop_a_comparison_an_index_or_a_step() {
        NdArray at = doubles(1, 2, 3);
        List<Function<Tensor, Tensor>> flat = List.of(Tensor::stopGradient, x -> x.gt(x.reverse(0)).cast(DType.FLOAT64),
                x -> x.argMax(0).cast(DType.FLOAT64), Tensor::floor, Tensor::sign,
                x -> x.cast(DType.INT32).cast(DType.FLOAT64));
        for (Function<Tensor, Tensor> each : flat) {
            assertThat(gradients(x -> each.apply(x.get(0)), at)).containsExactly(new double[] {0, 0, 0});
        }
        assertThat(gradients(x -> x.get(0).mul(x.get(0).stopGradient()), at)).containsExactly(new double[] {1, 2, 3});
    }

    @Test
    void a_tensor_used_twice_gets_the_sum_of_both_gradients() {
        assertThat(gradients(x -> x.get(0).mul(x.get(0)).add(x.get(0)), doubles(1, 2))).containsExactly(
                new double[] {3, 5});
    }

    @Test
    void a_variable_read_once_gets_the_sum_of_the_gradients_of_all_its_uses() {
        var variable = new Variable("w", new TensorType(DType.FLOAT64, Shape.of(2)), Variable.Role.PARAMETER);
        Tensor w = variable.read();
        Tensor gradient = Gradients.of(w.mul(3).add(w.mul(w)).sum(), List.of(w)).get(0);
        try (var backend = ReferenceBackend.rounded();
                var buffer = backend.buffer(doubles(1, 2));
                var executable = backend.compile(Graph.of("g", gradient), Map.of(variable, buffer))) {
            assertThat(executable.run(Map.of())).containsExactly(Map.entry("g", doubles(5, 7)));
        }
    }

    @Test
    void what_the_loss_does_not_depend_on_gets_zeros_of_its_type() {
        Tensor used = Tensor.constant(doubles(1, 2));
        Tensor unused = Tensor.input("x", new TensorType(DType.FLOAT32, Shape.of(2, 3)));
        List<Tensor> gradients = Gradients.of(used.sum(), List.of(unused, used));
        assertThat(gradients.get(0).type()).hasToString("float32[2, 3]");
        assertThat(ReferenceBackend.evaluate(gradients.get(0)).toDoubleArray()).containsExactly(0, 0, 0, 0, 0, 0);
    }

    @Test
    void gradients_by_a_value_in_the_middle_and_by_the_loss_itself() {
        Tensor x = Tensor.constant(doubles(1, 2));
        Tensor middle = x.mul(3);
        Tensor loss = middle.mul(middle).sum();
        List<Tensor> gradients = Gradients.of(loss, List.of(middle, x, loss, middle));
        assertThat(gradients.stream().map(gradient -> ReferenceBackend.evaluate(gradient).toDoubleArray()))
                .containsExactly(new double[] {6, 12}, new double[] {18, 36}, new double[] {1}, new double[] {6, 12});
    }

    @Test
    void a_vector_times_the_jacobian() {
        Tensor x = Tensor.constant(doubles(1, 2));
        Tensor gradient = Gradients.of(x.mul(x), Tensor.constant(doubles(10, 100)), List.of(x)).get(0);
        assertThat(ReferenceBackend.evaluate(gradient).toDoubleArray()).containsExactly(20, 400);
    }

    @Test
    void a_regions_own_gradient_takes_the_place_of_its_bodys() {
        Function<List<Tensor>, Tensor> body = in -> in.get(0).round();
        GradientRule straightThrough = (_, _, dy) -> List.of(dy);
        assertThat(gradients(x -> Tensor.region("round", x, body, straightThrough).mul(2), doubles(1.2, 1.8)))
                .containsExactly(new double[] {2, 2});
        assertThat(gradients(x -> Tensor.region("round", x, body).mul(2), doubles(1.2, 1.8)))
                .containsExactly(new double[] {0, 0});
    }

    @Test
    void a_regions_own_gradient_must_fit_its_inputs() {
        Tensor x = Tensor.input("x", new TensorType(DType.FLOAT32, Shape.of(2, 3)));
        Tensor labels = Tensor.input("labels", new TensorType(DType.INT64, Shape.of(2)));
        Function<List<Tensor>, Tensor> body = in -> in.get(0).sum();
        Tensor few = LayerPath.within("net/loss",
                () -> Tensor.region("my_loss", List.of(x, labels), body, (_, _, dy) -> List.of(dy)));
        assertThatThrownBy(() -> Gradients.of(few, List.of(x))).isInstanceOf(ShapeException.class)
                .hasMessage("net/loss: the gradient of my_loss gives 1 tensors for 2 inputs");
        Tensor wrong = LayerPath.within("net/loss", () -> Tensor.region("my_loss", List.of(x, labels), body,
                (in, _, dy) -> List.of(dy, Tensor.zeros(in.get(1).type()))));
        assertThatThrownBy(() -> Gradients.of(wrong, List.of(x))).isInstanceOf(ShapeException.class)
                .hasMessage(
                        "net/loss: the gradient of my_loss by input 0 is float32[], but the input is float32[2, 3]");
    }

    @Test
    void only_floating_point_scalars_have_gradients_and_only_by_floating_point_tensors() {
        Tensor x = Tensor.input("x", new TensorType(DType.FLOAT32, Shape.of(2)));
        Tensor labels = Tensor.input("labels", new TensorType(DType.INT64, Shape.of(2)));
        assertThatThrownBy(() -> Gradients.of(x, List.of(x))).isInstanceOf(ShapeException.class).hasMessage(
                "gradients are taken of a floating-point scalar, not of float32[2]; take its mean or sum first");
        assertThatThrownBy(() -> Gradients.of(labels.sum(), List.of(x))).isInstanceOf(ShapeException.class).hasMessage(
                "gradients are taken of a floating-point scalar, not of int64[]; take its mean or sum first");
        assertThatThrownBy(() -> Gradients.of(x.sum(), List.of(x, labels))).isInstanceOf(ShapeException.class)
                .hasMessage("gradients are taken by floating-point tensors, not by input int64[2]");
        assertThatThrownBy(() -> Gradients.of(x, x.sum(), List.of(x))).isInstanceOf(ShapeException.class)
                .hasMessage("what flows back into float32[2] must be of that type, not float32[]");
    }

    // ---- odd sizes

    @Test
    void tensors_without_elements_have_gradients_without_elements() {
        List<Case> cases = List.of(
                of("add", x -> x.get(0).add(x.get(1)), reals(2, 0), reals(2, 1)),
                of("sum", x -> x.get(0).sum(1), reals(2, 0)),
                of("max", x -> x.get(0).max(1).add(x.get(1)), reals(0, 2), reals(0)),
                of("mean of no rows", x -> x.get(0).sum(0).mul(x.get(1)), reals(0, 2), reals(2)),
                of("matmul, nothing to sum", x -> x.get(0).matmul(x.get(1)), reals(2, 0), reals(0, 3)),
                of("matmul, no rows", x -> x.get(0).matmul(x.get(1)), reals(0, 2), reals(2, 3)),
                of("conv2d of no images", x -> x.get(0).conv2d(x.get(1), Window2d.square(2, 1), 1), reals(0, 1, 3, 3),
                        reals(1, 1, 2, 2)),
                of("pools of no images", x -> x.get(0).maxPool2d(2).add(x.get(0).avgPool2d(Window2d.square(2, 2))),
                        reals(0, 1, 4, 4)),
                of("slice", x -> x.get(0).slice(0, 1, 1).sum(), reals(3)),
                of("concat", x -> Tensor.concat(0, List.of(x.get(0), x.get(1))), reals(0, 2), reals(1, 2)),
                of("gather of nothing", x -> x.get(0).gather(longs(Shape.of(0))), reals(3, 2)),
                of("scatter of nothing", x -> x.get(0).scatterAdd(longs(Shape.of(0)), x.get(1)), reals(3, 2),
                        reals(0, 2)),
                of("broadcast", x -> x.get(0).broadcastTo(Shape.of(0, 2)), reals(2)),
                of("log softmax", x -> x.get(0).logSoftmax(1), reals(0, 3)));
        for (Case each : cases) {
            GradientCheck.check(each.function(), each.at());
        }
    }

    @Test
    void a_chain_of_100000_operations_is_differentiated_and_run() {
        Tensor x = Tensor.input("x", new TensorType(DType.FLOAT64, Shape.scalar()));
        Tensor y = x;
        for (int i = 0; i < 100_000; i++) {
            y = y.neg();
        }
        Tensor gradient = Gradients.of(y, List.of(x)).get(0);
        assertThat(ReferenceBackend.evaluate(gradient, Map.of("x", NdArray.of(Shape.scalar(), 3.0))).item())
                .isEqualTo(1);
    }

    @Test
    void a_tensor_with_20000_uses_is_differentiated() {
        Tensor x = Tensor.constant(NdArray.of(Shape.scalar(), 1.0));
        var uses = new ArrayList<Tensor>();
        for (int i = 0; i < 20_000; i++) {
            uses.add(x.expand(0));
        }
        Tensor gradient = Gradients.of(Tensor.concat(0, uses).sum(), List.of(x)).get(0);
        assertThat(Graph.of("g", gradient).tensors()).hasSizeGreaterThan(20_000);
    }

    /** Each region's gradient must look at its own body alone, not at all that came before it. */
    @Test
    void a_chain_of_2000_regions_is_differentiated() {
        Tensor x = Tensor.constant(NdArray.of(Shape.of(1, 2), 1.0, 2.0));
        Tensor y = x;
        for (int i = 0; i < 2000; i++) {
            y = y.softmax(1).add(y);
        }
        Tensor gradient = Gradients.of(y.sum(), List.of(x)).get(0);
        assertThat(gradient.type()).isEqualTo(x.type());
    }
}
