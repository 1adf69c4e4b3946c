package dev.cambium.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Executable;
import dev.cambium.reference.ReferenceBackend;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.Variable;

/**
 * Runs graphs on this backend and on the reference, which computes in double precision, and compares everything that comes out: types,
 * outputs, and variables after each run.
 *
 * @param relative
 *            how far a floating element may be off, in units of its type's precision (2⁻²⁴ for float32) of the element itself
 * @param ofLargest
 *            and in such units of the tensor's largest element
 */
record Agreement(double relative, double ofLargest) {
    /** Each element is one rounding, or a function good to a few units in the last place. */
    static final Agreement ELEMENTWISE = new Agreement(8, 0);
    /** Elements are sums of products, whose terms may cancel. */
    static final Agreement SUMS = new Agreement(8, 64);
    /** Nothing is rounded at all. */
    static final Agreement EXACT = new Agreement(0, 0);

    /** What a run gave. */
    record Outcome(SequencedMap<String, NdArray> outputs, Map<Variable, NdArray> variables) {}

    static Backend open(int threads) {
        return new CpuBackendProvider().open(new BackendOptions("cpu", threads));
    }

    void check(Tensor tensor, Map<String, NdArray> inputs) {
        check(Graph.of("value", tensor), inputs);
    }

    void check(Graph graph, Map<String, NdArray> inputs) {
        check(graph, inputs, Map.of(), 1);
    }

    /** Runs a graph several times over variables that start with the given values. */
    void check(Graph graph, Map<String, NdArray> inputs, Map<Variable, NdArray> start, int runs) {
        List<Outcome> expected;
        try (Backend exact = ReferenceBackend.exact()) {
            expected = run(exact, graph, inputs, start, runs);
        }
        List<Outcome> actual;
        try (Backend cpu = open(2)) {
            actual = run(cpu, graph, inputs, start, runs);
        }
        for (int i = 0; i < runs; i++) {
            String place = "run " + (i + 1) + " of\n" + graph;
            Outcome is = actual.get(i);
            Outcome should = expected.get(i);
            assertThat(is.outputs().keySet()).containsExactlyElementsOf(graph.outputs().keySet());
            graph.outputs().forEach((name, tensor) -> {
                NdArray value = found(is.outputs(), name);
                assertThat(value.type()).as("type of %s in %s", name, place).isEqualTo(tensor.type());
                compare(name, value, found(should.outputs(), name), place);
            });
            start.keySet().forEach(variable -> compare(variable.name(), found(is.variables(), variable),
                    found(should.variables(), variable), place));
        }
    }

    /** A value that must be there. */
    static <K, V> V found(Map<K, V> map, K key) {
        return Objects.requireNonNull(map.get(key), () -> key + " is missing");
    }

    /** The only output of a run. */
    static NdArray only(Executable executable, Map<String, NdArray> inputs) {
        SequencedMap<String, NdArray> outputs = executable.run(inputs);
        assertThat(outputs).hasSize(1);
        return outputs.firstEntry().getValue();
    }

    static List<Outcome> run(Backend backend, Graph graph, Map<String, NdArray> inputs, Map<Variable, NdArray> start,
            int runs) {
        Map<Variable, Buffer> buffers = new LinkedHashMap<>();
        start.forEach((variable, value) -> buffers.put(variable, backend.buffer(value)));
        var outcomes = new ArrayList<Outcome>();
        try (Executable executable = backend.compile(graph, buffers)) {
            for (int i = 0; i < runs; i++) {
                SequencedMap<String, NdArray> outputs = executable.run(inputs);
                Map<Variable, NdArray> variables = new HashMap<>();
                buffers.forEach((variable, buffer) -> variables.put(variable, buffer.read()));
                outcomes.add(new Outcome(outputs, variables));
            }
        }
        buffers.values().forEach(Buffer::close);
        return outcomes;
    }

    /** Compares with what the reference gave: of the same shape, floating elements in double precision. */
    void compare(String name, NdArray actual, NdArray expected, String place) {
        assertThat(actual.shape()).as(name).isEqualTo(expected.shape());
        if (!actual.dtype().isFloating()) {
            assertThat(actual.toLongArray()).as("%s in %s", name, place).isEqualTo(expected.toLongArray());
            return;
        }
        double unit = precision(actual.dtype());
        double largest = 0;
        for (double value : expected.toDoubleArray()) {
            largest = Double.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
        }
        for (long i = 0; i < actual.size(); i++) {
            double is = actual.getDouble(i);
            double exact = expected.getDouble(i);
            double tolerance = (relative * Math.abs(exact) + ofLargest * largest) * unit + smallest(actual.dtype());
            boolean agrees = Double.isNaN(exact) ? Double.isNaN(is)
                    : is == rounded(exact, actual.dtype()) || Math.abs(is - exact) <= tolerance;
            if (!agrees) {
                assertThat(is).as("%s[%d] of %s, which is %s, in %s", name, i, actual.type(), exact, place)
                        .isEqualTo(exact);
            }
        }
    }

    private static double precision(DType dtype) {
        return switch (dtype) {
            case FLOAT16 -> 0x1p-11;
            case BFLOAT16 -> 0x1p-8;
            case FLOAT32 -> 0x1p-24;
            case FLOAT64 -> 0x1p-53;
            case BOOL, UINT8, INT32, INT64 -> 0;
        };
    }

    /** Below the smallest normal number precision ends. */
    private double smallest(DType dtype) {
        return relative == 0 ? 0 : switch (dtype) {
            case FLOAT16 -> 0x1p-24;
            case BFLOAT16, FLOAT32 -> Float.MIN_VALUE;
            case FLOAT64 -> Double.MIN_VALUE;
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
