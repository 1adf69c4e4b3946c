package dev.cambium.cpu;

import java.util.List;

import dev.cambium.part.PartProvider;
import dev.cambium.part.PartType;

/** Offers the pure-Java backend. */
public final class CpuParts implements PartProvider {
    /** For the service loader. */
    public CpuParts() {}

    @Override
    public List<PartType<?>> parts() {
        return List.of(PartType.of(CpuBackendProvider.class));
    }
}
