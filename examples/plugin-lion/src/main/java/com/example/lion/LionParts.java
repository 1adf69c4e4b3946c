package com.example.lion;

import java.util.List;

import dev.cambium.part.PartProvider;
import dev.cambium.part.PartType;

/** Offers the optimizer. */
public final class LionParts implements PartProvider {
    @Override
    public List<PartType<?>> parts() {
        return List.of(PartType.of(Lion.class));
    }
}
