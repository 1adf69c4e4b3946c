package dev.cambium.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Executable;
import dev.cambium.cpu.kernels.Products;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Window2d;

/** Two convolutions that are computed together with a pooling, the second one Winograd's way, against the same two when they are not. */
class PooledConvolutionsTest {
    private static final Window2d THREE = Window2d.square(3, 1).padded(1);
    private static final Tensor FIRST = input("first", 32, 2, 3, 3);
    private static final Tensor BIAS = input("bias", 32);
    private static final Tensor SECOND = input("second", 16, 32, 3, 3);

    private static Tensor input(String name, int... dims) {
        return Tensor.input(name, new TensorType(DType.FLOAT32, Shape.of(dims)));
    }

    /** Whoever wants what is pooled has it computed by itself. */
    private static Graph graph(int batch, boolean apart) {
        Tensor one = input("images", batch, 2, 16, 20).conv2d(FIRST, THREE, 1);
        Tensor hidden = one.maxPool2d(2).add(BIAS.reshape(32, 1, 1)).relu();
        Tensor two = hidden.conv2d(SECOND, THREE, 1);
        Tensor output = two.maxPool2d(2);
        var outputs = new LinkedHashMap<String, Tensor>();
        outputs.put("output", output);
        Tensor loss = output.mul(output).sum();
        for (Tensor by : List.of(FIRST, BIAS, SECOND)) {
            outputs.put("gradient by " + by.op(), Gradients.of(loss, List.of(by)).getFirst());
        }
        if (apart) {
            outputs.put("one", one);
            outputs.put("two", two);
        }
        return new Graph(outputs, new LinkedHashMap<>());
    }

    private static Map<String, NdArray> values(int batch) {
        var random = new Random(5);
        return Map.of("images", normal(random, batch, 2, 16, 20), "first", normal(random, 32, 2, 3, 3), "bias",
                normal(random, 32), "second", normal(random, 16, 32, 3, 3));
    }

    private static NdArray normal(Random random, int... dims) {
        float[] values = new float[(int) Shape.of(dims).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() / 8;
        }
        return NdArray.of(Shape.of(dims), values);
    }

    private static SequencedMap<String, NdArray> run(int batch, int threads, boolean apart) {
        try (Backend backend = new CpuBackendProvider("cpu", threads, true).open();
                Executable executable = backend.compile(graph(batch, apart), Map.of())) {
            if (Products.best().pools(32)) {
                assertThat(executable.toString().contains("conv2d_pool_max_weight_gradient")).isEqualTo(batch > 0);
                assertThat(executable.toString().contains(" conv2d %")).as("a convolution by itself").isEqualTo(apart);
            }
            executable.run(values(batch));
            return executable.run(values(batch));
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "16", "17"})
    void results_are_those_of_convolution_and_pooling_one_after_the_other(int batch) {
        SequencedMap<String, NdArray> expected = run(batch, 1, true);
        run(batch, 1, false).forEach((name, value) -> {
            float[] wanted = expected.getOrDefault(name, value).toFloatArray();
            float largest = 0;
            for (float each : wanted) {
                largest = Math.max(largest, Math.abs(each));
            }
            assertThat(value.toFloatArray()).as(name).containsExactly(wanted, within(2e-6f * largest));
        });
    }

    @ParameterizedTest
    @CsvSource({"1", "16", "17"})
    void threads_change_nothing(int batch) {
        SequencedMap<String, NdArray> expected = run(batch, 1, false);
        run(batch, 3, false).forEach((name, value) -> assertThat(value.toFloatArray()).as(name)
                .isEqualTo(expected.getOrDefault(name, value).toFloatArray()));
    }
}
