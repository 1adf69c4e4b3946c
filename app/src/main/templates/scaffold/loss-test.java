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
        GradientCheck.function(in -> new {Name}(2).loss(in.get(0), in.get(1)), NdArray.of(Shape.of(3), 0.5f, -1f, 2f),
                NdArray.of(Shape.of(3), 1f, 1f, -0.5f));
    }
}
