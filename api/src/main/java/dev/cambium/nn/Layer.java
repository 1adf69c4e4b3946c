package dev.cambium.nn;

import static dev.cambium.Stability.Level.STABLE;

import dev.cambium.Stability;
import dev.cambium.tensor.Tensor;

/**
 * A part of a model: a function of a tensor and of what it owns. A layer is an immutable record whose components are its
 * settings; parameters, running state and random draws it asks of the {@link Context} by name while it is traced, so that it has
 * no hidden state, and shapes follow from the input.
 */
@Stability(value = STABLE, since = "0.1")
@FunctionalInterface
public interface Layer {
    /**
     * The layer's output, as a graph.
     *
     * @param input
     *            its first axis is the batch
     * @param cx
     *            gives parameters, state and random draws
     * @throws dev.cambium.tensor.ShapeException
     *             if the input's type does not fit
     */
    Tensor forward(Tensor input, Context cx);
}
