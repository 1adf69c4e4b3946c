package dev.cambium.app.parts;

import java.util.List;
import java.util.Optional;

import dev.cambium.data.DataEnvironment;
import dev.cambium.data.Dataset;
import dev.cambium.data.Examples;
import dev.cambium.data.Splits;
import dev.cambium.part.Part;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;

/** Inputs that are no numbers to compute with, but places in a list. */
@Part(name = "words", description = "places in a list of words")
public record Words() implements Dataset {
    @Override
    public Optional<TensorType> inputType() {
        return Optional.of(new TensorType(DType.INT64, Shape.of(2)));
    }

    @Override
    public Splits load(DataEnvironment environment) {
        Examples one = Examples.of(NdArray.of(Shape.of(1, 2), 0L, 1L), NdArray.of(Shape.of(1), 0L),
                List.of("a", "b"));
        return new Splits(one, one);
    }
}
