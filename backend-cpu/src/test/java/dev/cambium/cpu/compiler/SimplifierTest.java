package dev.cambium.cpu.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

import org.junit.jupiter.api.Test;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.LayerPath;
import dev.cambium.tensor.RandomStream;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/** Small graphs before and after the first stage. */
class SimplifierTest {
    private static Tensor input(String name, int... dims) {
        return Tensor.input(name, new TensorType(DType.FLOAT32, Shape.of(dims)));
    }

    private static void assertSimplified(Tensor tensor, String expected) {
        assertThat(Simplifier.simplify(Graph.of("y", tensor))).hasToString(expected);
    }

    @Test
    void regions_are_opened() {
        assertSimplified(input("x", 2, 3).softmax(1), """
                %0 = input 'x' float32[2, 3]
                %1 = reduce_max axes=[1] float32[2] (%0)
                %2 = reshape float32[2, 1] (%1)
                %3 = broadcast float32[2, 3] (%2)
                %4 = sub float32[2, 3] (%0, %3)
                %5 = exp float32[2, 3] (%4)
                %6 = reduce_sum axes=[1] float32[2] (%5)
                %7 = reshape float32[2, 1] (%6)
                %8 = broadcast float32[2, 3] (%7)
                %9 = div float32[2, 3] (%5, %8)
                y → %9
                """);
    }

    @Test
    void what_changes_nothing_is_removed() {
        Tensor x = input("x", 2, 3);
        assertSimplified(x.stopGradient().mul(1).div(1).transpose(0, 1).neg(), """
                %0 = input 'x' float32[2, 3]
                %1 = neg float32[2, 3] (%0)
                y → %1
                """);
    }

    @Test
    void one_over_x_and_x_minus_one_stay() {
        Tensor x = input("x", 2);
        assertSimplified(Tensor.full(x.type(), 1).div(x).sub(1), """
                %0 = constant 1.0 float32[]
                %1 = broadcast float32[2] (%0)
                %2 = input 'x' float32[2]
                %3 = div float32[2] (%1, %2)
                %4 = sub float32[2] (%3, %1)
                y → %4
                """);
    }

    @Test
    void chains_of_shape_changes_are_joined() {
        assertSimplified(input("x", 2, 3).reshape(6).reshape(3, 2).expand(0), """
                %0 = input 'x' float32[2, 3]
                %1 = reshape float32[1, 3, 2] (%0)
                y → %1
                """);
        assertSimplified(input("x", 2, 3).reshape(6).reshape(2, 3), """
                %0 = input 'x' float32[2, 3]
                y → %0
                """);
        assertSimplified(input("x", 3).broadcastTo(Shape.of(2, 3)).broadcastTo(Shape.of(4, 2, 3)), """
                %0 = input 'x' float32[3]
                %1 = broadcast float32[4, 2, 3] (%0)
                y → %1
                """);
    }

    @Test
    void transposes_are_joined_and_cancel() {
        assertSimplified(input("x", 2, 3, 4).transpose(1, 2, 0).transpose(0, 2, 1), """
                %0 = input 'x' float32[2, 3, 4]
                %1 = transpose [1, 0, 2] float32[3, 2, 4] (%0)
                y → %1
                """);
        assertSimplified(input("x", 2, 3, 4).transpose(1, 2, 0).transpose(2, 0, 1).neg(), """
                %0 = input 'x' float32[2, 3, 4]
                %1 = neg float32[2, 3, 4] (%0)
                y → %1
                """);
    }

    @Test
    void a_product_that_only_its_transpose_needs_is_computed_the_other_way_round() {
        assertSimplified(input("a", 2, 3).matmul(input("b", 3, 4)).transpose(), """
                %0 = input 'b' float32[3, 4]
                %1 = transpose [1, 0] float32[4, 3] (%0)
                %2 = input 'a' float32[2, 3]
                %3 = transpose [1, 0] float32[3, 2] (%2)
                %4 = matmul float32[4, 2] (%1, %3)
                y → %4
                """);
    }

    @Test
    void a_product_that_others_need_too_is_computed_once() {
        Tensor product = input("a", 2, 3).matmul(input("b", 3, 2));
        assertSimplified(product.add(product.transpose()), """
                %0 = input 'a' float32[2, 3]
                %1 = input 'b' float32[3, 2]
                %2 = matmul float32[2, 2] (%0, %1)
                %3 = transpose [1, 0] float32[2, 2] (%2)
                %4 = add float32[2, 2] (%2, %3)
                y → %4
                """);
    }

    @Test
    void equal_subexpressions_are_computed_once() {
        var weight = new Variable("weight", new TensorType(DType.FLOAT32, Shape.of(2)), Variable.Role.PARAMETER);
        Tensor one = weight.read().add(2).exp();
        Tensor other = weight.read().add(2).exp();
        assertSimplified(one.mul(other), """
                %0 = read_variable weight float32[2]
                %1 = constant 2.0 float32[]
                %2 = broadcast float32[2] (%1)
                %3 = add float32[2] (%0, %2)
                %4 = exp float32[2] (%3)
                %5 = mul float32[2] (%4, %4)
                y → %5
                """);
    }

    @Test
    void random_bits_of_one_stream_are_drawn_once_and_those_of_two_are_not_mixed_up() {
        Tensor seed = Tensor.input("seed", new TensorType(DType.INT64, Shape.scalar()));
        Tensor step = Tensor.input("step", new TensorType(DType.INT64, Shape.scalar()));
        Tensor one = RandomStream.named("one", seed, step).bits(Shape.of(2));
        Tensor again = RandomStream.named("one", seed, step).bits(Shape.of(2));
        Tensor two = RandomStream.named("two", seed, step).bits(Shape.of(2));
        Tensor longer = RandomStream.named("one", seed, step).bits(Shape.of(3));
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("a", one.xor(again));
        outputs.put("b", two.add(longer.slice(0, 0, 2)));
        assertThat(Simplifier.simplify(Graph.of(outputs)).tensors().stream()
                .filter(tensor -> tensor.toString().startsWith("random_bits"))).hasSize(3);
    }

    @Test
    void what_nothing_needs_falls_away_and_outputs_and_updates_stay() {
        var a = new Variable("a", new TensorType(DType.FLOAT32, Shape.of(2)), Variable.Role.PARAMETER);
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>();
        outputs.put("same", input("x", 2).reshape(1, 2).reshape(2));
        outputs.put("again", input("x", 2).mul(1));
        updates.put(a, a.read().stopGradient());
        assertThat(Simplifier.simplify(new Graph(outputs, updates))).hasToString("""
                %0 = input 'x' float32[2]
                %1 = read_variable a float32[2]
                same → %0
                again → %0
                a ← %1
                """);
    }

    @Test
    void operations_keep_the_paths_of_their_layers() {
        Tensor x = input("x", 2);
        Tensor y = LayerPath.within("net/fc1", () -> x.mul(1).add(2));
        assertThat(Simplifier.simplify(Graph.of("y", y)).toString()).contains("add float32[2] (%0, %2)   in net/fc1");
    }
}
