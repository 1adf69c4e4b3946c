package dev.cambium.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

import org.junit.jupiter.api.Test;

import dev.cambium.reference.ReferenceBackend;

class RandomStreamTest {
    private static final TensorType MANY = new TensorType(DType.FLOAT32, Shape.of(20, 1000));

    private static RandomStream stream(String name, long seed, long step) {
        return RandomStream.named(name, Tensor.constant(NdArray.scalar(seed)), Tensor.constant(NdArray.scalar(step)));
    }

    private static double[] values(Tensor tensor) {
        return ReferenceBackend.evaluate(tensor).toDoubleArray();
    }

    /** The check value that every description of CRC-32 gives. */
    @Test
    void the_number_of_a_stream_is_the_crc_32_of_its_name() {
        assertThat(RandomStream.number("123456789")).isEqualTo(0xcbf43926);
    }

    @Test
    void bits_follow_from_seed_stream_and_step_alone() {
        double[] bits = values(stream("a", 1, 2).bits(Shape.of(5)));
        assertThat(values(stream("a", 1, 2).bits(Shape.of(5)))).containsExactly(bits);
        assertThat(bits[4]).isEqualTo(Philox.bits(1, RandomStream.number("a"), 2, 4));
        assertThat(values(stream("b", 1, 2).bits(Shape.of(5)))).doesNotContain(bits);
        assertThat(values(stream("a", 2, 2).bits(Shape.of(5)))).doesNotContain(bits);
        assertThat(values(stream("a", 1, 3).bits(Shape.of(5)))).doesNotContain(bits);
    }

    @Test
    void uniform_numbers_are_multiples_of_2_to_the_minus_24_from_0_to_below_1() {
        double[] uniform = values(stream("noise", 3, 0).uniform(MANY));
        assertThat(Arrays.stream(uniform)).allMatch(u -> u >= 0 && u < 1 && Math.rint(u * 0x1p24) == u * 0x1p24);
        assertThat(Arrays.stream(uniform).average().orElseThrow()).isCloseTo(0.5, within(0.01));
        assertThat(Arrays.stream(uniform).filter(u -> u < 0.25).count()).isBetween(4800L, 5200L);
        assertThat(values(stream("noise", 3, 0).uniform(new TensorType(DType.FLOAT64, MANY.shape()))))
                .containsExactly(uniform);
    }

    @Test
    void normal_numbers_have_the_moments_of_the_normal_distribution() {
        double[] normal = values(stream("noise", 3, 0).normal(MANY));
        double n = normal.length;
        assertThat(normal).hasSize(20_000);
        assertThat(Arrays.stream(normal).sum() / n).isCloseTo(0, within(0.03));
        assertThat(Arrays.stream(normal).map(x -> x * x).sum() / n).isCloseTo(1, within(0.03));
        assertThat(Arrays.stream(normal).map(x -> x * x * x).sum() / n).isCloseTo(0, within(0.1));
        assertThat(Arrays.stream(normal).map(x -> x * x * x * x).sum() / n).isCloseTo(3, within(0.2));
        assertThat(Arrays.stream(normal).filter(x -> Math.abs(x) < 1).count() / n).isCloseTo(0.6827, within(0.01));
    }

    /** Seeds found by search: their first uniform number is the smallest and the largest one there is. */
    @Test
    void normal_numbers_are_finite_at_both_ends_of_the_uniform_numbers() {
        var one = new TensorType(DType.FLOAT32, Shape.of(1));
        RandomStream smallest = stream("noise", 3_797_346, 0);
        assertThat(values(smallest.uniform(one))).containsExactly(0);
        assertThat(values(smallest.normal(one))).containsExactly(0);
        RandomStream largest = stream("noise", 41_687, 0);
        assertThat(values(largest.uniform(one))).containsExactly(1 - 0x1p-24);
        double radius = Math.sqrt(48 * Math.log(2));
        assertThat(values(largest.normal(one))[0]).isBetween(-radius - 1e-6, radius + 1e-6).isNotZero();
    }
}
