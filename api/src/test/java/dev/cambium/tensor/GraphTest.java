package dev.cambium.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

import org.junit.jupiter.api.Test;

import dev.cambium.reference.ReferenceBackend;

class GraphTest {
    private static final TensorType PAIR = new TensorType(DType.FLOAT32, Shape.of(2));
    private static final Variable WEIGHT = new Variable("fc.weight", PAIR, Variable.Role.PARAMETER);

    private static SequencedMap<String, Tensor> outputs(String name, Tensor tensor) {
        var outputs = new LinkedHashMap<String, Tensor>();
        outputs.put(name, tensor);
        return outputs;
    }

    private static SequencedMap<Variable, Tensor> updates(Variable variable, Tensor tensor) {
        var updates = new LinkedHashMap<Variable, Tensor>();
        updates.put(variable, tensor);
        return updates;
    }

    @Test
    void tensors_come_after_their_inputs_and_once_each() {
        Tensor a = Tensor.input("a", PAIR);
        Tensor b = Tensor.input("b", PAIR);
        Tensor sum = a.add(b);
        Tensor product = sum.mul(a);
        Graph graph = new Graph(outputs("y", product), updates(WEIGHT, sum));
        assertThat(graph.tensors()).containsExactly(a, b, sum, product);
    }

    @Test
    void the_order_follows_from_the_graph_alone() {
        Tensor a = Tensor.input("a", PAIR);
        Tensor late = a.exp();
        Tensor early = a.sin();
        assertThat(Graph.of("y", early.add(late)).tensors()).startsWith(a, early, late);
        assertThat(Graph.of("y", late.add(early)).tensors()).startsWith(a, late, early);
    }

    @Test
    void inputs_and_variables_are_found_wherever_they_are_used() {
        var running = new Variable("bn.mean", PAIR, Variable.Role.BUFFER);
        Tensor x = Tensor.input("x", PAIR);
        Graph graph = new Graph(outputs("y", x.add(WEIGHT.read())), updates(running, Tensor.input("m", PAIR)));
        assertThat(graph.inputs()).containsExactly(Map.entry("x", PAIR), Map.entry("m", PAIR));
        assertThat(graph.variables()).containsExactly(WEIGHT, running);
    }

    @Test
    void a_graph_does_not_change_with_the_maps_it_was_made_of() {
        SequencedMap<String, Tensor> outputs = outputs("y", Tensor.input("x", PAIR));
        Graph graph = Graph.of(outputs);
        outputs.clear();
        assertThat(graph.outputs()).hasSize(1);
        assertThatThrownBy(() -> graph.outputs().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void an_update_must_have_its_variables_type() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Graph(new LinkedHashMap<>(), updates(WEIGHT, WEIGHT.read().sum())))
                .withMessage("the update of variable fc.weight is float32[], but the variable is float32[2]");
    }

    @Test
    void one_name_is_one_variable() {
        var other = new Variable("fc.weight", PAIR, Variable.Role.BUFFER);
        assertThatIllegalArgumentException().isThrownBy(() -> Graph.of("y", WEIGHT.read().add(other.read())))
                .withMessageStartingWith("two variables are named fc.weight: ");
        var same = new Variable("fc.weight", PAIR, Variable.Role.PARAMETER);
        assertThat(Graph.of("y", WEIGHT.read().add(same.read())).variables()).containsExactly(WEIGHT);
    }

    @Test
    void one_name_is_one_type_of_input() {
        Tensor x = Tensor.input("x", PAIR);
        assertThat(Graph.of("y", x.add(Tensor.input("x", PAIR))).inputs()).containsExactly(Map.entry("x", PAIR));
        Tensor other = Tensor.input("x", new TensorType(DType.FLOAT32, Shape.of(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> Graph.of("y", x.add(other)))
                .withMessage("input x is used as float32[2] and as float32[1]");
    }

    @Test
    void text_is_one_tensor_a_line() {
        Tensor x = Tensor.input("x", PAIR);
        Tensor y = LayerPath.within("net/fc", () -> x.mul(WEIGHT.read()).sum().mul(0.5));
        Graph graph = new Graph(outputs("loss", y), updates(WEIGHT, x.reverse(0)));
        assertThat(graph).hasToString("""
                %0 = input 'x' float32[2]
                %1 = read_variable fc.weight float32[2]   in net/fc
                %2 = mul float32[2] (%0, %1)   in net/fc
                %3 = reduce_sum axes=[0] float32[] (%2)   in net/fc
                %4 = constant 0.5 float32[]   in net/fc
                %5 = mul float32[] (%3, %4)   in net/fc
                %6 = reverse axes=[0] float32[2] (%0)
                loss → %5
                fc.weight ← %6
                """);
    }

    @Test
    void text_shows_what_tells_operations_apart() {
        Tensor images = Tensor.input("x", new TensorType(DType.FLOAT32, Shape.of(1, 2, 4, 4)));
        Tensor weights = Tensor.input("w", new TensorType(DType.FLOAT32, Shape.of(2, 1, 2, 2)));
        Tensor pooled = images.conv2d(weights, Window2d.square(2, 1), 2).maxPool2d(2);
        assertThat(Graph.of("y", pooled.transpose(1, 0, 2, 3).slice(0, 1, 2).pad(3, 1, 0).argMax(0)).toString())
                .contains("conv2d Window2d[height=2, width=2, strideHeight=1,",
                        " groups=2 float32[1, 2, 3, 3] (%0, %1)",
                        "max_pool2d Window2d[", "transpose [1, 0, 2, 3] float32[2, 1, 1, 1]",
                        "slice starts=[1, 0, 0, 0] steps=[1, 1, 1, 1] float32[1, 1, 1, 1]",
                        "pad low=[0, 0, 0, 1] high=[0, 0, 0, 0] interior=[0, 0, 0, 0] float32[1, 1, 1, 2]",
                        "arg_max axis=0 int64[1, 1, 2]");
    }

    @Test
    void regions_are_opened_with_their_inputs_in_place_of_their_parameters() {
        Tensor x = Tensor.input("x", PAIR);
        Tensor inner = Tensor.region("twice", List.of(x.exp()), in -> in.get(0).add(in.get(0)));
        Tensor outer = Tensor.region("outer", List.of(inner, x),
                in -> Tensor.region("twice", List.of(in.get(1)), z -> z.get(0).add(z.get(0))).mul(in.get(0)));
        Graph graph = new Graph(outputs("y", outer), updates(WEIGHT, inner));
        Graph open = graph.withoutRegions();
        assertThat(graph.tensors()).hasSize(4).anyMatch(tensor -> tensor.op() instanceof Op.Region);
        assertThat(open.tensors()).noneMatch(tensor -> tensor.op() instanceof Op.Region).contains(x).hasSize(5);
        assertThat(open.inputs()).isEqualTo(graph.inputs());
        assertThat(open.outputs().firstEntry().getValue().input(1)).isSameAs(open.updates().firstEntry().getValue());
        Map<String, NdArray> inputs = Map.of("x", NdArray.of(Shape.of(2), 0.5f, -1));
        Graph opened = Graph.of("y", open.outputs().firstEntry().getValue());
        assertThat(ReferenceBackend.rounded().run(opened, inputs)).isEqualTo(
                ReferenceBackend.rounded().run(Graph.of("y", outer), inputs));
    }

    @Test
    void a_graph_without_regions_stays_as_it_is() {
        Tensor y = Tensor.input("x", PAIR).exp().add(1);
        assertThat(Graph.of("y", y).withoutRegions().outputs()).containsExactly(Map.entry("y", y));
    }

    @Test
    void a_regions_body_keeps_the_path_of_the_layer_that_traced_it() {
        Tensor x = Tensor.input("x", PAIR);
        Tensor probabilities = LayerPath.within("net/out", () -> x.softmax(0));
        assertThat(Graph.of("y", probabilities).withoutRegions().tensors()).filteredOn(tensor -> tensor != x)
                .allMatch(tensor -> tensor.path().equals("net/out"));
    }

    @Test
    void a_chain_of_100000_operations_is_no_problem() {
        Tensor y = Tensor.input("x", PAIR);
        for (int i = 0; i < 100_000; i++) {
            y = y.neg();
        }
        Graph graph = Graph.of("y", y);
        assertThat(graph.tensors()).hasSize(100_001);
        assertThat(graph.withoutRegions().outputs().get("y")).isSameAs(y);
        assertThat(graph.toString()).endsWith("y → %100000\n");
    }
}
