package com.example.lion;

import dev.cambium.part.PartProvider;
import dev.cambium.testkit.PartConformance;

class LionPartsTest extends PartConformance {
    @Override
    protected PartProvider provider() {
        return new LionParts();
    }
}
