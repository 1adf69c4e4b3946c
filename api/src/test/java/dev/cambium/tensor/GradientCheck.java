package dev.cambium.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.IntStream;

import dev.cambium.reference.ReferenceBackend;

/** Compares gradients with finite differences in double precision. */
final class GradientCheck {
    private static final double STEP = 0x1p-10;
    private static final double TOLERANCE = 1e-7;

    private GradientCheck() {}

    /** Checks the gradients of a function, and the gradients of those gradients. */
    static void check(Function<List<Tensor>, Tensor> function, List<NdArray> at) {
        checkOnce(function, at);
        checkOnce(x -> weighted(Gradients.of(weighted(List.of(function.apply(x)), 1), x), 2), at);
    }

    /** Checks the gradients of a function alone. */
    static void checkOnce(Function<List<Tensor>, Tensor> function, List<NdArray> at) {
        List<Tensor> x = IntStream.range(0, at.size()).mapToObj(i -> Tensor.input("x" + i, at.get(i).type())).toList();
        Tensor result = weighted(List.of(function.apply(x)), 3);
        List<Tensor> gradients = Gradients.of(result, x);
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        for (int i = 0; i < x.size(); i++) {
            assertThat(gradients.get(i).type()).as("type of the gradient by input %d", i).isEqualTo(x.get(i).type());
            outputs.put("gradient" + i, gradients.get(i));
        }
        var backend = ReferenceBackend.exact();
        List<NdArray> values = List.copyOf(backend.run(Graph.of(outputs), inputs(at)).values());
        try (var executable = backend.compile(Graph.of("result", result), Map.of())) {
            for (int i = 0; i < at.size(); i++) {
                for (int k = 0; k < at.get(i).size(); k++) {
                    int input = i;
                    int element = k;
                    double slope = slope(step -> executable.run(inputs(moved(at, input, element, step))).firstEntry()
                            .getValue().item());
                    assertThat(values.get(i).getDouble(k)).as("gradient by element %d of input %d, %s", k, i, result)
                            .isCloseTo(slope,
                                    within(TOLERANCE * Math.max(1, Math.abs(slope))));
                }
            }
        }
    }

    /** The central difference of fourth order. */
    private static double slope(Function<Double, Double> function) {
        double near = function.apply(STEP) - function.apply(-STEP);
        double far = function.apply(2 * STEP) - function.apply(-2 * STEP);
        return (8 * near - far) / (12 * STEP);
    }

    /** A scalar that depends on every element of some tensors, on each in another way. */
    private static Tensor weighted(List<Tensor> tensors, long seed) {
        Tensor sum = Tensor.constant(NdArray.of(Shape.scalar(), 0.0));
        for (Tensor tensor : tensors) {
            Tensor weights = Tensor.constant(Values.reals(new Random(seed), -1, 1, tensor.shape()));
            sum = sum.add(tensor.cast(DType.FLOAT64).mul(weights).sum());
        }
        return sum;
    }

    private static Map<String, NdArray> inputs(List<NdArray> at) {
        var inputs = new HashMap<String, NdArray>();
        for (int i = 0; i < at.size(); i++) {
            inputs.put("x" + i, at.get(i));
        }
        return inputs;
    }

    private static List<NdArray> moved(List<NdArray> at, int input, int element, double by) {
        double[] values = at.get(input).toDoubleArray();
        values[element] += by;
        var moved = new ArrayList<>(at);
        moved.set(input, NdArray.of(at.get(input).shape(), values));
        return moved;
    }
}
