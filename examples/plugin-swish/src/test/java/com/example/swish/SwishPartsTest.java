package com.example.swish;

import dev.cambium.part.PartProvider;
import dev.cambium.testkit.PartConformance;

class SwishPartsTest extends PartConformance {
    @Override
    protected PartProvider provider() {
        return new SwishParts();
    }
}
