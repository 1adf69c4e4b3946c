package dev.cambium.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Executable;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Philox;
import dev.cambium.tensor.RandomStream;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/** Random bits: the words of {@link Philox}, on every backend the same to the bit. */
abstract class RandomChecks {
    private static final TensorType NUMBER = new TensorType(DType.INT64, Shape.scalar());
    private static final Tensor SEED = Tensor.input("seed", NUMBER);
    private static final Tensor STEP = Tensor.input("step", NUMBER);

    @AutoClose
    private final Backend backend;

    RandomChecks(Backend backend) {
        this.backend = backend;
    }

    private static Tensor bits(int stream, Shape shape) {
        return new RandomStream(SEED, STEP, stream).bits(shape);
    }

    private static void equalsPhilox(NdArray bits, long seed, int stream, long step) {
        for (int i = 0; i < bits.size(); i++) {
            assertThat((int) bits.getLong(i))
                    .as("element %d of random_bits %s of stream %s, seed %d and step %d", i, bits.type(),
                            Integer.toUnsignedString(stream), seed, step)
                    .isEqualTo(Philox.bits(seed, stream, step, i));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, -1, Integer.MIN_VALUE, 0x9E3779B9})
    void bits_of_a_stream_are_words_of_philox(int stream) {
        long[] numbers = {0, 1, -1, 42, 1L << 32, Long.MIN_VALUE, 0x123456789ABCDEFL};
        try (Executable executable = backend.compile(Graph.of("bits", bits(stream, Shape.of(3, 7))), Map.of())) {
            for (long seed : numbers) {
                for (long step : numbers) {
                    NdArray bits = executable.run(Map.of("seed", NdArray.scalar(seed), "step", NdArray.scalar(step)))
                            .firstEntry().getValue();
                    equalsPhilox(bits, seed, stream, step);
                }
            }
        }
    }

    static Stream<Shape> shapes() {
        return Stream.of(Shape.scalar(), Shape.of(0), Shape.of(1), Shape.of(7), Shape.of(3, 5), Shape.of(2, 0, 3),
                Shape.of(64), Shape.of(5, 8191));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void elements_are_numbered_in_row_major_order_whatever_is_done_with_them(Shape shape) {
        int stream = RandomStream.number("dropout");
        Tensor bits = bits(stream, shape);
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("bits", bits);
        outputs.put("transposed", bits.transpose(
                IntStream.range(0, shape.rank()).map(axis -> shape.rank() - 1 - axis).toArray()));
        outputs.put("of another stream", bits(stream + 1, shape));
        outputs.put("of the next step", new RandomStream(SEED, STEP.add(1), stream).bits(shape));
        outputs.put("uniform", new RandomStream(SEED, STEP, stream).uniform(new TensorType(DType.FLOAT32, shape)));
        Map<String, NdArray> inputs = Map.of("seed", NdArray.scalar(7L), "step", NdArray.scalar(5_000_000_000L));
        Agreement.EXACT.check(backend, Graph.of(outputs), inputs);
        equalsPhilox(Outcome.ofRuns(backend, Graph.of("bits", bits), inputs, Map.of(), 1).getFirst().output("bits"),
                7, stream, 5_000_000_000L);
    }

    @Test
    void seed_and_step_come_from_variables_and_constants_too() {
        var step = new Variable("step", NUMBER, Variable.Role.RUN);
        Tensor bits = Tensor.of(new Op.RandomBits(3), new TensorType(DType.INT32, Shape.of(9)),
                Tensor.constant(NdArray.scalar(-5L)), step.read());
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("bits", bits);
        SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>();
        updates.put(step, step.read().add(1));
        try (Buffer buffer = backend.buffer(NdArray.scalar(10L));
                Executable executable = backend.compile(new Graph(outputs, updates), Map.of(step, buffer))) {
            for (int run = 0; run < 3; run++) {
                equalsPhilox(executable.run(Map.of()).firstEntry().getValue(), -5, 3, 10 + run);
            }
        }
    }

    @Test
    void normal_numbers_follow_from_the_bits() {
        Tensor normal = new RandomStream(SEED, STEP, 1).normal(new TensorType(DType.FLOAT32, Shape.of(40, 3)));
        Agreement.SUMS.check(backend, normal, Map.of("seed", NdArray.scalar(1L), "step", NdArray.scalar(2L)));
    }
}
