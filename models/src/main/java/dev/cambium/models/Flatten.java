package dev.cambium.models;

import dev.cambium.nn.Context;
import dev.cambium.nn.Layer;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.Tensor;

/**
 * Joins axes into one, row-major: with the default [n, c, h, w] becomes [n, c·h·w].
 *
 * @param startDim
 *            the first axis that is joined with all those behind it; negative ones count from the innermost, −1
 */
@Part(name = "flatten", description = "joins all axes but the batch into one")
public record Flatten(
        @Setting(doc = "the first axis that is joined with those behind it", defaultValue = "1") int startDim)
        implements Layer {

    /** Keeps the batch and joins all else. */
    public Flatten() {
        this(1);
    }

    @Override
    public Tensor forward(Tensor input, Context cx) {
        return input.flatten(startDim);
    }
}
