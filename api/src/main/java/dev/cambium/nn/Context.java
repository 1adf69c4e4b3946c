package dev.cambium.nn;

import static dev.cambium.Stability.Level.STABLE;

import dev.cambium.Stability;
import dev.cambium.tensor.RandomStream;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;

/**
 * What a layer may ask for while it is traced. Names are relative to the layer: {@code weight} asked for by the layer called
 * {@code conv1} is the variable {@code conv1.weight}. Asking twice for one name gives the same variable, and two calls under one
 * name share what they own.
 */
@Stability(value = STABLE, since = "0.1")
public interface Context {
    /** Applies a layer under a name. */
    Tensor call(String name, Layer layer, Tensor input);

    /**
     * A learned parameter, of the model's element type.
     *
     * @param name
     *            lower case, such as {@code weight}
     * @param shape
     *            its shape
     * @param initializer
     *            its first value
     * @throws dev.cambium.tensor.ShapeException
     *             if the name is in use with another shape
     */
    Tensor parameter(String name, Shape shape, Initializer initializer);

    /** A value that is kept from step to step, but not learned, such as a running mean; of the model's element type. */
    Tensor state(String name, Shape shape, Initializer initializer);

    /**
     * The value that a {@link #state} has from the next step on.
     *
     * @throws IllegalArgumentException
     *             if there is no state of that name or its shape differs
     */
    void update(String name, Tensor value);

    /**
     * Random numbers of the layer's own: they follow from the run's seed, the step, the layer's path and the name alone. A
     * second draw under one name is independent of the first.
     */
    RandomStream random(String name);

    /** Whether the model is being trained; dropout and batch normalisation behave differently then. */
    boolean training();
}
