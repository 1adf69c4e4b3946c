package dev.cambium.cpu;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Executable;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/** Attention over sequences, of which a batch runs sequence by sequence through rows and heads, against each sequence by itself. */
class SequencesTest {
    private static final int BATCH = 20;
    private static final int LENGTH = 28;
    private static final int WIDTH = 64;
    private static final int HEADS = 4;
    private static final List<String> WEIGHTS = List.of("query", "key", "value", "mix");
    private static final List<String> PARAMETERS = List.of("query", "key", "value", "mix", "bias");

    private static Tensor input(String name, int... dims) {
        return Tensor.input(name, new TensorType(DType.FLOAT32, Shape.of(dims)));
    }

    private static Graph graph(int batch) {
        Tensor x = input("x", batch, LENGTH, WIDTH);
        Tensor centred = x.sub(x.mean(2).expand(2));
        Tensor normal = centred.mul(centred.mul(centred).mean(2).expand(2).add(1e-5).rsqrt());
        List<Tensor> heads = WEIGHTS.stream().limit(3)
                .map(name -> rows(normal, name).reshape(batch, LENGTH, HEADS, -1).transpose(0, 2, 1, 3)).toList();
        Tensor mixed = heads.get(0).matmul(heads.get(1).transpose()).softmax(-1).matmul(heads.get(2))
                .transpose(0, 2, 1, 3).reshape(batch, LENGTH, WIDTH);
        Tensor y = x.add(rows(mixed, "mix"));
        var outputs = new LinkedHashMap<String, Tensor>();
        outputs.put("y", y);
        Tensor loss = y.mul(y).sum();
        outputs.put("by x", Gradients.of(loss, List.of(x)).getFirst());
        WEIGHTS.forEach(name -> outputs.put("by " + name,
                Gradients.of(loss, List.of(input(name, WIDTH, WIDTH))).getFirst()));
        outputs.put("by bias", Gradients.of(loss, List.of(input("bias", WIDTH))).getFirst());
        return new Graph(outputs, new LinkedHashMap<>());
    }

    private static Tensor rows(Tensor x, String weights) {
        return x.reshape(-1, WIDTH).matmul(input(weights, WIDTH, WIDTH)).add(input("bias", WIDTH)).reshape(x.shape());
    }

    private static SequencedMap<String, NdArray> run(int threads, Map<String, NdArray> values) {
        int batch = requireNonNull(values.get("x")).shape().dim(0);
        try (Backend backend = new CpuBackendProvider("cpu", threads, true).open();
                Executable executable = backend.compile(graph(batch), Map.of())) {
            executable.run(values);
            return executable.run(values);
        }
    }

    private static Map<String, NdArray> values() {
        var random = new Random(3);
        var values = new LinkedHashMap<String, NdArray>();
        values.put("x", normal(random, 1, BATCH, LENGTH, WIDTH));
        WEIGHTS.forEach(name -> values.put(name, normal(random, 0.2, WIDTH, WIDTH)));
        values.put("bias", normal(random, 0.2, WIDTH));
        return values;
    }

    private static NdArray normal(Random random, double deviation, int... dims) {
        float[] values = new float[(int) Shape.of(dims).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return NdArray.of(Shape.of(dims), values);
    }

    private static Map<String, NdArray> only(int sequence, Map<String, NdArray> values) {
        var one = new LinkedHashMap<>(values);
        one.put("x", NdArray.of(Shape.of(1, LENGTH, WIDTH), sequence(requireNonNull(values.get("x")), sequence)));
        return one;
    }

    private static float[] sequence(NdArray all, int sequence) {
        int size = LENGTH * WIDTH;
        return Arrays.copyOfRange(all.toFloatArray(), sequence * size, (sequence + 1) * size);
    }

    @Test
    void each_sequence_of_a_batch_gives_what_it_gives_by_itself() {
        Map<String, NdArray> values = values();
        SequencedMap<String, NdArray> together = run(1, values);
        double[][] sums = new double[PARAMETERS.size()][];
        for (int sequence = 0; sequence < BATCH; sequence++) {
            SequencedMap<String, NdArray> alone = run(1, only(sequence, values));
            for (String name : List.of("y", "by x")) {
                assertThat(sequence(requireNonNull(together.get(name)), sequence))
                        .as("%s of sequence %d", name, sequence)
                        .containsExactly(requireNonNull(alone.get(name)).toFloatArray(), within(1e-5f));
            }
            for (int w = 0; w < sums.length; w++) {
                float[] gradient = requireNonNull(alone.get("by " + PARAMETERS.get(w))).toFloatArray();
                double[] sum = sequence == 0 ? new double[gradient.length] : sums[w];
                sums[w] = sum;
                Arrays.setAll(sum, i -> sum[i] + gradient[i]);
            }
        }
        for (int w = 0; w < sums.length; w++) {
            double largest = Arrays.stream(sums[w]).map(Math::abs).max().orElseThrow();
            float[] gradient = requireNonNull(together.get("by " + PARAMETERS.get(w))).toFloatArray();
            assertThat(IntStream.range(0, gradient.length).mapToDouble(i -> gradient[i]).toArray())
                    .as("by %s", PARAMETERS.get(w)).containsExactly(sums[w], within(1e-5 * largest));
        }
    }

    @Test
    void threads_change_no_bit() {
        Map<String, NdArray> values = values();
        assertThat(run(3, values)).isEqualTo(run(1, values));
    }

    @Test
    void the_batch_runs_as_chains_of_sequences() {
        try (Backend backend = new CpuBackendProvider("cpu", 1, true).open();
                Executable executable = backend.compile(graph(BATCH), Map.of())) {
            assertThat(executable.toString()).contains("chain over " + BATCH + " samples")
                    .doesNotContain("chain over " + BATCH * LENGTH + " samples");
        }
    }
}
