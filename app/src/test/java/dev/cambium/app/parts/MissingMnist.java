package dev.cambium.app.parts;

import java.util.List;

import dev.cambium.data.DataEnvironment;
import dev.cambium.data.DataUnavailableException;
import dev.cambium.data.DataUnavailableException.Attempt;
import dev.cambium.data.Dataset;
import dev.cambium.data.Splits;
import dev.cambium.part.Part;

/** A dataset that can't be had. */
@Part(name = "mnist", description = "not to be had")
public record MissingMnist() implements Dataset {
    @Override
    public Splits load(DataEnvironment environment) {
        throw new DataUnavailableException("mnist",
                List.of(new Attempt("folder /data", "it is empty"),
                        new Attempt("https://example.org/mnist", "no route to host")),
                "Name a folder that holds its files with --data.");
    }
}
