package dev.cambium.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import org.junit.jupiter.api.DynamicTest;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Backends;
import dev.cambium.backend.Executable;
import dev.cambium.nn.Optimizer;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/** What an optimizer promises. */
final class OptimizerChecks {
    private static final int STEPS = 200;
    private static final Variable PARAMETER = new Variable("parameter",
            new TensorType(DType.FLOAT32, Shape.of(4)), Variable.Role.PARAMETER);
    private static final Variable STEP = new Variable("step", new TensorType(DType.FLOAT32, Shape.scalar()),
            Variable.Role.RUN);

    private OptimizerChecks() {}

    static void add(String name, Supplier<Optimizer> optimizer, List<DynamicTest> tests) {
        tests.add(dynamicTest(name + " makes a quadratic smaller", () -> {
            List<Double> losses = losses(optimizer.get());
            assertThat(losses).as("all losses").allMatch(Double::isFinite);
            assertThat(losses.getLast()).as("the loss after %d steps", STEPS).isLessThan(losses.getFirst());
        }));
        tests.add(dynamicTest(name + " computes the same bits twice",
                () -> assertThat(losses(optimizer.get())).isEqualTo(losses(optimizer.get()))));
    }

    /** Of Σ kᵢ (xᵢ − cᵢ)² before each step and after the last. */
    private static List<Double> losses(Optimizer optimizer) {
        Tensor parameter = PARAMETER.read();
        Tensor error = parameter.sub(Tensor.constant(NdArray.of(Shape.of(4), 1f, -2f, 0.5f, 3f)));
        Tensor loss = error.mul(error).mul(Tensor.constant(NdArray.of(Shape.of(4), 1f, 0.5f, 2f, 0.1f))).sum();
        var slots = new NewSlots();
        var updates = slots.updates;
        Tensor updated = optimizer.update(parameter, Gradients.of(loss, List.of(parameter)).getFirst(), slots);
        assertThat(updated.type()).as("the type of the new value").isEqualTo(PARAMETER.type());
        updates.put(PARAMETER, updated);
        updates.put(STEP, STEP.read().add(1));
        var outputs = new LinkedHashMap<String, Tensor>();
        outputs.put("loss", loss);
        var graph = new Graph(outputs, updates);
        var values = new LinkedHashMap<Variable, NdArray>();
        graph.variables().forEach(variable -> values.put(variable, NdArray.zeros(variable.type())));
        values.put(STEP, NdArray.scalar(1f));
        var losses = new ArrayList<Double>();
        try (Backend backend = Backends.open();
                var buffers = new Buffers(backend, values);
                Executable executable = backend.compile(graph, buffers.all())) {
            for (int i = 0; i <= STEPS; i++) {
                losses.add(executable.run(Map.of()).firstEntry().getValue().item());
            }
        }
        return losses;
    }

    private static final class NewSlots implements Optimizer.Slots {
        private final Map<String, Tensor> reads = new LinkedHashMap<>();
        private final LinkedHashMap<Variable, Tensor> updates = new LinkedHashMap<>();
        private final Tensor step = STEP.read();

        @Override
        public Tensor get(String name) {
            return Objects.requireNonNull(reads.computeIfAbsent(name, _ -> slot(name).read()));
        }

        @Override
        public Tensor set(String name, Tensor value) {
            updates.put(slot(name), value);
            return value;
        }

        @Override
        public Tensor step() {
            return step;
        }

        private static Variable slot(String name) {
            return new Variable("parameter." + name, PARAMETER.type(), Variable.Role.SLOT);
        }
    }
}
