package dev.cambium.cpu.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

import org.junit.jupiter.api.Test;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/** Where gradients are needed. The value in question is always the left factor of a product with a large matrix. */
class GatesTest {
    private static final Variable WEIGHT = new Variable("weight", new TensorType(DType.FLOAT32, Shape.of(400, 300)),
            Variable.Role.PARAMETER);

    private static Tensor input(String name, int... dims) {
        return Tensor.input(name, new TensorType(DType.FLOAT32, Shape.of(dims)));
    }

    /** Steps of a graph with the product of a value and the matrix, and the gradients by the matrix and by what the value is made of. */
    private static List<String> steps(Tensor value, Tensor by) {
        Tensor weight = Tensor.of(new Op.ReadVariable(WEIGHT), WEIGHT.type(), List.of());
        Tensor product = value.flatten(1).matmul(weight);
        List<Tensor> gradients = Gradients.of(product.mul(product).sum(), List.of(by, weight));
        SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>();
        updates.put(WEIGHT, weight.sub(gradients.get(1).mul(0.1)));
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("gradient", gradients.get(0));
        return Stages.of(new Graph(outputs, updates)).steps();
    }

    private static Tensor mask(double scale, int... dims) {
        TensorType type = new TensorType(DType.FLOAT32, Shape.of(dims));
        return Tensor.input("noise", type).ge(Tensor.full(type, 0.5)).cast(DType.FLOAT32).mul(scale);
    }

    @Test
    void the_gradient_by_a_relus_result_is_needed_where_that_is_not_zero() {
        Tensor x = input("x", 60, 400);
        assertThat(steps(x.relu(), x)).contains("linear_gradients");
    }

    @Test
    void pooling_a_mask_and_a_reshape_keep_that() {
        Tensor x = input("x", 60, 4, 20, 20);
        Tensor kept = x.relu().maxPool2d(2).mul(mask(2, 60, 4, 1, 1));
        assertThat(steps(kept, x)).contains("linear_gradients");
    }

    @Test
    void a_mask_alone_does_not_since_what_it_masks_may_be_zero_too() {
        Tensor x = input("x", 60, 400);
        assertThat(steps(x.tanh().mul(mask(2, 60, 400)), x)).doesNotContain("sampled_matmul", "linear_gradients");
    }

    @Test
    void a_mask_that_makes_numbers_smaller_does_not_since_tiny_ones_become_zero() {
        Tensor x = input("x", 60, 400);
        assertThat(steps(x.relu().mul(mask(0.5, 60, 400)), x)).doesNotContain("sampled_matmul", "linear_gradients");
    }

    @Test
    void another_reader_of_the_gradient_needs_all_of_it() {
        Tensor x = input("x", 60, 400);
        Tensor y = x.relu();
        assertThat(steps(y, y)).doesNotContain("sampled_matmul", "linear_gradients");
    }

    @Test
    void a_leaky_relu_lets_all_through() {
        Tensor x = input("x", 60, 400);
        Tensor leaky = Tensor.select(x.le(Tensor.full(x.type(), 0)), x.mul(0.1), x);
        assertThat(steps(leaky, x)).doesNotContain("sampled_matmul", "linear_gradients");
    }
}
