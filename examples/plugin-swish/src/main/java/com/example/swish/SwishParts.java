package com.example.swish;

import java.util.List;

import dev.cambium.part.PartProvider;
import dev.cambium.part.PartType;

/** Offers the layer. */
public final class SwishParts implements PartProvider {
    @Override
    public List<PartType<?>> parts() {
        return List.of(PartType.of(LearnedSwish.class));
    }
}
