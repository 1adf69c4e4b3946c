package com.example.lion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import dev.cambium.backend.Backends;
import dev.cambium.nn.Optimizer;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;

class LionTest {
    @Test
    void the_first_step_has_one_length_against_the_gradient_whatever_its_size_and_decays_the_parameter() {
        Tensor parameter = Tensor.constant(NdArray.of(Shape.of(3), 1f, -2f, 3f));
        Tensor gradient = Tensor.constant(NdArray.of(Shape.of(3), 0.001f, -5f, 0f));
        var updated = Backends.evaluate(new Lion(0.1, 0.9, 0.99, 0.5).update(parameter, gradient, new Fresh()));
        assertThat(updated.toDoubleArray()).containsExactly(new double[] {1 - 0.15, -2 + 0.2, 3 - 0.15}, within(1e-6));
    }

    private static final class Fresh implements Optimizer.Slots {
        @Override
        public Tensor get(String name) {
            return Tensor.constant(NdArray.of(Shape.of(3), 0f, 0f, 0f));
        }

        @Override
        public Tensor set(String name, Tensor value) {
            return value;
        }

        @Override
        public Tensor step() {
            return Tensor.constant(NdArray.scalar(1f));
        }
    }
}
