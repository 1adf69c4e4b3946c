package dev.cambium.cpu.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Executable;
import dev.cambium.cpu.CpuBackendProvider;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.LayerPath;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Window2d;

/** Small graphs with poolings before and after they are moved, and that what comes out stays the same to the bit. */
class PoolsTest {
    private static final Tensor X = input("x", 3, 4, 7, 9);
    private static final Tensor BIAS = input("bias", 4);

    private static Tensor input(String name, int... dims) {
        return Tensor.input(name, new TensorType(DType.FLOAT32, Shape.of(dims)));
    }

    private static Tensor biased() {
        return X.add(BIAS.reshape(4, 1, 1));
    }

    /** A pooled map, and the gradients by what it is made of, as a training step has them. */
    private static SequencedMap<String, Tensor> trained(Tensor pooled, Tensor... by) {
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("y", pooled);
        Tensor loss = pooled.mul(Tensor.input("gradient", pooled.type())).sum();
        List<Tensor> gradients = Gradients.of(loss, List.of(by));
        for (int i = 0; i < by.length; i++) {
            outputs.put("by " + by[i].op(), gradients.get(i));
        }
        return outputs;
    }

    /** What becomes of a graph, without the windows. */
    private static String early(SequencedMap<String, Tensor> outputs) {
        return Pools.early(Simplifier.simplify(Graph.of(outputs))).toString().replaceAll(" Window2d\\[.*?]", "");
    }

    private static void assertStays(SequencedMap<String, Tensor> outputs) {
        Graph graph = Simplifier.simplify(Graph.of(outputs));
        assertThat(Pools.early(graph)).isSameAs(graph);
    }

    private static void assertStays(Tensor tensor) {
        assertStays(Graph.of("y", tensor).outputs());
    }

    // ---- graphs

    @Test
    void pooling_comes_before_a_bias_and_a_relu_which_keep_their_layers() {
        Tensor sum = LayerPath.within("net/conv", PoolsTest::biased);
        Tensor relu = LayerPath.within("net/relu", sum::relu);
        Tensor y = LayerPath.within("net/pool", () -> relu.maxPool2d(2));
        assertThat(early(Graph.of("y", y).outputs())).isEqualTo("""
                %0 = input 'x' float32[3, 4, 7, 9]
                %1 = max_pool2d float32[3, 4, 3, 4] (%0)   in net/pool
                %2 = input 'bias' float32[4]
                %3 = reshape float32[4, 1, 1] (%2)   in net/conv
                %4 = broadcast float32[3, 4, 3, 4] (%3)   in net/conv
                %5 = add float32[3, 4, 3, 4] (%1, %4)   in net/conv
                %6 = constant 0.0 float32[]   in net/relu
                %7 = broadcast float32[3, 4, 3, 4] (%6)   in net/relu
                %8 = le bool[3, 4, 3, 4] (%5, %7)   in net/relu
                %9 = select float32[3, 4, 3, 4] (%8, %7, %5)   in net/relu
                y → %9
                """);
    }

    @Test
    void a_gradient_is_masked_and_summed_before_it_is_spread() {
        assertThat(early(trained(biased().relu().maxPool2d(2), X, BIAS))).isEqualTo("""
                %0 = input 'x' float32[3, 4, 7, 9]
                %1 = max_pool2d float32[3, 4, 3, 4] (%0)
                %2 = input 'bias' float32[4]
                %3 = reshape float32[4, 1, 1] (%2)
                %4 = broadcast float32[3, 4, 3, 4] (%3)
                %5 = add float32[3, 4, 3, 4] (%1, %4)
                %6 = constant 0.0 float32[]
                %7 = broadcast float32[3, 4, 3, 4] (%6)
                %8 = le bool[3, 4, 3, 4] (%5, %7)
                %9 = select float32[3, 4, 3, 4] (%8, %7, %5)
                %10 = constant 1.0 float32[]
                %11 = reshape float32[1, 1, 1, 1] (%10)
                %12 = broadcast float32[3, 4, 3, 4] (%11)
                %13 = input 'gradient' float32[3, 4, 3, 4]
                %14 = mul float32[3, 4, 3, 4] (%12, %13)
                %15 = select float32[3, 4, 3, 4] (%8, %7, %14)
                %16 = max_pool2d_gradient float32[3, 4, 7, 9] (%0, %15)
                %17 = reduce_sum axes=[0, 2, 3] float32[4] (%15)
                y → %9
                by Input[name=x] → %16
                by Input[name=bias] → %17
                """);
    }

    /** The operations whose results are as large as x. */
    private static List<String> large(SequencedMap<String, Tensor> outputs) {
        return early(outputs).lines().filter(line -> line.contains("[3, 4, 7, 9]")).map(line -> line.split(" ", 4)[2])
                .toList();
    }

    @Test
    void poolings_move_before_chains_of_such_operations() {
        Tensor y = Tensor.full(X.type(), 2).add(X.relu()).add(input("b", 3, 1, 1, 1)).relu().maxPool2d(2);
        assertThat(large(trained(y, X))).containsExactly("input", "max_pool2d_gradient");
    }

    @Test
    void all_poolings_of_one_map_move_and_none_is_made_twice() {
        Tensor relu = biased().relu();
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("two", relu.maxPool2d(2));
        outputs.put("three", relu.maxPool2d(3));
        outputs.put("two of x", X.maxPool2d(2));
        assertThat(large(outputs)).containsExactly("input");
        assertThat(early(outputs).lines().filter(line -> line.contains("= max_pool2d "))).hasSize(2);
    }

    @Test
    void training_keeps_its_sparse_steps() {
        Tensor images = input("images", 50, 16, 14, 14);
        Tensor weights = input("weights", 32, 16, 3, 3);
        Tensor bias = input("bias", 32);
        Tensor y = images.conv2d(weights, Window2d.square(3, 1).padded(1), 1).add(bias.reshape(32, 1, 1)).relu()
                .maxPool2d(2);
        assertThat(Stages.of(Graph.of(trained(y, images, weights, bias))).steps()).contains("pool_max_scatter",
                "list_spread_entries", "sparse_conv2d_gradients");
    }

    // ---- what stays

    @Test
    void who_else_reads_the_larger_map_keeps_it() {
        Tensor relu = X.relu();
        assertStays(relu.maxPool2d(2).sum().add(relu.sum()));
        SequencedMap<String, Tensor> outputs = trained(relu.maxPool2d(2), X);
        outputs.put("relu", relu);
        assertStays(outputs);
        assertStays(trained(relu.maxPool2d(2), relu, X));
        Tensor sum = biased();
        assertStays(sum.maxPool2d(2).sum().add(sum.exp().sum()));
        assertStays(Tensor.of(new Op.MaxPool2dGradient(Window2d.square(2, 2)), X.type(), X, relu)
                .add(relu.maxPool2d(2).sum()));
    }

    @Test
    void a_pooled_map_that_is_not_smaller_stays() {
        assertStays(trained(X.relu().maxPool2d(Window2d.square(3, 1).padded(1)), X));
    }

    @Test
    void windows_that_may_be_of_padding_alone_stay() {
        assertStays(trained(X.relu().maxPool2d(new Window2d(2, 2, 2, 2, 2, 1, 1, 1, 0, 0)), X));
    }

    @Test
    void what_differs_within_a_window_stays() {
        assertStays(X.add(input("rows", 7, 1)).maxPool2d(2));
        assertStays(X.add(input("columns", 9)).maxPool2d(2));
        assertStays(X.add(input("images", 3, 4, 7, 9)).maxPool2d(2));
        assertStays(Tensor.select(X.le(Tensor.full(X.type(), 0)), X.mul(0.1), X).maxPool2d(2));
        assertStays(X.neg().maxPool2d(2));
        assertStays(X.relu().avgPool2d(Window2d.square(2, 2)));
    }

    // ---- values

    private static NdArray array(Tensor tensor, DoubleSupplier values) {
        double[] all = DoubleStream.generate(values).limit(tensor.shape().size()).toArray();
        return Convert.to(tensor.dtype(), NdArray.of(tensor.shape(), all));
    }

    private static Map<String, double[]> run(SequencedMap<String, Tensor> outputs, Map<String, NdArray> values) {
        try (Backend backend = new CpuBackendProvider("cpu", 2, true).open();
                Executable executable = backend.compile(Graph.of(outputs), Map.of())) {
            var results = new HashMap<String, double[]>();
            executable.run(values).forEach((name, value) -> results.put(name, value.toDoubleArray()));
            return results;
        }
    }

    static Stream<Window2d> windows() {
        return Stream.of(Window2d.square(2, 2), Window2d.square(2, 3), Window2d.square(3, 2),
                Window2d.square(3, 2).padded(1), new Window2d(2, 3, 2, 1, 2, 1, 0, 0, 0, 0));
    }

    /** Whole numbers, so that no sum is rounded; the larger map as an output keeps all as it was. */
    @ParameterizedTest
    @MethodSource("windows")
    void results_are_those_of_the_larger_map(Window2d window) {
        var random = new Random(1);
        DoubleSupplier whole = () -> random.nextInt(-3, 4);
        DoubleSupplier negative = () -> random.nextInt(-9, -3);
        double[] special = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.0, -0.0};
        DoubleSupplier mixed = () -> random.nextInt(6) == 0 ? special[random.nextInt(5)] : random.nextInt(-3, 4);
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
            Tensor x = Tensor.input("x", new TensorType(dtype, X.shape()));
            Tensor bias = Tensor.input("bias", new TensorType(dtype, BIAS.shape()));
            Tensor relu = x.add(bias.reshape(4, 1, 1)).relu();
            SequencedMap<String, Tensor> outputs = trained(relu.maxPool2d(window), x, bias);
            SequencedMap<String, Tensor> kept = new LinkedHashMap<>(outputs);
            kept.put("larger", relu);
            assertStays(kept);
            assertThat(large(outputs)).containsExactly("input", "max_pool2d_gradient");
            Tensor gradient = Tensor.input("gradient", outputs.firstEntry().getValue().type());
            for (DoubleSupplier of : List.of(whole, negative, mixed)) {
                for (DoubleSupplier gradients : List.of(whole, mixed)) {
                    Map<String, NdArray> values = Map.of("x", array(x, of), "bias", array(bias, whole), "gradient",
                            array(gradient, gradients));
                    Map<String, double[]> expected = run(kept, values);
                    expected.remove("larger");
                    Map<String, double[]> actual = run(outputs, values);
                    assertThat(actual).containsOnlyKeys(expected.keySet());
                    expected.forEach((name, array) -> assertThat(actual.get(name)).as(name).containsExactly(array));
                }
            }
        }
    }

    /** 1 and the next number are both 2²⁵ after the bias is added, of which the first wins. */
    @Test
    void of_sums_that_only_rounding_makes_equal_the_larger_wins() {
        Tensor x = input("x", 1, 1, 2, 2);
        Tensor bias = input("bias");
        float[] images = {1, Math.nextUp(1f), 0, 0};
        Map<String, double[]> results = run(trained(x.add(bias).relu().maxPool2d(2), x),
                Map.of("x", NdArray.of(x.shape(), images), "bias", NdArray.of(bias.shape(), 0x1p25f), "gradient",
                        NdArray.of(Shape.of(1, 1, 1, 1), 3f)));
        assertThat(results.get("y")).containsExactly(0x1p25);
        assertThat(results.get("by Input[name=x]")).containsExactly(0, 3, 0, 0);
    }
}
