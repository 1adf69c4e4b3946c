package dev.cambium.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.cambium.reference.ReferenceBackend;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.ShapeException;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

class TraceTest {
    /** x · weight + bias. */
    record Dense(int outputs) implements Layer {
        @Override
        public Tensor forward(Tensor x, Context cx) {
            Tensor weight = cx.parameter("weight", Shape.of(x.shape().dim(-1), outputs), Initializer.uniform(1));
            return x.matmul(weight).add(cx.parameter("bias", Shape.of(outputs), Initializer.zeros()));
        }
    }

    /** Two layers, the second within a block. */
    record TwoLayerNet(int hidden) implements Layer {
        @Override
        public Tensor forward(Tensor x, Context cx) {
            Tensor h = cx.call("fc1", new Dense(hidden), x).relu();
            return cx.call("block", (y, inner) -> inner.call("fc2", new Dense(1), y), h);
        }
    }

    private static Tensor batch(int... dims) {
        return Tensor.input("inputs", new TensorType(DType.FLOAT32, Shape.of(dims)));
    }

    private static Trace traced(boolean training, Layer layer, int... dims) {
        var trace = new Trace(training, DType.FLOAT32);
        trace.call(layer, batch(dims));
        return trace;
    }

    private static List<String> names(List<Variable> variables) {
        return variables.stream().map(Variable::name).toList();
    }

    @Test
    void variables_are_named_by_the_path_of_their_layer_in_the_order_of_asking() {
        Trace trace = traced(true, new TwoLayerNet(3), 5, 2);
        assertThat(names(trace.variables())).containsExactly("fc1.weight", "fc1.bias", "block.fc2.weight",
                "block.fc2.bias");
        assertThat(trace.variables()).allMatch(variable -> variable.role() == Variable.Role.PARAMETER);
        assertThat(trace.variables().get(0).type()).hasToString("float32[2, 3]");
        assertThat(trace.parameters()).isEqualTo(trace.variables());
    }

    @Test
    void the_model_itself_has_names_without_a_prefix() {
        assertThat(names(traced(true, new Dense(1), 1, 1).variables())).containsExactly("weight", "bias");
    }

    @Test
    void parameters_have_the_element_type_of_the_trace() {
        var trace = new Trace(true, DType.FLOAT64);
        trace.call(new Dense(2), Tensor.input("inputs", new TensorType(DType.FLOAT64, Shape.of(1, 2))));
        assertThat(trace.variables()).allMatch(variable -> variable.type().dtype() == DType.FLOAT64);
    }

    @Test
    void calls_are_recorded_with_their_types_each_before_those_it_makes() {
        List<Trace.Call> calls = traced(false, new TwoLayerNet(3), 5, 2).calls();
        assertThat(calls).extracting(Trace.Call::path).containsExactly("", "fc1", "block", "block.fc2");
        assertThat(calls.get(0).layer()).isEqualTo(new TwoLayerNet(3));
        assertThat(calls.get(1).input()).hasToString("float32[5, 2]");
        assertThat(calls.get(1).output()).hasToString("float32[5, 3]");
        assertThat(calls.get(0).output()).hasToString("float32[5, 1]");
    }

    @Test
    void errors_name_the_layer_by_the_models_name_and_the_path() {
        assertThatThrownBy(() -> traced(true, new TwoLayerNet(3), 5)).isInstanceOf(ShapeException.class)
                .hasMessageStartingWith("two-layer-net/fc1: matmul: float32[5]");
        Layer unnamed = (x, cx) -> cx.call("fc", new Dense(1), x);
        assertThatThrownBy(() -> traced(true, unnamed, 5)).hasMessageStartingWith("model/fc: matmul: float32[5]");
        Layer anonymous = new Layer() {
            @Override
            public Tensor forward(Tensor x, Context cx) {
                return cx.call("fc", new Dense(1), x);
            }
        };
        assertThatThrownBy(() -> traced(true, anonymous, 5)).hasMessageStartingWith("model/fc: matmul: float32[5]");
    }

    @Test
    void one_name_is_one_variable_so_that_calls_under_one_name_share() {
        Layer twice = (x, cx) -> cx.call("fc", new Dense(2), cx.call("fc", new Dense(2), x));
        var trace = new Trace(true, DType.FLOAT32);
        Tensor output = trace.call(twice, batch(1, 2));
        assertThat(names(trace.variables())).containsExactly("fc.weight", "fc.bias");
        assertThat(Graph.of("y", output).tensors()).filteredOn(tensor -> tensor.op() instanceof Op.ReadVariable)
                .hasSize(2);
    }

    @Test
    void one_name_for_two_shapes_or_roles_is_refused() {
        Layer conflict = (x, cx) -> cx.call("fc", new Dense(3), cx.call("fc", new Dense(2), x));
        assertThatThrownBy(() -> traced(true, conflict, 1, 2)).isInstanceOf(ShapeException.class).hasMessage(
                "model/fc: fc.weight is used as parameter float32[2, 2] and as parameter float32[2, 3]; call the layers under "
                        + "different names to keep them apart");
        Layer roles = (x, cx) -> {
            Tensor parameter = cx.parameter("scale", Shape.of(1), Initializer.ones());
            return x.mul(parameter).mul(cx.state("scale", Shape.of(1), Initializer.ones()));
        };
        assertThatThrownBy(() -> traced(true, roles, 1)).hasMessageStartingWith(
                "model: scale is used as parameter float32[1] and as buffer float32[1]");
    }

    @Test
    void first_values_follow_from_the_seed_and_the_name() {
        Trace trace = traced(true, new TwoLayerNet(2), 1, 2);
        Map<String, NdArray> first = initialValues(trace, 1);
        assertThat(first).isEqualTo(initialValues(trace, 1))
                .isEqualTo(initialValues(traced(false, new TwoLayerNet(2), 7, 2), 1));
        assertThat(first.get("fc1.weight")).isNotEqualTo(initialValues(trace, 2).get("fc1.weight"));
        assertThat(first.get("fc1.bias")).isEqualTo(NdArray.of(Shape.of(2), 0f, 0));
        Layer alike = (x, cx) -> cx.call("b", new Dense(2), cx.call("a", new Dense(2), x));
        Map<String, NdArray> values = initialValues(traced(true, alike, 1, 2), 1);
        assertThat(values.get("a.weight")).isNotEqualTo(values.get("b.weight"));
    }

    private static Map<String, NdArray> initialValues(Trace trace, long seed) {
        var backend = ReferenceBackend.rounded();
        try (var buffer = backend.buffer(NdArray.scalar(seed))) {
            var values = new HashMap<String, NdArray>();
            trace.initialValues().forEach((variable, tensor) -> {
                try (var executable = backend.compile(Graph.of(variable.name(), tensor), Map.of(Trace.SEED, buffer))) {
                    values.putAll(executable.run(Map.of()));
                }
            });
            return values;
        }
    }

    @Test
    void a_first_value_must_have_the_variables_type() {
        Layer wrong = (x, cx) -> x.add(cx.parameter("bias", Shape.of(2), (_, random) -> random.bits(Shape.of(2))));
        assertThatThrownBy(() -> traced(true, wrong, 2)).isInstanceOf(ShapeException.class)
                .hasMessage("model: the initial value of bias is int32[2], not float32[2]");
    }

    @Test
    void state_is_updated_by_name() {
        Layer counter = (x, cx) -> {
            Tensor count = cx.state("count", Shape.scalar(), Initializer.zeros());
            cx.update("count", count.add(1));
            return x.mul(count);
        };
        Trace trace = traced(true, (x, cx) -> cx.call("counter", counter, x), 3);
        assertThat(trace.updates().keySet()).extracting(Variable::name).containsExactly("counter.count");
        assertThat(trace.parameters()).isEmpty();
        assertThat(trace.variables()).extracting(Variable::role).containsExactly(Variable.Role.BUFFER);
    }

    @Test
    void only_state_is_updated_and_only_to_its_type() {
        assertThatIllegalArgumentException().isThrownBy(() -> traced(true, (x, cx) -> {
            cx.parameter("weight", Shape.of(2), Initializer.zeros());
            cx.update("weight", x);
            return x;
        }, 2)).withMessage("weight is no state of type float32[2]");
        assertThatIllegalArgumentException().isThrownBy(() -> traced(true, (x, cx) -> {
            cx.state("mean", Shape.of(3), Initializer.zeros());
            cx.update("mean", x);
            return x;
        }, 2)).withMessage("mean is no state of type float32[2]");
        assertThatIllegalArgumentException().isThrownBy(() -> traced(true, (x, cx) -> {
            cx.update("nothing", x);
            return x;
        }, 2)).withMessage("nothing is no state of type float32[2]");
    }

    @Test
    void layers_are_told_whether_the_model_is_trained() {
        Layer asking = (x, cx) -> cx.training() ? x.neg() : x;
        assertThat(new Trace(true, DType.FLOAT32).call(asking, batch(2)).op())
                .isEqualTo(new Op.Unary(Op.UnaryKind.NEG));
        assertThat(new Trace(false, DType.FLOAT32).call(asking, batch(2)).op()).isInstanceOf(Op.Input.class);
    }

    @Test
    void random_draws_follow_from_seed_step_path_and_name_and_two_of_one_name_differ() {
        Layer noise = (x, cx) -> Tensor.stack(0, List.of(cx.random("mask").uniform(x.type()),
                cx.random("mask").uniform(x.type()), cx.random("other").uniform(x.type())));
        Layer net = (x, cx) -> Tensor.stack(0, List.of(cx.call("a", noise, x), cx.call("b", noise, x)));
        NdArray draws = drawn(net, 1, 0);
        assertThat(draws).isEqualTo(drawn(net, 1, 0)).isNotEqualTo(drawn(net, 2, 0)).isNotEqualTo(drawn(net, 1, 1));
        assertThat(draws.shape()).isEqualTo(Shape.of(2, 3, 1));
        assertThat(draws.toDoubleArray()).doesNotHaveDuplicates();
    }

    private static NdArray drawn(Layer net, long seed, long step) {
        var backend = ReferenceBackend.rounded();
        Graph graph = Graph.of("draws", new Trace(true, DType.FLOAT32).call(net, batch(1)));
        try (var seeds = backend.buffer(NdArray.scalar(seed));
                var steps = backend.buffer(NdArray.scalar(step));
                var executable = backend.compile(graph, Map.of(Trace.SEED, seeds, Trace.STEP, steps))) {
            return executable.run(Map.of()).firstEntry().getValue();
        }
    }
}
