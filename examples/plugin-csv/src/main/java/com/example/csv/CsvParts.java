package com.example.csv;

import java.util.List;

import dev.cambium.part.PartProvider;
import dev.cambium.part.PartType;

/** Offers the dataset. */
public final class CsvParts implements PartProvider {
    @Override
    public List<PartType<?>> parts() {
        return List.of(PartType.of(Csv.class));
    }
}
