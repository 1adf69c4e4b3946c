package dev.cambium.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import dev.cambium.nn.Context;
import dev.cambium.nn.Initializer;
import dev.cambium.nn.Layer;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.ShapeException;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Window2d;

class SummaryTest {
    private static TensorType floats(int... dims) {
        return new TensorType(DType.FLOAT32, Shape.of(dims));
    }

    @Test
    void the_reference_network_layer_by_layer() {
        Summary summary = Summary.of(new MnistCnn(0.25), floats(1, 28, 28));
        assertThat(summary.rows()).containsExactly(
                new Summary.Row("", "MnistCnn", Shape.of(10), 0, 0),
                new Summary.Row("conv1", "Conv2d", Shape.of(32, 28, 28), 320, 451_584),
                new Summary.Row("conv2", "Conv2d", Shape.of(64, 14, 14), 18_496, 7_225_344),
                new Summary.Row("dropout", "Dropout2d", Shape.of(64, 7, 7), 0, 0),
                new Summary.Row("fc1", "Linear", Shape.of(1000), 3_137_000, 6_272_000),
                new Summary.Row("fc2", "Linear", Shape.of(10), 10_010, 20_000));
        assertThat(summary.parameters()).isEqualTo(3_165_826);
        assertThat(summary.flops()).isEqualTo(13_968_928);
        assertThat(summary.toString().lines()).containsExactly(
                "layer    kind       output        parameters       FLOPs",
                "         MnistCnn   [10]                   0           0",
                "conv1    Conv2d     [32, 28, 28]         320     451,584",
                "conv2    Conv2d     [64, 14, 14]      18,496   7,225,344",
                "dropout  Dropout2d  [64, 7, 7]             0           0",
                "fc1      Linear     [1000]         3,137,000   6,272,000",
                "fc2      Linear     [10]              10,010      20,000",
                "total                              3,165,826  13,968,928");
    }

    @Test
    void nested_layers_have_paths_and_each_counts_its_own() {
        var network = Network.of(Network.of(new Linear(3), new Relu()), new Linear(2, false));
        assertThat(Summary.of(network, floats(4)).rows()).containsExactly(
                new Summary.Row("", "Network", Shape.of(2), 0, 0),
                new Summary.Row("0", "Network", Shape.of(3), 0, 0),
                new Summary.Row("0.0", "Linear", Shape.of(3), 15, 24),
                new Summary.Row("0.1", "Relu", Shape.of(3), 0, 0),
                new Summary.Row("1", "Linear", Shape.of(2), 6, 12));
    }

    @Test
    void a_network_of_one_layer_owns_all() {
        assertThat(Summary.of(new Linear(5), floats(7)).rows())
                .containsExactly(new Summary.Row("", "Linear", Shape.of(5), 40, 70));
    }

    @Test
    void a_layer_called_twice_under_one_name_is_counted_once_in_parameters_and_twice_in_flops() {
        Layer twice = (input, cx) -> cx.call("same", new Linear(4), cx.call("same", new Linear(4), input));
        assertThat(Summary.of(twice, floats(4)).rows()).containsExactly(
                new Summary.Row("", "Layer", Shape.of(4), 0, 0),
                new Summary.Row("same", "Linear", Shape.of(4), 20, 64));
    }

    /** A transposed convolution of one channel with a window of 2×2. */
    private record Upsample() implements Layer {
        @Override
        public Tensor forward(Tensor x, Context cx) {
            Tensor weight = cx.parameter("weight", Shape.of(1, 1, 2, 2), Initializer.ones());
            return Tensor.of(new Op.Conv2dInputGradient(Window2d.square(2, 2), 1), floats(1, 1, 6, 8), x, weight);
        }
    }

    @Test
    void grouped_and_transposed_convolutions_count_what_they_do() {
        var depthwise = new Conv2d(6, 3, 1, "1", 1, 3, false);
        assertThat(Summary.of(depthwise, floats(3, 5, 5)).flops()).isEqualTo(2 * 6 * 25 * 9);
        assertThat(Summary.of(new Upsample(), floats(1, 3, 4)).flops()).isEqualTo(2 * 12 * 4);
    }

    @Test
    void an_input_that_does_not_fit_is_refused() {
        assertThatThrownBy(() -> Summary.of(new MnistCnn(0.25), floats(28, 28))).isInstanceOf(ShapeException.class)
                .hasMessageStartingWith("mnist-cnn/conv1: conv2d: images [n, c, h, w] are wanted");
    }
}
