package dev.cambium.models;

import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

import dev.cambium.nn.Context;
import dev.cambium.nn.Layer;
import dev.cambium.tensor.Tensor;

/**
 * Layers one after the other, PyTorch's {@code Sequential}. It is made in code: its layers are no settings that a line of text
 * could hold.
 *
 * @param layers
 *            in the order of their application
 */
public record Sequential(List<Named> layers) implements Layer {
    /**
     * A layer and the name under which it owns its parameters.
     *
     * @param name
     *            unique among its neighbours
     * @param layer
     *            the layer
     */
    public record Named(String name, Layer layer) {}

    /**
     * Keeps a copy of the list.
     *
     * @throws IllegalArgumentException
     *             if two layers have one name, which would make them share their parameters, or a name is empty or has a dot
     */
    public Sequential {
        layers = List.copyOf(layers);
        var names = new HashSet<String>();
        for (Named named : layers) {
            if (named.name().isEmpty() || named.name().contains(".")) {
                throw new IllegalArgumentException(
                        "a layer is named '%s'; names must not be empty or contain a dot".formatted(named.name()));
            }
            if (!names.add(named.name())) {
                throw new IllegalArgumentException("two layers are named '%s'".formatted(named.name()));
            }
        }
    }

    /** Layers named 0, 1, 2 …, as PyTorch names them. */
    public static Sequential of(Layer... layers) {
        return new Sequential(IntStream.range(0, layers.length)
                .mapToObj(i -> new Named(Integer.toString(i), layers[i])).toList());
    }

    @Override
    public Tensor forward(Tensor input, Context cx) {
        Tensor x = input;
        for (Named named : layers) {
            x = cx.call(named.name(), named.layer(), x);
        }
        return x;
    }
}
