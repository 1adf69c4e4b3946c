package dev.cambium.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import dev.cambium.nn.Context;
import dev.cambium.nn.Initializer;
import dev.cambium.nn.Layer;
import dev.cambium.tensor.RandomStream;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;

/** A context that hands out given tensors as parameters and state, so that golden values can stand in for them. */
record GivenContext(Map<String, Tensor> given, boolean training, String path, Map<String, Tensor> updates)
        implements Context {
    GivenContext(Map<String, Tensor> given, boolean training) {
        this(given, training, "", new HashMap<>());
    }

    @Override
    public Tensor call(String name, Layer layer, Tensor input) {
        return layer.forward(input, new GivenContext(given, training, path + name + ".", updates));
    }

    @Override
    public Tensor parameter(String name, Shape shape, Initializer initializer) {
        Tensor tensor = Objects.requireNonNull(given.get(path + name), path + name);
        assertThat(tensor.shape()).as(path + name).isEqualTo(shape);
        return tensor;
    }

    @Override
    public Tensor state(String name, Shape shape, Initializer initializer) {
        return parameter(name, shape, initializer);
    }

    @Override
    public void update(String name, Tensor value) {
        updates.put(path + name, value);
    }

    @Override
    public RandomStream random(String name) {
        throw new UnsupportedOperationException("golden values have no randomness");
    }
}
