package dev.cambium.models;

import java.util.List;
import java.util.Map;

import dev.cambium.part.PartProvider;
import dev.cambium.part.PartType;
import dev.cambium.testkit.PartConformance;

/**
 * Stock parts pass what a stranger's must. The reference network is left out: of its thousands of ReLUs some have their kink between
 * any two points whose difference is taken; its gradients are compared with PyTorch's.
 */
class StockPartsConformanceTest extends PartConformance {
    @Override
    protected PartProvider provider() {
        return () -> new StockParts().parts().stream().filter(type -> type.recordClass() != MnistCnn.class).toList();
    }

    @Override
    protected Map<String, ?> settings(PartType<?> type) {
        return switch (type.name()) {
            case "conv2d" -> Map.of("outChannels", 2, "kernelSize", 3);
            case "linear" -> Map.of("outFeatures", 3);
            case "max-pool2d" -> Map.of("kernelSize", 2);
            case "network" -> Map.of("layers", List.of("flatten", Map.of("type", "linear", "outFeatures", 2)));
            case "cosine" -> Map.of("steps", 10);
            case "step-decay" -> Map.of("every", 10);
            case "constant" -> Map.of("value", 1);
            case "uniform" -> Map.of("bound", 1);
            case "normal" -> Map.of("deviation", 1);
            default -> Map.of();
        };
    }
}
