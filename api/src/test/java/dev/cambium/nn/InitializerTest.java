package dev.cambium.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

import org.junit.jupiter.api.Test;

import dev.cambium.reference.ReferenceBackend;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.RandomStream;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

class InitializerTest {
    private static double[] values(Initializer initializer, int size) {
        Tensor zero = Tensor.constant(NdArray.scalar(0L));
        var random = RandomStream.named("initial.weight", Tensor.constant(NdArray.scalar(1L)), zero);
        Tensor value = initializer.value(new TensorType(DType.FLOAT32, Shape.of(size)), random);
        return ReferenceBackend.evaluate(value).toDoubleArray();
    }

    private static double deviation(double... values) {
        return Math.sqrt(Arrays.stream(values).map(x -> x * x).average().orElseThrow());
    }

    @Test
    void constants() {
        assertThat(values(Initializer.zeros(), 2)).containsExactly(0, 0);
        assertThat(values(Initializer.ones(), 2)).containsExactly(1, 1);
        assertThat(values(Initializer.constant(-2.5), 2)).containsExactly(-2.5, -2.5);
    }

    @Test
    void uniform_values_fill_the_range_within_the_bound() {
        double[] values = values(Initializer.uniform(0.5), 2000);
        assertThat(Arrays.stream(values).min().orElseThrow()).isBetween(-0.5, -0.49);
        assertThat(Arrays.stream(values).max().orElseThrow()).isBetween(0.49, 0.5);
        assertThat(deviation(values)).isCloseTo(0.5 / Math.sqrt(3), within(0.01));
    }

    @Test
    void normal_values_have_the_deviation() {
        assertThat(deviation(values(Initializer.normal(3), 2000))).isCloseTo(3, within(0.15));
    }

    /** torch.nn.Linear(100, …): U(−√k, √k) with k = 1 / 100. */
    @Test
    void fan_in_values_are_within_one_over_the_root_of_the_number_of_inputs() {
        double[] values = values(Initializer.fanIn(100), 2000);
        assertThat(Arrays.stream(values)).allMatch(value -> Math.abs(value) <= 0.1);
        assertThat(deviation(values)).isCloseTo(0.1 / Math.sqrt(3), within(0.002));
        assertThat(values(Initializer.fanIn(0), 2)).containsExactly(0, 0);
    }
}
