package dev.cambium.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Backends;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Executable;
import dev.cambium.nn.Layer;
import dev.cambium.nn.Trace;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.ShapeException;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

class DropoutTest {
    private static final int ELEMENTS = 20_000;

    /** What a layer makes of ones in training. */
    private static double[] drop(Layer layer, long seed, long step, DType dtype, int... dims) {
        var trace = new Trace(true, dtype);
        Tensor output = trace.call(layer, Tensor.full(new TensorType(dtype, Shape.of(dims)), 1));
        return run(output, seed, step);
    }

    private static double[] run(Tensor output, long seed, long step) {
        try (Backend backend = Backends.open();
                Buffer seedBuffer = backend.buffer(NdArray.scalar(seed));
                Buffer stepBuffer = backend.buffer(NdArray.scalar(step));
                Executable executable = backend.compile(Graph.of("y", output),
                        Map.of(Trace.SEED, seedBuffer, Trace.STEP, stepBuffer))) {
            return executable.run(Map.of()).firstEntry().getValue().toDoubleArray();
        }
    }

    private static double[] drop(Layer layer, long seed, long step, int... dims) {
        return drop(layer, seed, step, DType.FLOAT32, dims);
    }

    @Test
    void elements_are_dropped_with_the_probability_and_the_others_scaled_up() {
        double[] dropped = drop(new Dropout(0.25), 1, 0, 10, ELEMENTS / 10);
        long zeros = 0;
        for (double value : dropped) {
            assertThat(value == 0 || value == (float) (1 / 0.75)).isTrue();
            zeros += value == 0 ? 1 : 0;
        }
        // five deviations of a binomial distribution
        assertThat((double) zeros / ELEMENTS).isBetween(0.25 - 0.0153, 0.25 + 0.0153);
    }

    @Test
    void dropout2d_drops_whole_channels_each_image_its_own() {
        int channels = 200;
        double[] dropped = drop(new Dropout2d(0.5), 1, 0, 2, channels, 3, 2);
        Set<String> patterns = new HashSet<>();
        for (int image = 0; image < 2; image++) {
            var pattern = new StringBuilder();
            for (int channel = 0; channel < channels; channel++) {
                int start = (image * channels + channel) * 6;
                for (int i = start; i < start + 6; i++) {
                    assertThat(dropped[i]).isEqualTo(dropped[start]).isIn(0.0, 2.0);
                }
                pattern.append(dropped[start] == 0 ? '0' : '1');
            }
            patterns.add(pattern.toString());
            long zeros = pattern.chars().filter(bit -> bit == '0').count();
            assertThat(zeros).isBetween(65L, 135L); // five deviations
        }
        assertThat(patterns).hasSize(2);
    }

    @Test
    void masks_follow_from_seed_and_step_alone() {
        var layer = new Dropout(0.5);
        double[] mask = drop(layer, 7, 3, 4, 50);
        assertThat(drop(layer, 7, 3, 4, 50)).containsExactly(mask);
        assertThat(drop(layer, 7, 4, 4, 50)).isNotEqualTo(mask);
        assertThat(drop(layer, 8, 3, 4, 50)).isNotEqualTo(mask);
    }

    @Test
    void masks_are_the_same_in_float32_and_float64() {
        assertThat(drop(new Dropout(0.3), 7, 3, DType.FLOAT64, 4, 50)).usingElementComparator(
                (a, b) -> Boolean.compare(a == 0, b == 0)).containsExactly(drop(new Dropout(0.3), 7, 3, 4, 50));
    }

    @Test
    void two_layers_draw_different_masks() {
        var layer = new Dropout(0.5);
        Tensor both = new Trace(true, DType.FLOAT32).call(
                (input, cx) -> Tensor.stack(0, List.of(cx.call("a", layer, input), cx.call("b", layer, input))),
                Tensor.full(new TensorType(DType.FLOAT32, Shape.of(4, 50)), 1));
        double[] masks = run(both, 1, 0);
        assertThat(Arrays.copyOf(masks, 200))
                .isNotEqualTo(Arrays.copyOfRange(masks, 200, 400));
    }

    @Test
    void gradients_pass_where_elements_do() {
        Tensor input = Tensor.full(new TensorType(DType.FLOAT32, Shape.of(4, 50)), 1);
        Tensor output = new Trace(true, DType.FLOAT32).call(new Dropout(0.5), input);
        Tensor gradient = Gradients.of(output.sum(), List.of(input)).get(0);
        assertThat(run(gradient, 5, 2)).containsExactly(run(output, 5, 2));
    }

    @Test
    void a_probability_of_one_leaves_zeros_and_one_of_zero_everything() {
        for (boolean whole : new boolean[] {false, true}) {
            assertThat(drop(whole ? new Dropout2d(1) : new Dropout(1), 1, 0, 2, 3, 4, 5)).containsOnly(0);
            assertThat(drop(whole ? new Dropout2d(0) : new Dropout(0), 1, 0, 2, 3, 4, 5)).containsOnly(1);
        }
    }

    @Test
    void nothing_changes_in_evaluation() {
        Tensor images = Tensor.input("x", new TensorType(DType.FLOAT32, Shape.of(2, 3, 4, 5)));
        assertThat(new Trace(false, DType.FLOAT32).call(new Dropout(0.5), images)).isSameAs(images);
        assertThat(new Trace(false, DType.FLOAT32).call(new Dropout2d(0.5), images)).isSameAs(images);
    }

    @Test
    void dropout2d_wants_images() {
        Tensor rows = Tensor.input("x", new TensorType(DType.FLOAT32, Shape.of(2, 3)));
        assertThatThrownBy(() -> new Trace(true, DType.FLOAT32).call(new Dropout2d(0.5), rows))
                .isInstanceOf(ShapeException.class)
                .hasMessage("dropout2d: dropout2d: images [n, c, h, w] are wanted, not float32[2, 3]");
    }

    @Test
    void a_probability_out_of_range_is_refused() {
        assertThatThrownBy(() -> new Dropout(-0.1)).hasMessage("p is -0.1, but must be from 0 to 1");
        assertThatThrownBy(() -> new Dropout2d(Double.NaN)).hasMessage("p is NaN, but must be from 0 to 1");
        assertThatThrownBy(() -> new MnistCnn(2)).hasMessage("dropout is 2.0, but must be from 0 to 1");
    }
}
