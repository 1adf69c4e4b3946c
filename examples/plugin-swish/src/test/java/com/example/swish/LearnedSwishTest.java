package com.example.swish;

import org.junit.jupiter.api.Test;

import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.testkit.GradientCheck;

class LearnedSwishTest {
    @Test
    void has_the_right_gradient_at_a_steep_slope() {
        GradientCheck.layer(new LearnedSwish(3), NdArray.of(Shape.of(2, 3), -2f, -0.5f, 0f, 0.25f, 1f, 4f));
    }
}
