package dev.cambium.examples.logging;

import java.util.List;

import dev.cambium.part.PartProvider;
import dev.cambium.part.PartType;

/** Offers the backend {@code logging}. */
public final class LoggingParts implements PartProvider {
    /** For the service loader. */
    public LoggingParts() {}

    @Override
    public List<PartType<?>> parts() {
        return List.of(PartType.of(LoggingBackendProvider.class));
    }
}
