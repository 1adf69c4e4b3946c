package com.example.{package};

import dev.cambium.part.PartProvider;
import dev.cambium.testkit.PartConformance;

class {Name}Test extends PartConformance {
    @Override
    protected PartProvider provider() {
        return new {Name}Parts();
    }
}
