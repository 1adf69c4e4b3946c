package dev.cambium.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.Supplier;

import org.junit.jupiter.api.DynamicTest;

import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.Backends;
import dev.cambium.backend.Executable;
import dev.cambium.nn.Layer;
import dev.cambium.nn.Trace;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.ShapeException;
import dev.cambium.tensor.Tensor;

/** What a layer promises. */
final class LayerChecks {
    /** Of single precision's sums over some ten numbers. */
    private static final double TOLERANCE = 1e-4;

    private LayerChecks() {}

    static void add(String name, Supplier<Layer> layer, Function<Layer, List<NdArray>> inputs,
            List<DynamicTest> tests) {
        tests.add(dynamicTest(name + " gives one output for each example",
                () -> forEachInput(layer.get(), inputs, (made, input) -> assertThat(traced(made, input).shape().dim(0))
                        .as("examples in the output for %s", input.type()).isEqualTo(input.shape().dim(0)))));
        tests.add(dynamicTest(name + " has the gradient that finite differences give",
                () -> forEachInput(layer.get(), inputs, GradientCheck::layer)));
        tests.add(dynamicTest(name + " computes the same bits twice, and the same on every backend",
                () -> forEachInput(layer.get(), inputs, LayerChecks::agree)));
    }

    private interface Check {
        void on(Layer layer, NdArray input);
    }

    private static void forEachInput(Layer layer, Function<Layer, List<NdArray>> inputs, Check check) {
        var refusals = new ArrayList<String>();
        List<NdArray> all = inputs.apply(layer);
        for (NdArray input : all) {
            try {
                traced(layer, input);
            } catch (ShapeException e) {
                refusals.add(String.valueOf(e.getMessage()));
                continue;
            }
            check.on(layer, input);
        }
        assertThat(refusals.size()).as("the layer takes none of the inputs; override inputs(Layer); it said %s",
                refusals).isLessThan(all.size());
    }

    private static Tensor traced(Layer layer, NdArray input) {
        return new Trace(true, DType.FLOAT32).call(layer, Tensor.input("input", input.type()));
    }

    private static void agree(Layer layer, NdArray input) {
        SequencedMap<String, NdArray> first = null;
        for (Backends.Candidate candidate : Backends.discover()) {
            if (candidate.problem().isPresent()) {
                continue;
            }
            try (Backend backend = Backends.open(candidate.with(BackendOptions.defaults()))) {
                SequencedMap<String, NdArray> values = run(backend, layer, input);
                assertThat(run(backend, layer, input)).as("a second run on %s", candidate.name()).isEqualTo(values);
                if (first == null) {
                    first = values;
                }
                for (var entry : first.entrySet()) {
                    NdArray other = Objects.requireNonNull(values.get(entry.getKey()));
                    assertThat(other.type()).as("type of %s on %s", entry.getKey(), candidate.name())
                            .isEqualTo(entry.getValue().type());
                    assertThat(other.toDoubleArray()).as("%s on %s", entry.getKey(), candidate.name())
                            .containsExactly(entry.getValue().toDoubleArray(), within(TOLERANCE));
                }
            }
        }
        assertThat(first).as("no backend can be used here; add one to the tests' dependencies").isNotNull();
    }

    /** The output, and the gradients of its sum by the input and the parameters. */
    private static SequencedMap<String, NdArray> run(Backend backend, Layer layer, NdArray value) {
        var trace = new Trace(true, DType.FLOAT32);
        Tensor input = Tensor.input("input", value.type());
        Tensor output = trace.call(layer, input);
        var by = new LinkedHashMap<String, Tensor>();
        if (input.dtype().isFloating()) {
            by.put("the gradient by the input", input);
        }
        trace.parameters().forEach(
                parameter -> by.put("the gradient by " + parameter.name(), trace.read(parameter)));
        List<Tensor> gradients = Gradients.of(output.mul(output).sum(), List.copyOf(by.values()));
        var outputs = new LinkedHashMap<String, Tensor>();
        outputs.put("the output", output);
        by.keySet().forEach(name -> outputs.put(name, gradients.get(outputs.size() - 1)));
        try (var buffers = new Buffers(backend, Values.initial(backend, trace));
                Executable executable = backend.compile(new Graph(outputs, trace.updates()), buffers.all())) {
            return executable.run(Map.of("input", value));
        }
    }
}
