package dev.cambium.cpu;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Executable;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/**
 * A step of a linear layer with so many inputs that both its gradients and the change of its weights go through the weights together,
 * some rows at a time, against plain loops in double precision.
 */
class WideLayerTest {
    private static final int IN = 1400;
    private static final int OUT = 130;
    private static final double RATE = 0.01;

    /** What a step makes of x, the sum of the squared outputs, and of the weights. */
    private record Step(NdArray gradient, NdArray weights) {}

    private static Step run(int threads, int batch, float[] x, float[] w) {
        var inputs = new TensorType(DType.FLOAT32, Shape.of(batch, IN));
        var weight = new Variable("weight", new TensorType(DType.FLOAT32, Shape.of(IN, OUT)), Variable.Role.PARAMETER);
        Tensor read = Tensor.of(new Op.ReadVariable(weight), weight.type(), List.of());
        Tensor input = Tensor.input("x", inputs);
        Tensor output = input.matmul(read);
        List<Tensor> gradients = Gradients.of(output.mul(output).sum().mul(0.5), List.of(input, read));
        SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>();
        updates.put(weight, read.sub(gradients.get(1).mul(RATE)));
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("gradient", gradients.get(0));
        try (Backend backend = new CpuBackendProvider("cpu", threads, true).open();
                Buffer buffer = backend.buffer(NdArray.of(Shape.of(IN, OUT), w));
                Executable executable = backend.compile(new Graph(outputs, updates), Map.of(weight, buffer))) {
            SequencedMap<String, NdArray> results = executable.run(Map.of("x", NdArray.of(inputs.shape(), x)));
            return new Step(requireNonNull(results.get("gradient")), buffer.read());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 50, 77})
    void both_gradients_see_the_weights_before_the_step_changes_them(int batch) {
        var random = new Random(batch);
        float[] x = normal(random, batch * IN);
        float[] w = normal(random, IN * OUT);
        double[] y = new double[batch * OUT];
        for (int n = 0; n < batch; n++) {
            for (int i = 0; i < IN; i++) {
                for (int o = 0; o < OUT; o++) {
                    y[n * OUT + o] += (double) x[n * IN + i] * w[i * OUT + o];
                }
            }
        }
        double[] byInput = new double[batch * IN];
        double[] changed = new double[IN * OUT];
        for (int i = 0; i < IN; i++) {
            for (int o = 0; o < OUT; o++) {
                double byWeight = 0;
                for (int n = 0; n < batch; n++) {
                    byInput[n * IN + i] += y[n * OUT + o] * w[i * OUT + o];
                    byWeight += y[n * OUT + o] * x[n * IN + i];
                }
                changed[i * OUT + o] = w[i * OUT + o] - RATE * byWeight;
            }
        }
        Step step = run(1, batch, x, w);
        assertClose(step.gradient(), byInput);
        assertClose(step.weights(), changed);
        Step two = run(2, batch, x, w);
        assertThat(two.gradient().toFloatArray()).isEqualTo(step.gradient().toFloatArray());
        assertThat(two.weights().toFloatArray()).isEqualTo(step.weights().toFloatArray());
    }

    private static float[] normal(Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** To single precision's rounding of some thousand terms, relative to the largest. */
    private static void assertClose(NdArray result, double[] expected) {
        float[] actual = result.toFloatArray();
        double largest = 0;
        double error = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            error = Math.max(error, Math.abs(actual[i] - expected[i]));
        }
        assertThat(error).isLessThan(2e-6 * largest);
    }
}
