package dev.cambium.reference;

import java.util.List;

import dev.cambium.part.PartProvider;
import dev.cambium.part.PartType;

/** Offers the reference backend. */
public final class ReferenceParts implements PartProvider {
    @Override
    public List<PartType<?>> parts() {
        return List.of(PartType.of(ReferenceBackendProvider.class));
    }
}
