package dev.cambium.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Executable;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Window2d;

/** Products that visit only what is not zero, against dense ones: a small network with all kinds of them, and its gradients. */
class SkippedZerosTest {
    private static final Tensor IMAGES = input("images", 6, 16, 12, 12);
    private static final Tensor FILTERS = input("filters", 40, 16, 3, 3);
    private static final Tensor WEIGHT = input("weight", 1440, 200);
    private static final Tensor LAST = input("last", 200, 160);

    /** Of the largest element: both sum in single precision, in different orders. */
    private static final double TOLERANCE = 1e-6;

    private static Tensor input(String name, int... dims) {
        return Tensor.input(name, new TensorType(DType.FLOAT32, Shape.of(dims)));
    }

    /** A value and its gradients, in the forms that a training step has: products with zeros on the left, and convolutions behind pools. */
    private static Graph graph() {
        Tensor pooled = IMAGES.conv2d(FILTERS, Window2d.square(3, 1).padded(1), 1).relu().maxPool2d(2);
        Tensor hidden = pooled.flatten(1).matmul(WEIGHT).relu();
        Tensor output = hidden.matmul(LAST);
        var outputs = new LinkedHashMap<String, Tensor>();
        outputs.put("output", output);
        Tensor loss = output.mul(output).sum();
        for (Tensor by : new Tensor[] {IMAGES, FILTERS, WEIGHT, LAST}) {
            outputs.put("gradient by " + by.op(), Gradients.of(loss, List.of(by)).getFirst());
        }
        return new Graph(outputs, new LinkedHashMap<>());
    }

    /** By the names of the inputs. */
    private static Map<String, NdArray> values() {
        var random = new Random(5);
        var values = new HashMap<String, NdArray>();
        for (Tensor each : new Tensor[] {IMAGES, FILTERS, WEIGHT, LAST}) {
            values.put(name(each), NdArray.of(each.shape(), floats(random, (int) each.shape().size())));
        }
        return values;
    }

    private static float[] floats(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian() / 16;
        }
        return values;
    }

    private static String name(Tensor input) {
        return ((Op.Input) input.op()).name();
    }

    private static SequencedMap<String, NdArray> run(boolean skipZeros, int threads, Map<String, NdArray> values) {
        try (Backend backend = new CpuBackendProvider("cpu", threads, skipZeros).open();
                Executable executable = backend.compile(graph(), Map.of())) {
            assertThat(executable.toString().contains("sparse_matmul")).isEqualTo(skipZeros);
            assertThat(executable.toString().contains("sparse_conv2d")).isEqualTo(skipZeros);
            return executable.run(values);
        }
    }

    private static void assertClose(SequencedMap<String, NdArray> actual, SequencedMap<String, NdArray> expected) {
        assertThat(actual.sequencedKeySet()).containsExactlyElementsOf(expected.sequencedKeySet());
        actual.forEach((name, value) -> {
            double[] values = value.toDoubleArray();
            double[] wanted = expected.getOrDefault(name, value).toDoubleArray();
            double largest = 0;
            double difference = 0;
            for (int i = 0; i < wanted.length; i++) {
                largest = Math.max(largest, Math.abs(wanted[i]));
                difference = Math.max(difference, Math.abs(values[i] - wanted[i]));
            }
            assertThat(difference).as(name).isLessThanOrEqualTo(TOLERANCE * largest);
        });
    }

    @Test
    void results_are_those_of_dense_products_but_for_rounding() {
        assertClose(run(true, 2, values()), run(false, 2, values()));
    }

    /** As many samples as features: rows and columns of the gradients are equally many, but not the same. */
    @Test
    void gradients_of_square_layers_are_right() {
        Tensor x = input("x", 128, 128);
        Tensor weight = input("w", 128, 128);
        Tensor hidden = x.relu();
        Tensor output = hidden.matmul(weight);
        List<Tensor> gradients = Gradients.of(output.mul(output).sum(), List.of(x, weight));
        var outputs = new LinkedHashMap<String, Tensor>();
        outputs.put("x", gradients.get(0));
        outputs.put("weight", gradients.get(1));
        var graph = new Graph(outputs, new LinkedHashMap<>());
        var random = new Random(3);
        Map<String, NdArray> values = Map.of("x", NdArray.of(x.shape(), floats(random, 128 * 128)), "w",
                NdArray.of(x.shape(), floats(random, 128 * 128)));
        try (Backend sparse = new CpuBackendProvider("cpu", 2, true).open();
                Backend dense = new CpuBackendProvider("cpu", 2, false).open();
                Executable skipping = sparse.compile(graph, Map.of());
                Executable plain = dense.compile(graph, Map.of())) {
            assertThat(skipping.toString()).contains("sampled_matmul");
            assertClose(skipping.run(values), plain.run(values));
        }
    }

    @Test
    void results_do_not_depend_on_the_number_of_threads() {
        SequencedMap<String, NdArray> one = run(true, 1, values());
        assertThat(run(true, 2, values())).isEqualTo(one);
        assertThat(run(true, 3, values())).isEqualTo(one);
    }

    @ParameterizedTest
    @CsvSource({"images, NaN", "images, Infinity", "filters, NaN", "filters, -Infinity", "weight, NaN",
            "weight, Infinity",
            "last, NaN", "last, -Infinity"})
    void what_is_not_finite_is_never_hidden(String input, float planted) {
        Map<String, NdArray> values = values();
        float[] changed = values.getOrDefault(input, NdArray.scalar(0f)).toFloatArray();
        changed[changed.length / 2] = planted;
        values.computeIfPresent(input, (_, old) -> NdArray.of(old.shape(), changed));
        SequencedMap<String, NdArray> dense = run(false, 2, values);
        run(true, 2, values).forEach(
                (name, value) -> assertThat(special(value)).as(name)
                        .isEqualTo(special(dense.getOrDefault(name, value))));
    }

    /** Where there is NaN, and where there is infinity. */
    private static List<List<Integer>> special(NdArray array) {
        float[] values = array.toFloatArray();
        return List.of(IntStream.range(0, values.length).filter(i -> Float.isNaN(values[i])).boxed().toList(),
                IntStream.range(0, values.length).filter(i -> Float.isInfinite(values[i])).boxed().toList());
    }

    @ParameterizedTest
    @ValueSource(floats = {-1, 0, 1})
    void values_without_a_zero_and_of_nothing_else_are_right_too(float filters) {
        Map<String, NdArray> values = values();
        float[] same = new float[(int) FILTERS.shape().size()];
        Arrays.fill(same, filters);
        values.put("filters", NdArray.of(FILTERS.shape(), same));
        float[] positive = new float[(int) IMAGES.shape().size()];
        Arrays.fill(positive, 0.01f);
        values.put("images", NdArray.of(IMAGES.shape(), positive));
        assertClose(run(true, 2, values), run(false, 2, values));
    }
}
