package dev.cambium.testkit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Executable;
import dev.cambium.nn.Trace;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/** Values that are the same in every run. */
final class Values {
    private Values() {}

    /** Uniform from −1 to 1, of a floating-point type. */
    static NdArray reals(TensorType type, long seed) {
        double[] values = new Random(seed).doubles(type.shape().size(), -1, 1).toArray();
        NdArray exact = NdArray.of(type.shape(), values);
        return type.dtype() == DType.FLOAT64 ? exact : single(exact);
    }

    private static NdArray single(NdArray exact) {
        float[] values = new float[Math.toIntExact(exact.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) exact.getDouble(i);
        }
        return NdArray.of(exact.shape(), values);
    }

    /** Floating-point values as float64, others as they are. */
    static NdArray exact(NdArray value) {
        return value.dtype().isFloating() ? NdArray.of(value.shape(), value.toDoubleArray()) : value;
    }

    /** The first values of all that a traced model reads, the run's seed and step among them. */
    static Map<Variable, NdArray> initial(Backend backend, Trace trace) {
        var run = Map.of(Trace.SEED, NdArray.scalar(1L), Trace.STEP, NdArray.scalar(0L));
        var names = new LinkedHashMap<String, Tensor>();
        trace.initialValues().forEach((variable, value) -> names.put(variable.name(), value));
        var values = new LinkedHashMap<Variable, NdArray>(run);
        try (var buffers = new Buffers(backend, run);
                Executable executable = backend.compile(Graph.of(names), buffers.all())) {
            List<NdArray> computed = List.copyOf(executable.run(Map.of()).values());
            List<Variable> variables = List.copyOf(trace.initialValues().keySet());
            for (int i = 0; i < computed.size(); i++) {
                values.put(variables.get(i), computed.get(i));
            }
        }
        return values;
    }
}
