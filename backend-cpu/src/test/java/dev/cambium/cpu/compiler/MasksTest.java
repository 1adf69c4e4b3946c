package dev.cambium.cpu.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;

import org.junit.jupiter.api.Test;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/** What gradients are masked by. */
class MasksTest {
    private static Tensor input(String name, int... dims) {
        return Tensor.input(name, new TensorType(DType.FLOAT32, Shape.of(dims)));
    }

    /** The values that are compared with zero to mask the gradient by x. */
    private static List<Op> masks(Tensor y, Tensor x) {
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("y", y);
        outputs.put("gradient", Gradients.of(y.mul(y).sum(), List.of(x)).get(0));
        Graph graph = Masks.byResults(Simplifier.simplify(Graph.of(outputs)));
        return graph.tensors().stream().filter(tensor -> tensor.op() instanceof Op.Select && !Gates.isRelu(tensor))
                .map(select -> select.input(0).input(0).op()).toList();
    }

    @Test
    void a_relu_whose_result_is_kept_masks_by_that() {
        Tensor x = input("x", 5, 4);
        assertThat(masks(x.relu().matmul(input("w", 4, 3)), x))
                .singleElement().isInstanceOf(Op.Select.class);
    }

    @Test
    void the_gradient_may_come_before_the_result() {
        Tensor x = input("x", 5, 4);
        Tensor y = x.relu().matmul(input("w", 4, 3));
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("gradient", Gradients.of(y.sum(), List.of(x)).get(0));
        outputs.put("y", y);
        Graph graph = Masks.byResults(Simplifier.simplify(Graph.of(outputs)));
        Tensor gradient = Objects.requireNonNull(graph.outputs().get("gradient"));
        assertThat(gradient.input(0).input(0).op()).isInstanceOf(Op.Select.class);
        assertThat(Stages.of(Graph.of(outputs)).steps()).contains("matmul");
    }

    @Test
    void one_whose_result_only_passes_through_keeps_its_own_mask() {
        Tensor x = input("x", 5, 4);
        assertThat(masks(x.relu().tanh(), x)).containsExactly(x.op());
    }

    @Test
    void other_choices_stay_as_they_are() {
        Tensor x = input("x", 5, 4);
        Tensor leaky = Tensor.select(x.le(Tensor.full(x.type(), 0)), x.mul(0.1), x);
        assertThat(masks(leaky.matmul(input("w", 4, 3)), x)).isNotEmpty().containsOnly(x.op());
    }
}
