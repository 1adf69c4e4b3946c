package dev.cambium.cpu.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/** Which new values are written straight over the old ones, and which are copied at the end. */
class UpdatesTest {
    private final SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
    private final SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>();
    private final Variable a = variable("a");
    private final Variable b = variable("b");

    private static Variable variable(String name) {
        return new Variable(name, new TensorType(DType.FLOAT32, Shape.of(8, 8)), Variable.Role.PARAMETER);
    }

    /** The variables that are written over, by name, and the number of copies. */
    private String decided() {
        Stages stages = Stages.of(new Graph(outputs, updates));
        Map<Storage, String> names = new LinkedHashMap<>();
        stages.lowered().variables().forEach((variable, view) -> names.put(view.storage(), variable.name()));
        String over = stages.updates().overwritten().values().stream().map(names::get).sorted()
                .collect(Collectors.joining(" "));
        return "over [%s], %d copies".formatted(over, stages.steps().stream().filter("copy"::equals).count());
    }

    @Test
    void a_value_made_from_the_old_one_element_by_element_is_written_over_it() {
        updates.put(a, a.read().mul(2).add(1));
        assertThat(decided()).isEqualTo("over [a], 0 copies");
    }

    @Test
    void a_product_is_written_over_a_variable_that_it_does_not_read() {
        updates.put(a, b.read().matmul(b.read()));
        assertThat(decided()).isEqualTo("over [a], 0 copies");
        updates.put(a, a.read().matmul(b.read()));
        assertThat(decided()).isEqualTo("over [], 1 copies");
    }

    @Test
    void other_readers_only_have_to_run_before() {
        outputs.put("trace", a.read().matmul(b.read()));
        updates.put(a, a.read().mul(2));
        assertThat(decided()).isEqualTo("over [a], 0 copies");
    }

    @Test
    void a_reader_that_needs_the_new_value_too_makes_a_copy_necessary() {
        Tensor next = a.read().matmul(b.read());
        outputs.put("both", a.read().add(next.transpose()));
        updates.put(a, next);
        assertThat(decided()).isEqualTo("over [], 1 copies");
    }

    @Test
    void two_values_that_each_need_the_others_old_one_take_one_copy() {
        updates.put(a, b.read().matmul(b.read()));
        updates.put(b, a.read().matmul(a.read()));
        assertThat(decided()).isEqualTo("over [a], 1 copies");
    }

    @Test
    void a_swap_takes_one_copy_more_than_there_are_variables() {
        updates.put(a, b.read());
        updates.put(b, a.read());
        assertThat(decided()).isEqualTo("over [a], 3 copies");
    }

    @Test
    void an_old_value_as_an_output_is_copied_once() {
        outputs.put("old", a.read());
        updates.put(a, a.read().mul(2));
        assertThat(decided()).isEqualTo("over [a], 1 copies");
    }

    @Test
    void the_value_that_was_there_takes_nothing() {
        updates.put(a, a.read().reshape(64).reshape(8, 8));
        assertThat(decided()).isEqualTo("over [], 0 copies");
    }

    @Test
    void one_value_for_two_variables_is_written_over_one_and_copied_to_the_other() {
        Tensor value = a.read().mul(2);
        updates.put(a, value);
        updates.put(b, value);
        assertThat(decided()).isEqualTo("over [a], 1 copies");
    }

    @Test
    void a_transposed_or_repeated_value_is_copied() {
        updates.put(a, b.read().exp().transpose());
        assertThat(decided()).isEqualTo("over [], 1 copies");
        updates.put(a, b.read().sum(0).broadcastTo(a.type().shape()));
        assertThat(decided()).isEqualTo("over [], 1 copies");
        updates.put(a, Tensor.input("x", a.type()));
        assertThat(decided()).isEqualTo("over [], 1 copies");
    }

    @Test
    void an_operand_that_is_read_again_after_the_result_is_not_overwritten() {
        Tensor first = a.read().mul(2);
        updates.put(a, first);
        outputs.put("later", first.exp().add(a.read()));
        assertThat(decided()).isEqualTo("over [], 1 copies");
    }

    @Test
    void nothing_is_written_over_a_variable_by_what_may_fail_or_what_that_needs() {
        Tensor indices = Tensor.input("indices", new TensorType(DType.INT64, Shape.of(8)));
        updates.put(a, b.read().gather(indices));
        assertThat(decided()).isEqualTo("over [], 1 copies");
        updates.clear();
        Tensor next = a.read().mul(2);
        updates.put(a, next);
        outputs.put("found", next.gather(indices));
        assertThat(decided()).isEqualTo("over [], 1 copies");
    }
}
