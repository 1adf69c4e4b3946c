package dev.cambium.datasets;

import java.util.List;
import java.util.Map;

import dev.cambium.part.PartProvider;
import dev.cambium.part.PartType;
import dev.cambium.testkit.PartConformance;

/** Stock parts pass what a stranger's must; but for those that need files, of which the other tests write some. */
class StockDatasetsConformanceTest extends PartConformance {
    @Override
    protected PartProvider provider() {
        List<PartType<?>> parts = new StockDatasets().parts();
        return () -> parts.stream().filter(type -> !type.name().endsWith("mnist")).toList();
    }

    @Override
    protected Map<String, ?> settings(PartType<?> type) {
        return type.name().equals("synthetic-digits") ? Map.of("trainSize", 80, "testSize", 20) : Map.of();
    }
}
