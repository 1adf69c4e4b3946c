package com.example.{package};

import java.util.List;

import dev.cambium.part.PartProvider;
import dev.cambium.part.PartType;

/** Offers the {kind}. */
public final class {Name}Parts implements PartProvider {
    @Override
    public List<PartType<?>> parts() {
        return List.of(PartType.of({Name}.class));
    }
}
