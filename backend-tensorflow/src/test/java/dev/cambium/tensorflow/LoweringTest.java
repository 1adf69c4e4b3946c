package dev.cambium.tensorflow;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationInput;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationNumInputs;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationOpType;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.internal.c_api.TF_Input;
import org.tensorflow.internal.c_api.TF_Operation;

import dev.cambium.backend.Backend;
import dev.cambium.reference.ReferenceBackend;
import dev.cambium.tck.Outcome;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;
import dev.cambium.tensor.Window2d;

/** Where a fast operation of TensorFlow stands for some of ours, it is used, and gives the same as the reference. */
@Tag("tensorflow")
class LoweringTest {
    private static final float NAN = Float.NaN;
    private static final float INFINITY = Float.POSITIVE_INFINITY;
    private static final float[] SPECIAL = {NAN, INFINITY, -INFINITY, 0, -0f, 1.5f, -1.5f};

    private final Random random = new Random(1);

    @BeforeAll
    static void load() {
        Natives.load();
    }

    // ---- relu

    @Test
    void relu_and_its_gradient_are_products_in_which_zero_wins_over_nan() {
        int n = SPECIAL.length;
        var x = new float[n * n];
        var g = new float[n * n];
        for (int i = 0; i < n * n; i++) {
            x[i] = SPECIAL[i / n];
            g[i] = SPECIAL[i % n];
        }
        Map<String, NdArray> inputs = Map.of("x", NdArray.of(Shape.of(n * n), x), "g", NdArray.of(Shape.of(n * n), g));
        Tensor images = input("x", inputs);
        Tensor relu = images.relu();
        var outputs = new LinkedHashMap<>(Map.of("y", relu));
        outputs.put("dx", Gradients.of(relu, input("g", inputs), List.of(images)).get(0));
        Graph graph = Graph.of(outputs);

        assertThat(operations(graph)).contains("MulNoNan").doesNotContain("SelectV2");
        Map<String, float[]> expected = expected(graph, inputs);
        outputs(graph, inputs).forEach((name, values) -> assertThat(values).containsExactly(expected.get(name)));
    }

    // ---- max-pooling

    static Stream<Window2d> windows() {
        return Stream.of(Window2d.square(2, 2), Window2d.square(3, 2).padded(1), Window2d.square(3, 1).padded(1),
                Window2d.square(2, 2).padded(1));
    }

    @ParameterizedTest
    @MethodSource("windows")
    void max_pooling_uses_kernels_but_passes_over_no_nan_and_no_infinity(Window2d window) {
        Shape shape = Shape.of(2, 3, 4, 6);
        Tensor x = Tensor.input("x", new TensorType(DType.FLOAT32, shape));
        Tensor y = x.maxPool2d(window);
        Tensor dx = Gradients.of(y, Tensor.input("g", y.type()), List.of(x)).get(0);
        var outputs = new LinkedHashMap<>(Map.of("y", y));
        outputs.put("dx", dx);
        Graph graph = Graph.of(outputs);
        assertThat(operations(graph)).contains("MaxPool", "MaxPoolGrad");

        NdArray g = values(y.shape());
        for (float special : SPECIAL) {
            for (int count : new int[] {0, 1, 5, 144}) {
                float[] images = wholes(shape).toFloatArray();
                IntStream.range(0, count).forEach(i -> images[i * 144 / count] = special);
                Map<String, NdArray> inputs = Map.of("x", NdArray.of(shape, images), "g", g);
                assertAgrees(graph, inputs);
            }
        }
    }

    // ---- sums and products

    @Test
    void vector_along_the_innermost_axis_is_added_as_a_bias() {
        Map<String, NdArray> inputs = Map.of("x", values(Shape.of(2, 3, 4, 5)), "w", values(Shape.of(6, 3, 3, 3)),
                "b", values(Shape.of(6)), "rows", values(Shape.of(3, 6)));
        Tensor bias = input("b", inputs);
        Graph images = Graph.of("y", input("x", inputs)
                .conv2d(input("w", inputs), Window2d.square(3, 1), 1).add(bias.reshape(6, 1, 1)));
        Graph rows = Graph.of("y", input("rows", inputs).add(bias));
        for (Graph graph : List.of(images, rows)) {
            assertThat(operations(graph)).contains("BiasAdd").doesNotContain("AddV2");
            assertAgrees(graph, inputs);
        }
    }

    @Test
    void few_rows_times_a_large_transposed_factor_is_the_transpose_of_a_product() {
        Map<String, NdArray> inputs = Map.of("x", wholes(Shape.of(3, 512)), "w", wholes(Shape.of(520, 512)));
        Graph graph = Graph.of("y", input("x", inputs).matmul(input("w", inputs).transpose()));
        assertThat(operations(graph)).contains("Transpose");
        assertAgrees(graph, inputs);
    }

    /** oneDNN's product of batches fails on one that is kept once. */
    @ParameterizedTest
    @CsvSource({"true, false", "false, true", "true, true"})
    void batches_times_one_repeated_matrix(boolean repeatLeft, boolean repeatRight) {
        Map<String, NdArray> inputs = Map.of("a", values(repeatLeft ? Shape.of(3, 4) : Shape.of(5, 3, 4)), "b",
                values(repeatRight ? Shape.of(4, 2) : Shape.of(5, 4, 2)));
        Tensor a = input("a", inputs).broadcastTo(Shape.of(5, 3, 4));
        Tensor b = input("b", inputs).broadcastTo(Shape.of(5, 4, 2));
        assertAgrees(Graph.of("y", a.matmul(b)), inputs);
    }

    /** oneDNN takes the stride along a width on which nothing moves for the one along the height. */
    @Test
    void convolution_of_one_channel_with_a_stride_along_one_column() {
        var window = new Window2d(2, 2, 1, 2, 1, 1, 0, 0, 0, 0);
        Map<String, NdArray> inputs = Map.of("x", values(Shape.of(2, 1, 5, 3)), "w", values(Shape.of(3, 1, 2, 2)));
        assertAgrees(Graph.of("y", input("x", inputs).conv2d(input("w", inputs), window, 1)),
                inputs);
    }

    // ---- Adam

    @Test
    void adam_is_one_operation_for_each_parameter() {
        Graph graph = adam(0.999, false);
        assertThat(operations(graph)).contains("ResourceApplyAdam").doesNotContain("AssignVariableOp", "Sqrt");
        assertTrains(graph);
    }

    @Test
    void adam_with_a_beta_of_which_the_kernel_would_lose_digits_is_computed_step_by_step() {
        Graph graph = adam(0.9999, false);
        assertThat(operations(graph)).contains("AssignVariableOp").doesNotContain("ResourceApplyAdam");
        assertTrains(graph);
    }

    @Test
    void adam_whose_new_mean_is_wanted_besides_is_computed_step_by_step() {
        Graph graph = adam(0.999, true);
        assertThat(operations(graph)).contains("AssignVariableOp").doesNotContain("ResourceApplyAdam");
        assertTrains(graph);
    }

    /** The update of one parameter, as the models' optimizer writes it, by the gradient of its fourth powers' sum. */
    private static Graph adam(double beta2, boolean showsMean) {
        Variable parameter = variable("w");
        Variable mean = variable("mean");
        Variable square = variable("square");
        Tensor w = parameter.read();
        Tensor loss = w.mul(w).mul(w.mul(w)).sum();
        Tensor g = Gradients.of(loss, List.of(w)).get(0);
        Tensor newMean = Tensor.region("adam_mean", List.of(mean.read(), g, number(1 - 0.9)),
                in -> in.get(0).add(in.get(1).sub(in.get(0)).mul(in.get(2))));
        Tensor newSquare = Tensor.region("adam_square",
                List.of(square.read(), g, number(beta2), number(1 - beta2)),
                in -> in.get(0).mul(in.get(2)).add(in.get(1).mul(in.get(3)).mul(in.get(1))));
        Tensor newParameter = Tensor.region("adam_parameter",
                List.of(w, newMean, newSquare, number(0.01), number(1e-4)),
                in -> in.get(0).sub(in.get(1).div(in.get(2).sqrt().add(in.get(4))).mul(in.get(3))));
        var outputs = new LinkedHashMap<>(Map.of("loss", loss));
        if (showsMean) {
            outputs.put("mean", newMean);
        }
        return new Graph(outputs,
                new LinkedHashMap<>(Map.of(parameter, newParameter, mean, newMean, square, newSquare)));
    }

    private static Variable variable(String name) {
        return new Variable(name, new TensorType(DType.FLOAT32, Shape.of(3, 5)), Variable.Role.PARAMETER);
    }

    private static Tensor number(double value) {
        return Tensor.constant(NdArray.scalar((float) value));
    }

    private void assertTrains(Graph graph) {
        Map<Variable, NdArray> start = new HashMap<>();
        graph.variables().forEach(variable -> start.put(variable, variable.name().equals("w")
                ? values(variable.type().shape())
                : NdArray.zeros(variable.type())));
        try (Backend backend = backend(); Backend reference = ReferenceBackend.rounded()) {
            Outcome ours = Outcome.ofRuns(backend, graph, Map.of(), start, 5).getLast();
            Outcome theirs = Outcome.ofRuns(reference, graph, Map.of(), start, 5).getLast();
            assertClose(ours.output("loss").toFloatArray(), theirs.output("loss").toFloatArray());
            for (Variable variable : graph.variables()) {
                assertClose(ours.variable(variable).toFloatArray(), theirs.variable(variable).toFloatArray());
            }
        }
    }

    // ---- tools

    private static Tensor input(String name, Map<String, NdArray> values) {
        return Tensor.input(name, Objects.requireNonNull(values.get(name)).type());
    }

    private NdArray values(Shape shape) {
        var values = new float[Math.toIntExact(shape.size())];
        IntStream.range(0, values.length).forEach(i -> values[i] = (float) random.nextGaussian());
        return NdArray.of(shape, values);
    }

    /** Whole numbers, among which there are ties and whose sums are exact. */
    private NdArray wholes(Shape shape) {
        float[] values = values(shape).toFloatArray();
        IntStream.range(0, values.length).forEach(i -> values[i] = Math.round(values[i]));
        return NdArray.of(shape, values);
    }

    private static Backend backend() {
        return new TensorFlowBackendProvider("cpu", 2).open();
    }

    private static Map<String, float[]> outputs(Graph graph, Map<String, NdArray> inputs) {
        try (Backend backend = backend()) {
            return outputs(backend, graph, inputs);
        }
    }

    private static Map<String, float[]> expected(Graph graph, Map<String, NdArray> inputs) {
        try (Backend reference = ReferenceBackend.rounded()) {
            return outputs(reference, graph, inputs);
        }
    }

    private static Map<String, float[]> outputs(Backend backend, Graph graph, Map<String, NdArray> inputs) {
        Map<String, float[]> values = new LinkedHashMap<>();
        Outcome.ofRuns(backend, graph, inputs, Map.of(), 1).getFirst().outputs()
                .forEach((name, value) -> values.put(name, value.toFloatArray()));
        return values;
    }

    private static void assertAgrees(Graph graph, Map<String, NdArray> inputs) {
        Map<String, float[]> expected = expected(graph, inputs);
        outputs(graph, inputs)
                .forEach((name, values) -> assertClose(values, Objects.requireNonNull(expected.get(name))));
    }

    private static void assertClose(float[] values, float... expected) {
        assertThat(values).hasSameSizeAs(expected);
        for (int i = 0; i < values.length; i++) {
            boolean close = Float.compare(values[i], expected[i]) == 0
                    || Math.abs(values[i] - expected[i]) <= 1e-6 + 2e-5 * Math.abs(expected[i]);
            assertThat(close).as("element %d is %s, not %s", i, values[i], expected[i]).isTrue();
        }
    }

    /** The types of all operations that a run of a graph needs. */
    private static Set<String> operations(Graph graph) {
        try (GraphSession session = new GraphSession(Config.cpu(1), "cpu")) {
            Map<Variable, Output> handles = new HashMap<>();
            for (Variable variable : graph.variables()) {
                handles.put(variable, session.op("VarHandleOp").type("dtype", Elements.code(variable.type().dtype()))
                        .attribute("shape", variable.type().shape()).build());
            }
            Lowering.Lowered lowered = Lowering.lower(graph, session, handles);
            var seen = new HashSet<TF_Operation>();
            Stream.concat(lowered.outputs().stream(), lowered.targets().stream())
                    .forEach(output -> collect(output.operation(), seen));
            return seen.stream().map(operation -> TF_OperationOpType(operation).getString()).collect(toSet());
        }
    }

    private static void collect(TF_Operation operation, Set<TF_Operation> seen) {
        if (!seen.add(operation)) {
            return;
        }
        for (int i = 0; i < TF_OperationNumInputs(operation); i++) {
            try (TF_Input input = new TF_Input()) {
                collect(TF_OperationInput(input.oper(operation).index(i)).oper(), seen);
            }
        }
    }
}
