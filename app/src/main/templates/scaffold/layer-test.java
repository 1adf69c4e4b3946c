package com.example.{package};

import org.junit.jupiter.api.Test;

import dev.cambium.part.PartProvider;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.testkit.GradientCheck;
import dev.cambium.testkit.PartConformance;

class {Name}Test extends PartConformance {
    @Override
    protected PartProvider provider() {
        return new {Name}Parts();
    }

    @Test
    void has_the_right_gradient() {
        GradientCheck.layer(new {Name}(0.5), NdArray.of(Shape.of(2, 3), -2f, -0.5f, 0.1f, 0.25f, 1f, 4f));
    }
}
