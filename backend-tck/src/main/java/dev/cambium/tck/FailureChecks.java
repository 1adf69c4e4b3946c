package dev.cambium.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cambium.CambiumException;
import dev.cambium.backend.Backend;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Executable;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.LayerPath;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/** Runs that fail because of the values that they meet: they name the layer, update nothing, and the next run works. */
abstract class FailureChecks {
    private static final int ROWS = 6;
    private static final Variable A = variable("a");
    private static final Variable B = variable("b");

    @AutoClose
    private final Backend backend;

    FailureChecks(Backend backend) {
        this.backend = backend;
    }

    private static Variable variable(String name) {
        return new Variable(name, new TensorType(DType.FLOAT32, Shape.of(ROWS, 4000)), Variable.Role.PARAMETER);
    }

    private static NdArray filled(TensorType type, double value) {
        double[] values = new double[Math.toIntExact(type.shape().size())];
        Arrays.fill(values, value);
        return Values.of(type, values);
    }

    /** A run that changes two variables, one of them by the faulty tensor, fails as a whole; in both orders of the updates. */
    private void failsWhole(String what, Tensor faulty, Map<String, NdArray> wrong, Map<String, NdArray> right) {
        Tensor sum = faulty.cast(DType.FLOAT32).sum();
        for (List<Variable> order : List.of(List.of(A, B), List.of(B, A))) {
            SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>();
            order.forEach(variable -> updates.put(variable, variable.read().mul(2)));
            updates.put(B, B.read().mul(2).add(sum));
            failsWhole(what, new Graph(outputs(faulty), updates), wrong, right);
        }
        SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>();
        updates.put(A, A.read().matmul(A.read().transpose()).max(0).max(0).broadcastTo(A.type().shape()));
        updates.put(B, B.read().mul(2));
        failsWhole(what, new Graph(outputs(faulty.neg()), updates), wrong, right);
    }

    private static SequencedMap<String, Tensor> outputs(Tensor faulty) {
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("faulty", faulty);
        return outputs;
    }

    private void failsWhole(String what, Graph graph, Map<String, NdArray> wrong, Map<String, NdArray> right) {
        NdArray a = filled(A.type(), 1);
        NdArray b = filled(B.type(), 3);
        try (Buffer first = backend.buffer(a);
                Buffer second = backend.buffer(b);
                Executable executable = backend.compile(graph, Map.of(A, first, B, second))) {
            assertThatThrownBy(() -> executable.run(wrong), "%s: a run over values at fault", what)
                    .isInstanceOf(CambiumException.class).hasMessageContaining("net/layer");
            unchanged(what, A, first, a);
            unchanged(what, B, second, b);
            executable.run(right);
            assertThat(second.read().equals(b)).as("%s: variable b after the next run is as it was before", what)
                    .isFalse();
        }
    }

    private static void unchanged(String what, Variable variable, Buffer buffer, NdArray value) {
        assertThat(buffer.read().equals(value)).as("%s: variable %s after a failed run is as it was before", what,
                variable.name()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, ROWS, 1L << 32, Long.MIN_VALUE})
    void an_index_outside_its_table_fails_the_whole_run(long index) {
        Tensor indices = Tensor.input("indices", new TensorType(DType.INT64, Shape.of(2)));
        Tensor table = Tensor.input("table", new TensorType(DType.FLOAT32, Shape.of(ROWS, 2)));
        Tensor row = Tensor.zeros(new TensorType(DType.FLOAT32, Shape.of(2, 2)));
        Map<String, NdArray> wrong = Map.of("table", filled(table.type(), 1), "indices",
                NdArray.of(Shape.of(2), 0L, index));
        Map<String, NdArray> right = Map.of("table", filled(table.type(), 1), "indices",
                NdArray.of(Shape.of(2), 0L, ROWS - 1L));
        failsWhole("gather, index " + index, LayerPath.within("net/layer", () -> table.gather(indices)), wrong, right);
        failsWhole("gather of a variable, index " + index,
                LayerPath.within("net/layer", () -> A.read().gather(indices)), wrong, right);
        failsWhole("scatter_add, index " + index,
                LayerPath.within("net/layer", () -> table.scatterAdd(indices, row)), wrong, right);
        Tensor late = indices.add(A.read().matmul(A.read().transpose()).mul(0).sum().cast(DType.INT64));
        failsWhole("gather at the end of a run, index " + index,
                LayerPath.within("net/layer", () -> table.gather(late)), wrong, right);
        failsWhole("scatter_add at the end of a run, index " + index,
                LayerPath.within("net/layer", () -> table.scatterAdd(late, row)), wrong, right);
    }

    @Test
    void a_scatter_into_a_variable_that_fails_leaves_it_as_it_was() {
        Tensor indices = Tensor.input("indices", new TensorType(DType.INT64, Shape.of(2)));
        Tensor rows = Tensor.full(new TensorType(DType.FLOAT32, Shape.of(2, 4000)), 1);
        SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>();
        updates.put(A, LayerPath.within("net/layer", () -> A.read().scatterAdd(indices, rows)));
        updates.put(B, LayerPath.within("net/layer", () -> B.read().scatterAdd(indices, rows)));
        failsWhole("scatter_add", new Graph(new LinkedHashMap<>(), updates),
                Map.of("indices", NdArray.of(Shape.of(2), 0L, 99L)),
                Map.of("indices", NdArray.of(Shape.of(2), 0L, 1L)));
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"UINT8", "INT32", "INT64"})
    void an_integer_divided_by_zero_fails_the_whole_run(DType dtype) {
        Tensor dividend = Tensor.input("dividend", new TensorType(dtype, Shape.of(20, 1500)));
        Tensor divisor = Tensor.input("divisor", dividend.type());
        NdArray sevens = filled(dividend.type(), 7);
        NdArray threes = filled(dividend.type(), 3);
        double[] values = threes.toDoubleArray();
        values[29_000] = 0;
        Map<String, NdArray> right = Map.of("dividend", sevens, "divisor", threes);
        Map<String, NdArray> wrong = Map.of("dividend", sevens, "divisor", Values.of(dividend.type(), values));
        failsWhole("div of " + dtype, LayerPath.within("net/layer", () -> dividend.add(1).div(divisor)), wrong, right);
    }
}
