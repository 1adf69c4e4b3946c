package dev.cambium.golden;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A function with its inputs, to be evaluated and differentiated by PyTorch. */
final class Experiment {
    private final String name;
    private final Draw draw;
    private final Map<String, Object> settings = new LinkedHashMap<>();
    private final Map<String, Tensor> inputs = new LinkedHashMap<>();
    private final Map<String, Tensor> variables = new LinkedHashMap<>();
    private final Map<String, Tensor> cotangents = new LinkedHashMap<>();

    /** @param draw where cotangents come from that are not given */
    Experiment(String name, Draw draw) {
        this.name = name;
        this.draw = draw;
    }

    Experiment setting(String key, Object value) {
        settings.put(key, value);
        return this;
    }

    /** An input that the function is differentiated by. */
    Experiment variable(String key, Tensor value) {
        requireFloat32Values(key, value);
        Tensor leaf = value.detach().clone().set_requires_grad(true);
        inputs.put(key, leaf);
        variables.put(key, leaf);
        return this;
    }

    /** An input that the function is not differentiated by. */
    Experiment constant(String key, Tensor value) {
        requireFloat32Values(key, value);
        inputs.put(key, value.detach().clone());
        return this;
    }

    /** The cotangent of an output; without it one is drawn. */
    Experiment cotangent(String output, Tensor value) {
        cotangents.put(output, value);
        return this;
    }

    /** The one output is called {@code y}. */
    Case run(Function<Map<String, Tensor>, Tensor> function) {
        return runAll(in -> Map.of("y", function.apply(in)));
    }

    /** @param function from inputs to outputs by name */
    Case runAll(Function<Map<String, Tensor>, Map<String, Tensor>> function) {
        Map<String, Values> inputValues = values(inputs);
        Map<String, Tensor> outputs = function.apply(inputs);
        Map<String, Tensor> differentiable = new LinkedHashMap<>();
        outputs.forEach((key, output) -> {
            if (output.requires_grad()) {
                differentiable.put(key, output);
                cotangents.computeIfAbsent(key, k -> draw.cotangent(output));
            }
        });
        if (!differentiable.keySet().equals(cotangents.keySet())) {
            throw new IllegalStateException(name + ": cotangents for " + cotangents.keySet()
                    + " but differentiable outputs " + differentiable.keySet());
        }
        return new Case(name, settings, inputValues, values(outputs), inOrderOf(outputs.keySet(), values(cotangents)),
                values(gradients(differentiable)));
    }

    private Map<String, Tensor> gradients(Map<String, Tensor> outputs) {
        Map<String, Tensor> gradients = new LinkedHashMap<>();
        if (outputs.isEmpty()) {
            return gradients;
        }
        TensorVector result = torch.grad(vector(outputs),
                vector(variables),
                vector(inOrderOf(outputs.keySet(), cotangents)),
                new BoolOptional(),
                false,
                false);
        int i = 0;
        for (String variable : variables.keySet()) {
            gradients.put(variable, result.get(i++));
        }
        return gradients;
    }

    private static TensorVector vector(Map<String, Tensor> tensors) {
        return new TensorVector(tensors.values().toArray(Tensor[]::new));
    }

    private static <T> Map<String, T> inOrderOf(Set<String> keys, Map<String, T> map) {
        return keys.stream()
                .filter(map::containsKey)
                .collect(Collectors.toMap(key -> key, map::get, (a, b) -> a, LinkedHashMap::new));
    }

    private static Map<String, Values> values(Map<String, Tensor> tensors) {
        Map<String, Values> values = new LinkedHashMap<>();
        tensors.forEach((key, tensor) -> values.put(key, Values.of(tensor)));
        return values;
    }

    // So that a test in float32 starts from exactly the inputs that PyTorch had in float64.
    private static void requireFloat32Values(String key, Tensor value) {
        for (double element : Values.doubles(value.to(ScalarType.Double))) {
            if (Double.compare(element, (float) element) != 0) {
                throw new IllegalArgumentException(key + ": " + element + " is not a float32 value");
            }
        }
    }
}
