package dev.cambium.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Backends;
import dev.cambium.backend.Executable;
import dev.cambium.nn.Layer;
import dev.cambium.nn.Loss;
import dev.cambium.nn.Trace;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/**
 * Compares gradients with central differences of fourth order in double precision. Floating-point values given are taken as
 * float64. At most {@value #ELEMENTS} elements of each tensor are moved, spread evenly. Near a kink, such as that of the absolute
 * value at 0, no difference tells the gradient: give points that are further from it than 1/500.
 */
public final class GradientCheck {
    private static final int ELEMENTS = 64;
    private static final double STEP = 0x1p-10;
    private static final double TOLERANCE = 1e-6;

    private GradientCheck() {}

    /**
     * Checks the gradients of a function by all its floating-point arguments, on the default backend.
     *
     * @throws AssertionError
     *             if one is wrong; the message names the tensor and the element
     */
    public static void function(Function<List<Tensor>, Tensor> function, NdArray... at) {
        try (Backend backend = Backends.open()) {
            function(backend, function, at);
        }
    }

    /** {@link #function(Function, NdArray...)} on a given backend. */
    public static void function(Backend backend, Function<List<Tensor>, Tensor> function, NdArray... at) {
        var point = new LinkedHashMap<Variable, NdArray>();
        var arguments = new ArrayList<Tensor>();
        for (NdArray value : at) {
            NdArray exact = Values.exact(value);
            var argument = new Variable("argument" + arguments.size(), exact.type(), Variable.Role.BUFFER);
            point.put(argument, exact);
            arguments.add(argument.read());
        }
        compare(backend, function.apply(List.copyOf(arguments)), arguments, point);
    }

    /**
     * Checks the gradients of a layer in training by its input, if that is floating-point, and by its parameters at their first
     * values, on the default backend. Random draws are the same in all evaluations.
     *
     * @throws AssertionError
     *             if one is wrong; the message names the tensor and the element
     */
    public static void layer(Layer layer, NdArray input) {
        try (Backend backend = Backends.open()) {
            layer(backend, layer, input);
        }
    }

    /** {@link #layer(Layer, NdArray)} on a given backend. */
    public static void layer(Backend backend, Layer layer, NdArray input) {
        NdArray exact = Values.exact(input);
        var argument = new Variable("input", exact.type(), Variable.Role.BUFFER);
        Tensor read = argument.read();
        var trace = new Trace(true, DType.FLOAT64);
        Tensor output = trace.call(layer, read);
        var point = new LinkedHashMap<Variable, NdArray>();
        point.putAll(Values.initial(backend, trace));
        point.put(argument, exact);
        var by = new ArrayList<Tensor>(List.of(read));
        trace.parameters().forEach(parameter -> by.add(trace.read(parameter)));
        compare(backend, output, by, point);
    }

    /** Checks the gradient of a loss by the predictions; see {@link #function(Backend, Function, NdArray...)}. */
    public static void loss(Backend backend, Loss loss, NdArray predictions, NdArray targets) {
        Tensor wanted = Tensor.constant(Values.exact(targets));
        function(backend, in -> loss.loss(in.get(0), wanted), predictions);
    }

    private static void compare(Backend backend, Tensor output, List<Tensor> leaves, Map<Variable, NdArray> point) {
        List<Tensor> by = leaves.stream().filter(leaf -> leaf.dtype().isFloating()).toList();
        Tensor weighted = output.cast(DType.FLOAT64)
                .mul(Tensor.constant(Values.reals(new TensorType(DType.FLOAT64, output.shape()), 3))).sum();
        List<Tensor> gradients = Gradients.of(weighted, by);
        var outputs = new LinkedHashMap<String, Tensor>();
        for (int i = 0; i < by.size(); i++) {
            assertThat(gradients.get(i).type()).as("type of the gradient by %s", by.get(i)).isEqualTo(by.get(i).type());
            outputs.put("gradient" + i, gradients.get(i));
        }
        try (var buffers = new Buffers(backend, point);
                Executable exact = backend.compile(Graph.of(outputs), buffers.all());
                Executable value = backend.compile(Graph.of("value", weighted), buffers.all())) {
            List<NdArray> computed = List.copyOf(exact.run(Map.of()).values());
            for (int i = 0; i < by.size(); i++) {
                Variable variable = Buffers.variable(by.get(i));
                double[] values = buffers.read(variable).toDoubleArray();
                for (int element = 0; element < values.length; element += stride(values.length)) {
                    int moved = element;
                    double slope = slope(step -> {
                        double[] there = values.clone();
                        there[moved] += step;
                        buffers.write(variable, NdArray.of(variable.type().shape(), there));
                        return value.run(Map.of()).firstEntry().getValue().item();
                    });
                    buffers.write(variable, NdArray.of(variable.type().shape(), values));
                    assertThat(computed.get(i).getDouble(element)).as("gradient by element %d of %s", element, variable)
                            .isCloseTo(slope, within(TOLERANCE * Math.max(1, Math.abs(slope))));
                }
            }
        }
    }

    private static int stride(int size) {
        return Math.max(1, (size + ELEMENTS - 1) / ELEMENTS);
    }

    private static double slope(DoubleUnaryOperator function) {
        double near = function.applyAsDouble(STEP) - function.applyAsDouble(-STEP);
        double far = function.applyAsDouble(2 * STEP) - function.applyAsDouble(-2 * STEP);
        return (8 * near - far) / (12 * STEP);
    }
}
