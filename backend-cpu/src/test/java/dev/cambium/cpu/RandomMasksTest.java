package dev.cambium.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SequencedMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Executable;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Philox;
import dev.cambium.tensor.RandomStream;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Window2d;

/** Masks made within the loop that uses them are those that {@link Philox} defines, however that loop goes through memory. */
class RandomMasksTest {
    private static final long SEED = 7;
    private static final long STEP = 3;
    private static final int STREAM = RandomStream.number("mask");

    static List<Shape> shapes() {
        return List.of(Shape.of(1), Shape.of(7), Shape.of(5000), Shape.of(33, 1001), Shape.of(50, 3136),
                Shape.of(6, 5, 30, 31));
    }

    private static Tensor input(String name, Shape shape) {
        return Tensor.input(name, new TensorType(DType.FLOAT32, shape));
    }

    private static Tensor masked(Tensor x) {
        var stream = new RandomStream(Tensor.input("seed", new TensorType(DType.INT64, Shape.scalar())),
                Tensor.input("step", new TensorType(DType.INT64, Shape.scalar())), STREAM);
        return x.mul(stream.uniform(x.type()).ge(Tensor.full(x.type(), 0.25)).cast(DType.FLOAT32));
    }

    private static float[] expected(float[] x) {
        float[] masked = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            masked[i] = x[i] * ((Philox.bits(SEED, STREAM, STEP, i) >>> 8) * 0x1p-24f >= 0.25f ? 1 : 0);
        }
        return masked;
    }

    private static NdArray values(Shape shape) {
        float[] values = new float[(int) shape.size()];
        var random = new Random(1);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return NdArray.of(shape, values);
    }

    private static float[] floats(Map<String, NdArray> results, String name) {
        return Objects.requireNonNull(results.get(name)).toFloatArray();
    }

    /** The outputs of a graph that has one input of floats beside the mask's seed and step. */
    private static Map<String, NdArray> run(SequencedMap<String, Tensor> outputs, int threads,
            Map<String, NdArray> inputs) {
        var all = new LinkedHashMap<>(inputs);
        all.put("seed", NdArray.scalar(SEED));
        all.put("step", NdArray.scalar(STEP));
        try (Backend backend = LifecycleTest.open(threads);
                Executable executable = backend.compile(Graph.of(outputs), Map.of())) {
            return executable.run(all);
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void an_element_has_its_own_bits(Shape shape) {
        NdArray x = values(shape);
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("y", masked(input("x", shape)));
        for (int threads = 1; threads < 4; threads++) {
            assertThat(floats(run(outputs, threads, Map.of("x", x)), "y")).isEqualTo(expected(x.toFloatArray()));
        }
    }

    @Test
    void so_it_has_where_channels_lie_last() {
        Shape shape = Shape.of(6, 5, 30, 31);
        Tensor convolved = input("x", shape).conv2d(input("w", Shape.of(20, shape.dim(1), 3, 3)),
                Window2d.square(3, 1), 1);
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("convolved", convolved);
        outputs.put("y", masked(convolved));
        Map<String, NdArray> results = run(outputs, 2,
                Map.of("x", values(shape), "w", values(Shape.of(20, shape.dim(1), 3, 3))));
        assertThat(floats(results, "y")).isEqualTo(expected(floats(results, "convolved")));
    }
}
