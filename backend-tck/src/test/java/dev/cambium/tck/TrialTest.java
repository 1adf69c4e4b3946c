package dev.cambium.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Predicate;

import org.junit.jupiter.api.Test;

import dev.cambium.backend.Backend;
import dev.cambium.reference.ReferenceBackend;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/** How a failing graph is made smaller. */
class TrialTest {
    private static final TensorType TYPE = new TensorType(DType.FLOAT32, Shape.of(2, 3));
    private static final Variable A = new Variable("a", TYPE, Variable.Role.PARAMETER);
    private static final Variable B = new Variable("b", TYPE, Variable.Role.PARAMETER);

    /** Two outputs and two updates over ten operations or so. */
    private static Trial trial() {
        Tensor x = Tensor.input("x", TYPE);
        Tensor sum = x.add(A.read()).mul(B.read());
        Tensor turned = sum.transpose().reverse(0).neg();
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("turned", turned.abs().add(1));
        outputs.put("sum", sum.sum(0));
        SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>();
        updates.put(A, sum.max(x));
        updates.put(B, turned.transpose().sub(A.read()));
        return new Trial(new Graph(outputs, updates), new HashMap<>(Map.of("x", Values.whole(TYPE, 5, 1))),
                Map.of(A, Values.whole(TYPE, 5, 2), B, Values.whole(TYPE, 5, 3)));
    }

    private static Predicate<Trial> failsOn(Predicate<Tensor> faulty) {
        return trial -> trial.graph().tensors().stream().anyMatch(faulty);
    }

    @Test
    void a_faulty_operation_is_left_alone_over_inputs_of_the_values_that_it_had() {
        Trial smallest = trial().shrunk(failsOn(tensor -> tensor.op() instanceof Op.Transpose));
        assertThat(smallest.graph()).hasToString("""
                %0 = input 'value1' float32[2, 3]
                %1 = transpose [1, 0] float32[3, 2] (%0)
                value → %1
                """);
        NdArray x = Values.whole(TYPE, 5, 1);
        NdArray a = Values.whole(TYPE, 5, 2);
        NdArray b = Values.whole(TYPE, 5, 3);
        assertThat(smallest.inputs().get("value1")).isEqualTo(ReferenceBackend.evaluate(
                Tensor.constant(x).add(Tensor.constant(a)).mul(Tensor.constant(b))));
        assertThat(smallest.start()).isEmpty();
    }

    @Test
    void operations_that_fail_together_are_left_together() {
        Trial smallest = trial().shrunk(failsOn(
                tensor -> tensor.op() instanceof Op.Unary && tensor.inputs().getFirst().op() instanceof Op.Reverse));
        assertThat(smallest.graph().tensors()).map(tensor -> tensor.op().getClass().getSimpleName())
                .containsExactly("Input", "Reverse", "Unary");
    }

    @Test
    void what_fails_only_because_of_two_updates_keeps_both() {
        Trial smallest = trial().shrunk(trial -> trial.graph().updates().size() == 2);
        assertThat(smallest.graph().updates()).containsOnlyKeys(A, B);
        assertThat(smallest.graph().outputs()).isEmpty();
        assertThat(smallest.graph().tensors()).allMatch(tensor -> tensor.inputs().isEmpty());
        assertThat(smallest.start()).containsOnlyKeys(A, B);
    }

    @Test
    void a_broken_backend_is_shown_the_smallest_graph_that_it_gets_wrong() {
        try (Backend broken = new BrokenBackend(ReferenceBackend.rounded(), BrokenBackend.replacing(
                tensor -> tensor.op() instanceof Op.Binary(Op.BinaryKind kind) && kind == Op.BinaryKind.MAX
                        ? tensor.inputs().get(1)
                        : tensor))) {
            Trial smallest = trial().shrunk(trial -> Agreement.EXACT
                    .failure(broken, trial.graph(), trial.inputs(), trial.start(), 2).isPresent());
            assertThat(smallest.graph().tensors()).hasSize(3).last().hasToString("max float32[2, 3]");
        }
    }
}
