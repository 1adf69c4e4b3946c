package dev.cambium.cpu;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Executable;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Window2d;

/**
 * Random convolutional networks and their gradients over small integers. No sum of these is rounded in single precision, whatever its
 * order, nor are Winograd's halves and quarters; so every kernel, fused or not, must give exactly what plain loops in double precision give.
 */
class ExactNetworksTest {
    private static final int NETWORKS = 200;
    /** Sides of images: odd and even ones, of which poolings leave odd and even ones. */
    private static final int[] SIDES = {5, 7, 8, 13, 14, 15};
    /** From here on single precision may round an integer's quarters; a network that comes near proves nothing. */
    private static final double LARGEST = 1 << 22;

    static List<Integer> seeds() {
        return new Random(1).ints(NETWORKS).boxed().toList();
    }

    /** Makes the same network in either precision. */
    private static final class Network {
        private final Random random;
        private final DType dtype;
        private final SequencedMap<String, Tensor> inputs = new LinkedHashMap<>();

        Network(int seed, DType dtype) {
            random = new Random(seed);
            this.dtype = dtype;
        }

        private int oneOf(int... values) {
            return values[random.nextInt(values.length)];
        }

        private Tensor input(int... dims) {
            String name = "input " + inputs.size();
            Tensor input = Tensor.input(name, new TensorType(dtype, Shape.of(dims)));
            inputs.put(name, input);
            return input;
        }

        Graph graph() {
            int batch = oneOf(1, 2, 5, 20, 50);
            Tensor x = input(batch, oneOf(1, 3, 16, 20), oneOf(SIDES), oneOf(SIDES));
            for (int layers = 1 + random.nextInt(3); layers > 0; layers--) {
                x = pooled(activated(convolved(x)));
            }
            x = x.flatten(1);
            if (random.nextBoolean()) {
                x = activated(linear(x, oneOf(8, 130, 200)));
            }
            x = linear(x, 10);
            // The loss's gradient by the result is random, too.
            List<Tensor> by = List.copyOf(inputs.values());
            Tensor loss = x.mul(input(x.shape().dims())).sum();
            SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
            outputs.put("y", x);
            List<Tensor> gradients = Gradients.of(loss, by);
            for (int i = 0; i < by.size(); i++) {
                outputs.put("gradient by input " + i + " " + by.get(i).shape(), gradients.get(i));
            }
            return Graph.of(outputs);
        }

        private Tensor convolved(Tensor x) {
            int size = oneOf(1, 3, 3, 3, 5);
            int out = oneOf(4, 16, 33, 64);
            Window2d window = Window2d.square(size, oneOf(1, 1, 1, 2)).padded(oneOf(size / 2, size / 2, 0));
            if (x.shape().dim(2) < size || x.shape().dim(3) < size) {
                return x;
            }
            int channels = x.shape().dim(1);
            Tensor y = random.nextInt(6) == 0 ? x.conv2d(input(channels, 1, size, size), window, channels)
                    : x.conv2d(input(out, channels, size, size), window, 1);
            return random.nextBoolean() ? y : y.add(input(y.shape().dim(1), 1, 1));
        }

        private Tensor activated(Tensor x) {
            return switch (random.nextInt(4)) {
                case 0 -> x;
                case 1 -> x.mul(input(x.shape().dims()));
                default -> x.relu();
            };
        }

        private Tensor pooled(Tensor x) {
            if (x.shape().dim(2) < 3 || x.shape().dim(3) < 3) {
                return x;
            }
            return switch (random.nextInt(6)) {
                case 0 -> x;
                case 1 -> x.avgPool2d(Window2d.square(2, 2));
                case 2 -> x.maxPool2d(Window2d.square(3, oneOf(1, 2)));
                default -> x.maxPool2d(2);
            };
        }

        private Tensor linear(Tensor x, int out) {
            return x.matmul(input(x.shape().dim(1), out)).add(input(out));
        }

        /** Values of the inputs, −1 to 1, two of three zero; to be drawn after the graph. */
        Map<String, NdArray> values() {
            var values = new LinkedHashMap<String, NdArray>();
            inputs.forEach((name, input) -> {
                double[] numbers = new double[Math.toIntExact(input.shape().size())];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = random.nextInt(2) * (random.nextInt(3) - 1);
                }
                values.put(name, array(input.shape(), numbers));
            });
            return values;
        }

        private NdArray array(Shape shape, double[] numbers) {
            if (dtype == DType.FLOAT64) {
                return NdArray.of(shape, numbers);
            }
            float[] floats = new float[numbers.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) numbers[i];
            }
            return NdArray.of(shape, floats);
        }
    }

    private static SequencedMap<String, double[]> run(int seed, DType dtype, int threads, boolean skipZeros) {
        var network = new Network(seed, dtype);
        Graph graph = network.graph();
        try (Backend backend = new CpuBackendProvider("cpu", threads, skipZeros).open();
                Executable executable = backend.compile(graph, Map.of())) {
            var results = new LinkedHashMap<String, double[]>();
            executable.run(network.values()).forEach((name, value) -> results.put(name, value.toDoubleArray()));
            return results;
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void single_precision_gives_exactly_what_double_precision_gives(int seed) {
        SequencedMap<String, double[]> expected = run(seed, DType.FLOAT64, 1, false);
        for (boolean skipZeros : new boolean[] {true, false}) {
            SequencedMap<String, double[]> actual = run(seed, DType.FLOAT32, 2, skipZeros);
            assertThat(actual.keySet()).isEqualTo(expected.keySet());
            expected.forEach((name, values) -> assertExact(name + (skipZeros ? ", skipping zeros" : ""), values,
                    requireNonNull(actual.get(name))));
        }
    }

    private static void assertExact(String name, double[] expected, double[] actual) {
        var different = new ArrayList<String>();
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            // Zeros may have either sign.
            if (expected[i] != actual[i] && different.size() < 5) {
                different.add("%d: %s instead of %s".formatted(i, actual[i], expected[i]));
            }
        }
        assertThat(largest).as("largest of " + name).isLessThan(LARGEST);
        assertThat(different).as(name).isEmpty();
    }
}
