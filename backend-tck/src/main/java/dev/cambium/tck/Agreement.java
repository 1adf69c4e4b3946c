package dev.cambium.tck;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

import dev.cambium.backend.Backend;
import dev.cambium.reference.ReferenceBackend;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.Variable;

/**
 * How close a backend comes to the reference, which computes in double precision: it runs graphs on both and compares everything that
 * comes out, types, outputs, and variables after each run. A number below the smallest normal one of its type may be zero.
 *
 * <p>
 * All tolerances stand here. One unit is half the distance of two neighbours (2⁻²⁴ for float32), what one correct rounding costs at
 * most. They are some times what the CPU backend needs, since others have other functions and other orders of summation.
 *
 * @param relative
 *            how far a floating element may be off, in units of the element itself
 * @param ofLargest
 *            and in units of the tensor's largest element
 */
record Agreement(double relative, double ofLargest) {
    /** Nothing is rounded: movement, comparisons, integers, whole numbers so small that sums and products of them fit. */
    static final Agreement EXACT = new Agreement(0, 0);
    /** One correct rounding: conversions. */
    static final Agreement ROUNDED = new Agreement(1, 0);
    /** One primitive, or a function good to four in the last place. */
    static final Agreement ELEMENTWISE = new Agreement(8, 0);
    /** The same in double precision, where the reference is no more precise than what it checks. */
    static final Agreement DOUBLE_ELEMENTWISE = new Agreement(32, 0);
    /** Sums of products, whose terms may cancel. */
    static final Agreement SUMS = new Agreement(8, 64);
    /** Gradients and composites: some functions and sums one after the other. */
    static final Agreement GRADIENTS = new Agreement(64, 64);
    /** Gradients through several layers, whose deviations add up. */
    static final Agreement NETWORK = new Agreement(64, 512);
    /**
     * Steps of Adam, which divides small numbers by small numbers and so multiplies what rounding left in them. After thirty steps
     * both the CPU backend and the reference that rounds each primitive were 21 units off.
     */
    static final Agreement TRAINING = new Agreement(256, 256);

    /** So many terms added one after the other, each sum being rounded. */
    static Agreement sumsOf(long terms) {
        return new Agreement(8, terms);
    }

    /** Arrays of more elements are shown by their type alone. */
    private static final int SHOWN = 100;

    /** Fails unless a backend computes a tensor as the reference does. */
    void check(Backend backend, Tensor tensor, Map<String, NdArray> inputs) {
        check(backend, Graph.of("value", tensor), inputs);
    }

    /** Fails unless a backend computes a graph without variables as the reference does. */
    void check(Backend backend, Graph graph, Map<String, NdArray> inputs) {
        check(backend, graph, inputs, Map.of(), 1);
    }

    /** Fails unless a backend does as the reference in several runs over variables that start with the given values. */
    void check(Backend backend, Graph graph, Map<String, NdArray> inputs, Map<Variable, NdArray> start, int runs) {
        failure(backend, graph, inputs, start, runs).ifPresent(Assertions::fail);
    }

    /** What a backend does otherwise than the reference, if anything, with the graph and its values. */
    Optional<String> failure(Backend backend, Graph graph, Map<String, NdArray> inputs, Map<Variable, NdArray> start,
            int runs) {
        List<Outcome> expected;
        try (Backend exact = ReferenceBackend.exact()) {
            expected = Outcome.ofRuns(exact, graph, inputs, start, runs);
        }
        List<Outcome> actual;
        try {
            actual = Outcome.ofRuns(backend, graph, inputs, start, runs);
        } catch (RuntimeException e) {
            var trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            return Optional.of("%s%nis thrown by%n%s%n%s".formatted(e, problem(graph, inputs, start), trace));
        }
        for (int i = 0; i < runs; i++) {
            Optional<String> difference = difference(graph, actual.get(i), expected.get(i));
            if (difference.isPresent()) {
                return Optional.of("%s%nafter run %d of%n%s".formatted(difference.get(), i + 1,
                        problem(graph, inputs, start)));
            }
        }
        return Optional.empty();
    }

    private static String problem(Graph graph, Map<String, NdArray> inputs, Map<Variable, NdArray> start) {
        var text = new StringBuilder(graph.toString());
        graph.inputs().keySet().forEach(name -> text.append(name).append(" = ").append(shown(inputs.get(name)))
                .append('\n'));
        start.forEach((variable, value) -> text.append(variable.name()).append(" starts as ").append(shown(value))
                .append('\n'));
        return text.toString();
    }

    private static String shown(@Nullable NdArray array) {
        return array == null ? "missing" : array.size() > SHOWN ? array.type().toString() : array.toString();
    }

    /** What is wrong with a run's outcome first, if anything is. */
    private Optional<String> difference(Graph graph, Outcome actual, Outcome expected) {
        List<String> names = List.copyOf(graph.outputs().keySet());
        if (!List.copyOf(actual.outputs().keySet()).equals(names)) {
            return Optional.of("the outputs are %s instead of %s".formatted(actual.outputs().keySet(), names));
        }
        for (String name : names) {
            NdArray value = actual.output(name);
            Tensor tensor = graph.outputs().get(name);
            if (tensor != null && !value.type().equals(tensor.type())) {
                return Optional.of("output %s is %s instead of %s".formatted(name, value.type(), tensor.type()));
            }
            Optional<String> difference = difference(value, expected.output(name));
            if (difference.isPresent()) {
                return difference.map(text -> "output %s (%s): %s".formatted(name, tensor, text));
            }
        }
        for (Variable variable : expected.variables().keySet()) {
            Optional<String> difference = difference(actual.variable(variable), expected.variable(variable));
            if (difference.isPresent()) {
                return difference.map(text -> "variable %s (%s): %s".formatted(variable.name(), variable.type(), text));
            }
        }
        return Optional.empty();
    }

    /** Where an array is wrong first, if anywhere. The right one is of the same shape, in double precision if floating. */
    private Optional<String> difference(NdArray actual, NdArray expected) {
        double largest = 0;
        for (double value : expected.dtype().isFloating() ? expected.toDoubleArray() : new double[0]) {
            largest = Double.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
        }
        long wrong = 0;
        long first = -1;
        for (long i = 0; i < actual.size(); i++) {
            boolean agrees = actual.dtype().isFloating()
                    ? agrees(actual.getDouble(i), expected.getDouble(i), largest, actual.dtype())
                    : actual.getLong(i) == expected.getLong(i);
            if (!agrees) {
                first = wrong == 0 ? i : first;
                wrong++;
            }
        }
        return wrong == 0 ? Optional.empty()
                : Optional.of("element %s is %s instead of %s; %d of %d are wrong".formatted(
                        Arrays.toString(index(first, actual)), element(actual, first), element(expected, first),
                        wrong, actual.size()));
    }

    private boolean agrees(double is, double exact, double largest, DType dtype) {
        if (!Double.isFinite(exact)) {
            return Double.compare(is, exact) == 0;
        }
        double smallest = smallestNormal(dtype);
        boolean denormalAsZero = is == 0 && Math.abs(exact) < smallest;
        double tolerance = (relative * Math.max(Math.abs(exact), smallest) + ofLargest * largest) * precision(dtype);
        return denormalAsZero || is == rounded(exact, dtype) || Math.abs(is - exact) <= tolerance;
    }

    private static int[] index(long offset, NdArray array) {
        int[] index = new int[array.shape().rank()];
        long rest = offset;
        for (int axis = index.length - 1; axis >= 0; axis--) {
            index[axis] = Math.toIntExact(rest % array.shape().dim(axis));
            rest /= array.shape().dim(axis);
        }
        return index;
    }

    private static String element(NdArray array, long offset) {
        return array.dtype().isFloating() ? Double.toString(array.getDouble(offset))
                : Long.toString(array.getLong(offset));
    }

    /** Half the distance of two neighbours between 1 and 2. */
    private static double precision(DType dtype) {
        return switch (dtype) {
            case FLOAT16 -> 0x1p-11;
            case BFLOAT16 -> 0x1p-8;
            case FLOAT32 -> 0x1p-24;
            case FLOAT64 -> 0x1p-53;
            case BOOL, UINT8, INT32, INT64 -> 0;
        };
    }

    private static double smallestNormal(DType dtype) {
        return switch (dtype) {
            case FLOAT16 -> 0x1p-14;
            case BFLOAT16, FLOAT32 -> Float.MIN_NORMAL;
            case FLOAT64 -> Double.MIN_NORMAL;
            case BOOL, UINT8, INT32, INT64 -> 0;
        };
    }

    /** The exact value in a type, so that what is too large for it counts as infinite. */
    private static double rounded(double value, DType dtype) {
        return switch (dtype) {
            case FLOAT64 -> value;
            case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16((float) value));
            case BOOL, UINT8, INT32, INT64, BFLOAT16, FLOAT32 -> (float) value;
        };
    }
}
