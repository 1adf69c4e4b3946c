package dev.cambium.datasets;

import java.util.List;

import dev.cambium.part.PartProvider;
import dev.cambium.part.PartType;

/** Offers the datasets of this module. */
public final class StockDatasets implements PartProvider {
    /** Creates the provider; called by {@link java.util.ServiceLoader}. */
    public StockDatasets() {}

    @Override
    public List<PartType<?>> parts() {
        return List.of(PartType.of(Mnist.class), PartType.of(FashionMnist.class), PartType.of(SyntheticDigits.class),
                PartType.of(Normalize.class),
                PartType.of(RandomShift.class));
    }
}
