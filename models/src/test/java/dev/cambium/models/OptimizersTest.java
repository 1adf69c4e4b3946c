package dev.cambium.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Executable;
import dev.cambium.nn.Optimizer;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

class OptimizersTest {
    /** Slots as variables beside the parameter, with the step as an input. */
    private record SlotVariables(TensorType type, SequencedMap<Variable, Tensor> updates) implements Optimizer.Slots {
        private Variable slot(String name) {
            return new Variable("optimizer." + name, type, Variable.Role.SLOT);
        }

        @Override
        public Tensor get(String name) {
            return slot(name).read();
        }

        @Override
        public Tensor set(String name, Tensor value) {
            updates.put(slot(name), value);
            return value;
        }

        @Override
        public Tensor step() {
            return Tensor.input("step", new TensorType(type.dtype(), Shape.scalar()));
        }
    }

    @TestFactory
    Stream<DynamicTest> ten_steps_are_those_of_pytorch() {
        return Golden.backends().stream().flatMap(name -> GoldenCase.all("optimizers")
                .map(golden -> dynamicTest(golden.name() + " on " + name, () -> verifySteps(golden, name))));
    }

    private static void verifySteps(GoldenCase golden, String backendName) {
        NdArray expected = golden.output("parameters");
        NdArray start = golden.input("parameter");
        Tolerance tolerance = golden.isFloat32() ? Tolerance.FLOAT32 : Tolerance.FLOAT64;
        var parameter = new Variable("parameter", start.type(), Variable.Role.PARAMETER);
        var updates = new LinkedHashMap<Variable, Tensor>();
        updates.put(parameter, optimizer(golden).update(parameter.read(), Tensor.input("gradient", start.type()),
                new SlotVariables(start.type(), updates)));
        var graph = new Graph(new LinkedHashMap<>(), updates);
        var buffers = new LinkedHashMap<Variable, Buffer>();
        try (Backend backend = Golden.open(backendName)) {
            updates.keySet().forEach(variable -> buffers.put(variable,
                    backend.buffer(variable.equals(parameter) ? start : NdArray.zeros(variable.type()))));
            try (Executable executable = backend.compile(graph, buffers)) {
                for (int step = 0; step < expected.shape().dim(0); step++) {
                    executable.run(inputs(graph, row(golden.input("gradients"), step), step + 1));
                    NdArray value = Objects.requireNonNull(buffers.get(parameter)).read();
                    tolerance.check("step " + (step + 1), value, row(expected, step));
                }
            } finally {
                buffers.values().forEach(Buffer::close);
            }
        }
    }

    /** Adam's step count is an input only where it is used. */
    private static Map<String, NdArray> inputs(Graph graph, NdArray gradient, int step) {
        var inputs = new LinkedHashMap<>(Map.of("gradient", gradient));
        if (graph.inputs().containsKey("step")) {
            inputs.put("step", gradient.dtype() == DType.FLOAT32 ? NdArray.scalar((float) step)
                    : NdArray.of(Shape.scalar(), (double) step));
        }
        return inputs;
    }

    private static NdArray row(NdArray matrix, int row) {
        return GoldenCase.rows(matrix, row).reshape(matrix.shape().dim(1));
    }

    private static Optimizer optimizer(GoldenCase golden) {
        double learningRate = golden.number("learning_rate");
        double weightDecay = golden.number("weight_decay");
        if (golden.name().startsWith("sgd")) {
            return new Sgd(learningRate, golden.number("momentum"), golden.number("dampening"), weightDecay,
                    golden.flag("nesterov"));
        }
        double beta1 = golden.number("beta1");
        double beta2 = golden.number("beta2");
        double epsilon = golden.number("epsilon");
        return golden.name().startsWith("adamw") ? new AdamW(learningRate, beta1, beta2, epsilon, weightDecay)
                : new Adam(learningRate, beta1, beta2, epsilon, weightDecay);
    }

    @Test
    void slots_have_the_names_of_pytorch() {
        assertThat(slots(new Adam())).containsExactlyInAnyOrder("optimizer.exp_avg", "optimizer.exp_avg_sq");
        assertThat(slots(new AdamW())).containsExactlyInAnyOrder("optimizer.exp_avg", "optimizer.exp_avg_sq");
        assertThat(slots(new Sgd(0.1, 0.9))).containsExactly("optimizer.momentum_buffer");
        assertThat(slots(new Sgd(0.1))).isEmpty();
    }

    private static List<String> slots(Optimizer optimizer) {
        return update(optimizer).updates().keySet().stream().map(Variable::name)
                .filter(name -> name.startsWith("optimizer.")).toList();
    }

    private static Graph update(Optimizer optimizer) {
        var parameter = new Variable("p", new TensorType(DType.FLOAT32, Shape.of(4)), Variable.Role.PARAMETER);
        var updates = new LinkedHashMap<Variable, Tensor>();
        updates.put(parameter, optimizer.update(parameter.read(), Tensor.input("gradient", parameter.type()),
                new SlotVariables(parameter.type(), updates)));
        return new Graph(new LinkedHashMap<>(), updates);
    }

    @Test
    void adam_keeps_the_bias_corrections_out_of_its_passes_over_the_parameter() {
        long passes = update(new Adam()).withoutRegions().tensors().stream()
                .filter(tensor -> tensor.shape().rank() == 1)
                .filter(tensor -> tensor.op() instanceof Op.Unary || tensor.op() instanceof Op.Binary).count();
        assertThat(passes).isEqualTo(12); // 3 for the mean, 4 for the squares, 5 for the step
    }

    @Test
    void adam_names_its_update_for_backends_that_have_it_in_one_kernel() {
        assertThat(update(new Adam()).tensors().stream().map(Tensor::op).filter(Op.Region.class::isInstance)
                .map(op -> ((Op.Region) op).name())).containsExactly("adam_mean", "adam_square", "adam_parameter");
    }

    @Test
    void settings_out_of_range_are_refused() {
        assertThatThrownBy(() -> new Adam(-1)).hasMessage(
                "learningRate is -1.0, but must be a finite number of at least 0");
        assertThatThrownBy(() -> new Adam(0.1, 1, 0.999, 1e-8, 0)).hasMessage(
                "beta1 is 1.0, but must be at least 0 and below 1");
        assertThatThrownBy(() -> new AdamW(0.1, 0.9, Double.NaN, 1e-8, 0)).hasMessage(
                "beta2 is NaN, but must be at least 0 and below 1");
        assertThatThrownBy(() -> new Sgd(Double.POSITIVE_INFINITY)).hasMessage(
                "learningRate is Infinity, but must be a finite number of at least 0");
        assertThatThrownBy(() -> new Sgd(0.1, 0, 0, 0, true)).hasMessage("nesterov needs a momentum and no dampening");
        assertThatThrownBy(() -> new Sgd(0.1, 0.9, 0.5, 0, true)).hasMessage(
                "nesterov needs a momentum and no dampening");
    }
}
