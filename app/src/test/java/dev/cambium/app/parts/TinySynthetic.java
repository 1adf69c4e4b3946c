package dev.cambium.app.parts;

import dev.cambium.data.DataEnvironment;
import dev.cambium.data.Dataset;
import dev.cambium.data.Splits;
import dev.cambium.part.Part;

/** What is fallen back to. */
@Part(name = "synthetic-digits", description = "strokes under the name of the digits that need no files")
public record TinySynthetic() implements Dataset {
    @Override
    public Splits load(DataEnvironment environment) {
        return new Strokes(40).load(environment);
    }
}
