package com.example.csv;

import java.util.Map;

import dev.cambium.part.PartProvider;
import dev.cambium.part.PartType;
import dev.cambium.testkit.PartConformance;

class CsvPartsTest extends PartConformance {
    @Override
    protected PartProvider provider() {
        return new CsvParts();
    }

    @Override
    protected Map<String, ?> settings(PartType<?> type) {
        return Map.of("file", "points.csv");
    }
}
