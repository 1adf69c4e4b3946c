package dev.cambium.cpu.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

import org.junit.jupiter.api.Test;

import dev.cambium.cpu.kernels.Products;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.RandomStream;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Window2d;

/** Steps and layouts: which steps a graph becomes, and that copies are made only where they must. */
class LoweringTest {
    private static final Window2d THREE = Window2d.square(3, 1).padded(1);

    private static Tensor input(String name, int... dims) {
        return Tensor.input(name, new TensorType(DType.FLOAT32, Shape.of(dims)));
    }

    private static List<String> steps(Tensor tensor) {
        return Stages.of(Graph.of("y", tensor)).lowered().steps().stream().map(Step::name).toList();
    }

    private static List<View> outputs(Tensor tensor) {
        return List.copyOf(Stages.of(Graph.of("y", tensor)).lowered().outputs().values());
    }

    @Test
    void changes_of_shape_are_views() {
        Tensor x = input("x", 4, 6);
        assertThat(steps(x.transpose())).isEmpty();
        assertThat(steps(x.reshape(2, 2, 6).transpose(2, 0, 1))).isEmpty();
        assertThat(steps(x.slice(0, 1, 3).reverse(1).expand(0).broadcastTo(Shape.of(5, 2, 6)))).isEmpty();
        assertThat(outputs(x.slice(1, 2, 6, 2))).hasToString("[%0 x [4, 2] by [6, 2] from 2]");
        assertThat(steps(x.transpose().reshape(24))).containsExactly("copy");
    }

    @Test
    void counts_and_constants_take_no_step() {
        assertThat(steps(Tensor.iota(new TensorType(DType.INT32, Shape.of(3, 4)), 1))).isEmpty();
        assertThat(steps(Tensor.full(new TensorType(DType.INT32, Shape.of(3, 4)), 7))).isEmpty();
    }

    @Test
    void convolution_activation_and_pooling_pass_their_layout_on() {
        Tensor y = input("x", 5, 1, 12, 12).conv2d(input("w1", 8, 1, 3, 3), THREE, 1)
                .add(input("b1", 8).reshape(8, 1, 1)).relu().maxPool2d(2)
                .conv2d(input("w2", 4, 8, 3, 3), THREE, 1).add(input("b2", 4).reshape(4, 1, 1)).relu().maxPool2d(2);
        assertThat(steps(y)).containsExactlyInAnyOrder("pack_weights", "conv2d", "elementwise", "pool_max",
                "pack_weights", "conv2d", "elementwise", "pool_max");
        assertThat(outputs(y)).singleElement()
                .satisfies(view -> assertThat(view.isDense(Orders.channelsLast())).isTrue());
    }

    @Test
    void images_of_several_channels_are_copied_once() {
        Tensor images = input("x", 5, 3, 12, 12);
        Tensor y = images.conv2d(input("w", 8, 3, 3, 3), THREE, 1).add(images.conv2d(input("v", 8, 3, 3, 3), THREE, 1));
        assertThat(steps(y).stream().filter("copy"::equals)).hasSize(1);
        assertThat(steps(input("x", 5, 12, 12, 3).transpose(0, 3, 1, 2).conv2d(input("w", 8, 3, 3, 3), THREE, 1)))
                .containsExactlyInAnyOrder("pack_weights", "conv2d");
    }

    @Test
    void weights_are_packed_once_for_each_direction() {
        Tensor x = input("x", 5, 1, 12, 12);
        Tensor w = input("w", 8, 1, 3, 3);
        Tensor loss = x.conv2d(w, THREE, 1).tanh().sum();
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("y", x.neg().conv2d(w, THREE, 1));
        outputs.put("by x", Gradients.of(loss, List.of(x)).get(0));
        outputs.put("by w", Gradients.of(loss, List.of(w)).get(0));
        List<String> steps = Stages.of(Graph.of(outputs)).lowered().steps().stream().map(Step::name).toList();
        assertThat(steps.stream().filter("pack_weights"::equals)).hasSize(2);
        assertThat(steps.stream().filter("conv2d"::equals)).hasSize(2);
        assertThat(steps).contains("conv2d_input_gradient", "conv2d_weight_gradient", "lay_out_weight_gradient");
    }

    @Test
    void factors_are_read_as_they_lie() {
        assertThat(steps(input("a", 3, 4).matmul(input("b", 5, 4).transpose()))).containsExactly("matmul");
        assertThat(steps(input("a", 4, 3).transpose().matmul(input("b", 4, 5)))).containsExactly("matmul");
        assertThat(steps(input("a", 2, 3, 4).matmul(input("b", 4, 5)))).containsExactly("matmul");
        assertThat(steps(input("a", 2, 3, 7, 4).transpose(0, 2, 1, 3).slice(1, 1, 5).matmul(input("b", 2, 4, 4, 6))))
                .containsExactly("copy", "matmul");
        assertThat(steps(input("a", 3, 4).reverse(0, 1).matmul(input("b", 4, 5)))).containsExactly("copy", "matmul");
    }

    @Test
    void an_elementwise_result_lies_as_its_first_dense_input() {
        assertThat(outputs(input("x", 3, 4).transpose().neg())).hasToString("[%1 elementwise [4, 3] by [1, 4] from 0]");
        assertThat(outputs(input("x", 3, 4).reverse(0).neg())).hasToString("[%1 elementwise [3, 4]]");
    }

    @Test
    void random_bits_are_drawn_within_the_chain_that_takes_them() {
        var scalar = new TensorType(DType.INT64, Shape.scalar());
        var stream = new RandomStream(Tensor.input("seed", scalar), Tensor.input("step", scalar), 1);
        Tensor x = input("x", 20, 3, 16, 16);
        assertThat(steps(x.mul(stream.uniform(x.type())))).containsExactly("elementwise");
        Tensor convolved = x.conv2d(input("w", 4, 3, 3, 3), Window2d.square(3, 1), 1);
        // They are counted in the order of the tensor's axes, and the convolution's result has another.
        assertThat(steps(convolved.mul(stream.uniform(convolved.type())))).containsExactly("copy", "pack_weights",
                "conv2d", "elementwise", "copy", "elementwise");
    }

    @Test
    void a_chain_with_an_input_that_lies_channels_last_runs_so() {
        Tensor y = input("a", 5, 3, 6, 6).mul(input("x", 5, 3, 12, 12).maxPool2d(2));
        assertThat(steps(y)).containsExactly("copy", "pool_max", "copy", "elementwise");
        assertThat(outputs(y)).singleElement()
                .satisfies(view -> assertThat(view.isDense(Orders.channelsLast())).isTrue());
    }

    @Test
    void a_long_reduction_over_the_batch_is_made_in_parts() {
        assertThat(steps(input("x", 40, 3, 30, 30).sum(0, 2, 3))).containsExactly("reduce_sum", "reduce_sum");
        assertThat(steps(input("x", 40, 3, 30, 30).max())).containsExactly("reduce_max", "reduce_max");
        assertThat(steps(input("x", 40, 3, 30, 30).sum(1))).containsExactly("reduce_sum");
        assertThat(steps(input("x", 40, 3).sum(0))).containsExactly("reduce_sum");
    }

    @Test
    void a_convolution_that_only_a_pooling_reads_is_computed_together_with_it() {
        assumeTrue(Products.best().pools(32), "vectors have 32 registers");
        Tensor x = input("x", 5, 1, 12, 12);
        Tensor w = input("w", 32, 1, 3, 3);
        Tensor convolved = x.conv2d(w, THREE, 1);
        Tensor pooled = convolved.maxPool2d(2);
        assertThat(steps(pooled)).containsExactlyInAnyOrder("pack_weights", "conv2d_pool_max");

        List<String> training = steps(Gradients.of(pooled.tanh().sum(), List.of(w)).get(0));
        assertThat(training).contains("conv2d_pool_max", "conv2d_pool_max_weight_gradient")
                .doesNotContain("conv2d", "pool_max_scatter", "conv2d_weight_gradient");

        assertThat(steps(pooled.sum().add(convolved.sum()))).as("read elsewhere").contains("conv2d", "pool_max");
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("y", pooled);
        outputs.put("convolved", convolved);
        assertThat(Stages.of(Graph.of(outputs)).steps()).as("wanted itself").contains("conv2d", "pool_max");
        assertThat(steps(Gradients.of(pooled.tanh().sum(), List.of(x)).get(0))).as("the images' gradient")
                .contains("conv2d_pool_max", "pool_max_scatter", "conv2d_input_gradient");
        assertThat(steps(Gradients.of(pooled.tanh().sum(), List.of(convolved)).get(0).sum(1)))
                .as("another reader of the spread gradient").contains("conv2d_pool_max", "pool_max_scatter");
    }

    @Test
    void a_bias_and_relu_behind_such_a_pooling_are_computed_with_it() {
        assumeTrue(Products.best().pools(32), "vectors have 32 registers");
        Tensor w = input("w", 32, 1, 3, 3);
        Tensor b = input("b", 32);
        Tensor sum = input("x", 5, 1, 12, 12).conv2d(w, THREE, 1).add(b.reshape(32, 1, 1));
        assertThat(steps(sum.maxPool2d(2))).containsExactly("pack_weights", "conv2d_pool_max_bias");
        Tensor y = sum.relu().maxPool2d(2);
        assertThat(steps(y)).containsExactly("pack_weights", "conv2d_pool_max_bias_relu");
        assertThat(steps(sum.maxPool2d(2).tanh())).containsExactly("pack_weights", "conv2d_pool_max_bias",
                "elementwise");

        Tensor product = y.flatten(1).matmul(input("v", 1152, 3));
        assertThat(steps(Gradients.of(product.mul(product).sum(), List.of(w)).get(0))).as("in training")
                .contains("conv2d_pool_max_bias_relu");

        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("y", sum.maxPool2d(2).relu());
        outputs.put("sum", sum.maxPool2d(2));
        assertThat(Stages.of(Graph.of(outputs)).steps()).as("the sum is wanted itself")
                .contains("conv2d_pool_max_bias", "elementwise");
        Tensor other = sum.maxPool2d(2);
        assertThat(steps(Tensor.concat(1, List.of(other.relu(), other)))).as("something else reads the sum")
                .contains("conv2d_pool_max_bias", "elementwise");
        Tensor pooled = input("x", 5, 1, 12, 12).conv2d(w, THREE, 1).maxPool2d(2);
        assertThat(steps(pooled.add(input("c", 5, 32, 6, 6)))).as("not the same for all places")
                .containsExactlyInAnyOrder("copy", "pack_weights", "conv2d_pool_max", "elementwise");
        assertThat(steps(pooled.relu())).containsExactly("pack_weights", "conv2d_pool_max_relu");
    }

    @Test
    void a_group_of_which_nothing_else_is_wanted_takes_no_step() {
        assumeTrue(Products.best().pools(32), "vectors have 32 registers");
        Tensor pooled = input("x", 5, 1, 12, 12).conv2d(input("w", 32, 1, 3, 3), THREE, 1).maxPool2d(2);
        Tensor zero = Tensor.full(new TensorType(DType.FLOAT64, pooled.shape()), 0).cast(DType.FLOAT32);
        assertThat(steps(Tensor.select(pooled.le(zero), zero, pooled)))
                .containsExactly("pack_weights", "conv2d_pool_max_relu");
    }

    @Test
    void a_transposed_left_factor_is_made_once() {
        Tensor left = input("x", 150, 130).transpose();
        assertThat(steps(left.matmul(input("a", 150, 64)).add(left.matmul(input("b", 150, 64)))))
                .containsExactly("transpose", "matmul", "matmul", "elementwise");
        assertThat(steps(input("x", 16384, 2).transpose().matmul(input("a", 16384, 64)))).as("of few rows")
                .containsExactly("matmul");
    }

    @Test
    void entries_are_counted_behind_the_step_that_makes_them() {
        Tensor hidden = input("x", 60, 400).matmul(input("v", 400, 400)).relu();
        List<String> schedule = Stages.of(Graph.of("y", hidden.matmul(input("w", 400, 300)))).schedule();
        assertThat(schedule).contains("chain: elementwise count_rows");
        Tensor one = input("x", 1, 9000).matmul(input("v", 9000, 9000)).relu();
        assertThat(Stages.of(Graph.of("y", one.matmul(input("w", 9000, 300)))).schedule()).as("a single row")
                .contains("count_rows");
    }

    @Test
    void an_empty_batch_gives_weights_no_gradient_step() {
        Tensor w = input("w", 8, 1, 3, 3);
        Tensor gradient = Gradients.of(input("x", 0, 1, 12, 12).conv2d(w, THREE, 1).sum(), List.of(w)).get(0);
        assertThat(steps(gradient)).doesNotContain("conv2d_weight_gradient", "lay_out_weight_gradient");
    }
}
