package dev.cambium.models;

import dev.cambium.nn.Context;
import dev.cambium.nn.Layer;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.Tensor;

/**
 * Scores to logarithms of probabilities, see {@link Tensor#logSoftmax}.
 *
 * @param dim
 *            the axis along which the probabilities add up to 1; negative ones count from the innermost, −1
 */
@Part(name = "log-softmax", description = "scores to logarithms of probabilities")
public record LogSoftmax(
        @Setting(doc = "the axis along which the probabilities add up to 1", defaultValue = "1") int dim)
        implements Layer {

    /** Along the axis behind the batch. */
    public LogSoftmax() {
        this(1);
    }

    @Override
    public Tensor forward(Tensor input, Context cx) {
        return input.logSoftmax(dim);
    }
}
