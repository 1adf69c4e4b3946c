package dev.cambium.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;

import dev.cambium.nn.Initializer;
import dev.cambium.nn.Trace;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.RandomStream;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import org.junit.jupiter.api.Test;

class InitializersTest {
    /** A weight of 40 filters over 20 channels, 5 × 5: fan-in 500, fan-out 1,000. */
    private static final TensorType WEIGHT = new TensorType(DType.FLOAT64, Shape.of(40, 20, 5, 5));

    private static NdArray value(Initializer initializer, TensorType type) {
        Tensor zero = Tensor.constant(NdArray.scalar(0L));
        return initializer.value(type, RandomStream.named("test", Tensor.constant(NdArray.scalar(7L)), zero)).value();
    }

    private static double deviation(NdArray values) {
        double sum = 0;
        for (int i = 0; i < values.size(); i++) {
            sum += values.getDouble(i) * values.getDouble(i);
        }
        return Math.sqrt(sum / values.size());
    }

    private static double farthest(NdArray values) {
        double farthest = 0;
        for (int i = 0; i < values.size(); i++) {
            farthest = Math.max(farthest, Math.abs(values.getDouble(i)));
        }
        return farthest;
    }

    @Test
    void he_has_a_variance_of_two_by_fan_in() {
        NdArray uniform = value(new He(Distribution.UNIFORM), WEIGHT);
        assertThat(farthest(uniform)).isBetween(0.99 * Math.sqrt(6 / 500.0), Math.sqrt(6 / 500.0));
        assertThat(deviation(value(new He(Distribution.NORMAL), WEIGHT))).isCloseTo(Math.sqrt(2 / 500.0), within(1e-3));
    }

    @Test
    void glorot_has_a_variance_of_two_by_both_fans() {
        NdArray uniform = value(new Glorot(Distribution.UNIFORM), WEIGHT);
        assertThat(farthest(uniform)).isBetween(0.99 * Math.sqrt(6 / 1500.0), Math.sqrt(6 / 1500.0));
        assertThat(deviation(value(new Glorot(Distribution.NORMAL), WEIGHT))).isCloseTo(Math.sqrt(2 / 1500.0),
                within(1e-3));
    }

    @Test
    void fans_of_a_bias_are_refused() {
        var bias = new TensorType(DType.FLOAT64, Shape.of(40));
        assertThatThrownBy(() -> value(new He(Distribution.NORMAL), bias)).hasMessage(
                "a weight [out, in, …] is wanted, not float64[40]: use constant, uniform or normal");
    }

    @Test
    void simple_ones_are_what_they_say() {
        assertThat(value(new Constant(0.5), new TensorType(DType.FLOAT32, Shape.of(2))))
                .isEqualTo(NdArray.of(Shape.of(2), 0.5f, 0.5f));
        assertThat(farthest(value(new Uniform(0.25), WEIGHT))).isBetween(0.249, 0.25);
        assertThat(deviation(value(new Normal(3), WEIGHT))).isCloseTo(3, within(0.05));
        assertThatThrownBy(() -> new Uniform(-1)).hasMessageStartingWith("bound is -1.0");
        assertThatThrownBy(() -> new Normal(-1)).hasMessageStartingWith("deviation is -1.0");
    }

    @Test
    void layers_begin_with_what_they_are_given() {
        var trace = new Trace(true, DType.FLOAT32);
        trace.call(new Linear(2, false, Optional.of(new Constant(3))),
                Tensor.input("x", new TensorType(DType.FLOAT32, Shape.of(1, 2))));
        assertThat(trace.initialValues().firstEntry().getValue().value())
                .isEqualTo(NdArray.of(Shape.of(2, 2), 3f, 3f, 3f, 3f));
        var other = new Trace(true, DType.FLOAT32);
        other.call(new Conv2d(1, 1, 1, "0", 1, 1, false, Optional.of(new Constant(4))),
                Tensor.input("x", new TensorType(DType.FLOAT32, Shape.of(1, 1, 1, 1))));
        assertThat(other.initialValues().firstEntry().getValue().value())
                .isEqualTo(NdArray.of(Shape.of(1, 1, 1, 1), 4f));
    }
}
