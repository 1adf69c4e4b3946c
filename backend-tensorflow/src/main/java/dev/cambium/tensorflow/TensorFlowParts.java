package dev.cambium.tensorflow;

import java.util.List;

import dev.cambium.part.PartProvider;
import dev.cambium.part.PartType;

/** Offers the TensorFlow backend. */
public final class TensorFlowParts implements PartProvider {
    /** For the service loader. */
    public TensorFlowParts() {}

    @Override
    public List<PartType<?>> parts() {
        return List.of(PartType.of(TensorFlowBackendProvider.class));
    }
}
