package dev.cambium.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Backends;
import dev.cambium.nn.Layer;
import dev.cambium.nn.NamedLayer;
import dev.cambium.nn.NamedLayer.Combine;
import dev.cambium.nn.Trace;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.ShapeException;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.train.Model;

class LayersTest {
    private static Tensor images(int... dims) {
        return Tensor.input("x", new TensorType(DType.FLOAT32, Shape.of(dims)));
    }

    private static Tensor call(Layer layer, Tensor input) {
        return new Trace(true, DType.FLOAT32).call(layer, input);
    }

    @Test
    void the_reference_network_has_the_parameters_of_pytorch_by_name_and_shape() throws IOException {
        var trace = new Trace(true, DType.FLOAT32);
        Tensor output = trace.call(new MnistCnn(0.25), images(50, 1, 28, 28));
        assertThat(output.type()).hasToString("float32[50, 10]");
        try (var golden = getClass().getResourceAsStream("golden/mnist_cnn_state_dict.txt")) {
            String expected = new String(Objects.requireNonNull(golden).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(trace.parameters()).extracting(variable -> variable.name() + " " + variable.type().shape())
                    .containsExactlyElementsOf(expected.lines().toList());
        }
    }

    @Test
    void conv2d_with_same_padding_keeps_the_image_size() {
        for (int kernel = 1; kernel <= 6; kernel++) {
            assertThat(call(new Conv2d(4, kernel, Conv2d.SAME), images(2, 3, 7, 9)).shape())
                    .isEqualTo(Shape.of(2, 4, 7, 9));
        }
    }

    @Test
    void conv2d_refuses_settings_out_of_range() {
        assertThatThrownBy(() -> new Conv2d(0, 3)).hasMessage("outChannels is 0, but must be at least 1");
        assertThatThrownBy(() -> new Conv2d(8, -1)).hasMessage("kernelSize is -1, but must be at least 1");
        assertThatThrownBy(() -> new Conv2d(8, 3, "-1"))
                .hasMessage("padding is '-1', but must be a number of at least 0 or 'same'");
        assertThatThrownBy(() -> new Conv2d(8, 3, 2, Conv2d.SAME, 1, 1, true)).hasMessage(
                "padding 'same' keeps the image's size, which a stride of 2 does not: give a number");
        assertThatThrownBy(() -> new Conv2d(8, 3, 1, "0", 1, 3, true))
                .hasMessage("8 output channels can't be split into 3 groups");
    }

    @Test
    void inputs_that_do_not_fit_are_refused_with_layer_and_type() {
        assertThatThrownBy(() -> call(Network.of(new Flatten(), new Conv2d(8, 3)), images(50, 1, 28, 28)))
                .isInstanceOf(ShapeException.class).hasMessage("network/1: conv2d: images [n, c, h, w] are wanted"
                        + " whose channels split into 1 groups, not float32[50, 784]");
        assertThatThrownBy(() -> call(new Conv2d(8, 3, 1, "0", 1, 2, true), images(2, 3, 9, 9)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("split into 2 groups, not float32[2, 3, 9, 9]");
        assertThatThrownBy(() -> call(new Conv2d(8, 5), images(2, 3, 4, 9))).isInstanceOf(ShapeException.class)
                .hasMessageContaining("conv2d: the window spans 5×5, but images float32[2, 3, 4, 9]");
        assertThatThrownBy(() -> call(new Linear(3), images(7))).isInstanceOf(ShapeException.class)
                .hasMessage("linear: linear: inputs [n, …, features] are wanted, not float32[7]");
        assertThatThrownBy(() -> call(new MaxPool2d(2), images(2, 3))).isInstanceOf(ShapeException.class)
                .hasMessageContaining("floating images [n, c, h, w] are wanted, not float32[2, 3]");
        assertThatThrownBy(() -> call(new LogSoftmax(2), images(2, 3))).isInstanceOf(ShapeException.class)
                .hasMessage("log-softmax: log_softmax: float32[2, 3] has no axis 2");
        assertThatThrownBy(() -> call(new Flatten(-3), images(2, 3))).isInstanceOf(ShapeException.class)
                .hasMessage("flatten: flatten: float32[2, 3] has no axis -3");
    }

    @Test
    void max_pool2d_refuses_padding_of_more_than_half_a_window() {
        assertThatThrownBy(() -> new MaxPool2d(3, 1, 2, 1))
                .hasMessage("padding is 2, but must be at most half of the window of 3");
    }

    @Test
    void flatten_joins_the_axes_from_the_first_named() {
        assertThat(call(new Flatten(), images(2, 3, 4, 5)).shape()).isEqualTo(Shape.of(2, 60));
        assertThat(call(new Flatten(2), images(2, 3, 4, 5)).shape()).isEqualTo(Shape.of(2, 3, 20));
        assertThat(call(new Flatten(-1), images(2, 3, 4, 5)).shape()).isEqualTo(Shape.of(2, 3, 4, 5));
    }

    @Test
    void network_numbers_its_layers_or_takes_their_names() {
        var numbered = new Trace(true, DType.FLOAT32);
        numbered.call(Network.of(new Linear(4), new Relu(), new Linear(2)), images(3, 5));
        assertThat(numbered.parameters()).extracting(variable -> variable.name() + " " + variable.type().shape())
                .containsExactly("0.weight [4, 5]", "0.bias [4]", "2.weight [2, 4]", "2.bias [2]");
        var named = new Trace(true, DType.FLOAT32);
        var inner = Network.of(new Linear(4, false));
        named.call(new Network(List.of(new NamedLayer("body", inner),
                new NamedLayer("head", new Linear(2, false)))), images(3, 5));
        assertThat(named.parameters()).extracting(variable -> variable.name())
                .containsExactly("body.0.weight", "head.weight");
    }

    @Test
    void network_refuses_names_that_would_mix_up_parameters() {
        var linear = new Linear(2);
        assertThatThrownBy(() -> new Network(
                List.of(new NamedLayer("a", linear), new NamedLayer("a", linear))))
                        .hasMessage("two layers are named 'a'");
        for (String name : List.of("", "a.b")) {
            assertThatThrownBy(() -> new NamedLayer(name, linear)).hasMessage(
                    "a layer is named '%s'; names must not be empty, contain a dot, or be 'input'".formatted(name));
        }
    }

    @Test
    void network_whose_layers_name_their_inputs_is_a_graph() {
        Tensor x = Tensor.constant(NdArray.of(Shape.of(1, 2), -3f, 5f));
        var relu = new NamedLayer("positive", new Relu());
        assertThat(call(new Network(List.of(relu,
                new NamedLayer("sum", new Flatten(), List.of("positive", "input"), Combine.SUM))), x).value())
                        .isEqualTo(NdArray.of(Shape.of(1, 2), -3f, 10f));
        assertThat(call(new Network(List.of(relu,
                new NamedLayer("both", new Flatten(), List.of("input", "positive"), Combine.CONCAT))), x).value())
                        .isEqualTo(NdArray.of(Shape.of(1, 4), -3f, 5f, 0f, 5f));
        assertThatThrownBy(() -> new Network(List.of(relu,
                new NamedLayer("sum", new Flatten(), List.of("positiv"), Combine.SUM))))
                        .hasMessage("layer 'sum' takes the output of 'positiv', which is no layer before it"
                                + " (did you mean 'positive'?)");
        assertThatThrownBy(() -> new Network(List.of())).hasMessage("there is no layer");
    }

    /** All cases but those with a filter that is not square, which the layer does not make. */
    static Stream<GoldenCase> initializations() {
        return GoldenCase.all("initialization").filter(golden -> {
            int[] weight = golden.ints("weight_shape");
            return weight.length == 2 || weight[2] == weight[3];
        });
    }

    @ParameterizedTest
    @MethodSource("initializations")
    void first_weights_are_distributed_as_those_of_pytorch(GoldenCase golden) {
        int[] weight = golden.ints("weight_shape");
        boolean linear = weight.length == 2;
        int groups = golden.name().endsWith("depthwise") ? weight[0] : golden.name().endsWith("groups_2") ? 2 : 1;
        Layer layer = linear ? new Linear(weight[0]) : new Conv2d(weight[0], weight[2], 1, "0", 1, groups, true);
        Shape input = linear ? Shape.of(weight[1]) : Shape.of(weight[1] * groups, weight[2], weight[2]);
        var weights = new Sample(golden.number("bound"), golden.output("weight"));
        var biases = new Sample(golden.number("bound"), golden.output("bias"));
        try (Backend backend = Backends.open()) {
            for (int seed = 0; biases.size() < 2_000 && weights.size() < 200_000; seed++) {
                try (Model model = Model.create(layer, new TensorType(DType.FLOAT32, input), backend, seed)) {
                    weights.add(model.weights().get("weight"), golden.ints("weight_shape"));
                    biases.add(model.weights().get("bias"), golden.ints("bias_shape"));
                }
            }
        }
        weights.verify();
        biases.verify();
    }

    /** First weights of many layers, and the statistics of those of PyTorch: count, min, max, mean, standard deviation. */
    private static final class Sample {
        private final double bound;
        private final NdArray golden;
        private double[] values = new double[0];

        Sample(double bound, NdArray golden) {
            this.bound = bound;
            this.golden = golden;
        }

        int size() {
            return values.length;
        }

        void add(@Nullable NdArray array, int[] shape) {
            assertThat(Objects.requireNonNull(array).shape().dims()).isEqualTo(shape);
            values = DoubleStream.concat(Arrays.stream(values), Arrays.stream(array.toDoubleArray())).toArray();
        }

        /** Uniform within the bound, as far as five standard errors of both samples can tell. */
        void verify() {
            double mean = Arrays.stream(values).average().orElseThrow();
            double deviation = Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / size());
            double errors = 5 * Math.sqrt(1.0 / size() + 1 / golden.getDouble(0));
            double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
            assertThat(largest).isBetween(bound * (1 - 20.0 / size()), bound * (1 + 1e-6));
            assertThat(mean).isCloseTo(golden.getDouble(3), within(errors * bound / Math.sqrt(3)));
            assertThat(deviation).isCloseTo(golden.getDouble(4), within(errors * bound / Math.sqrt(3) * 0.45));
        }
    }
}
