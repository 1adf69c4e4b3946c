package dev.cambium.models;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

import dev.cambium.nn.Context;
import dev.cambium.nn.Layer;
import dev.cambium.nn.NamedLayer;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.part.Suggestion;
import dev.cambium.tensor.Tensor;

/**
 * Named layers one after the other, as in PyTorch's {@code Sequential}; a layer that names its inputs takes the outputs of those
 * instead, which makes it a graph. Its output is that of the last layer.
 *
 * @param layers
 *            in the order of their application
 */
@Part(name = "network", description = "layers one after the other, or as a graph where they name their inputs")
public record Network(@Setting(doc = "the layers, in the order of their application") List<NamedLayer> layers)
        implements Layer {

    /**
     * Keeps a copy of the list.
     *
     * @throws IllegalArgumentException
     *             if there is no layer, two have one name, which would make them share their parameters, or an input is not the
     *             name of an earlier layer
     */
    public Network {
        layers = List.copyOf(layers);
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("there is no layer");
        }
        Set<String> names = new HashSet<>(Set.of(NamedLayer.INPUT));
        for (NamedLayer named : layers) {
            for (String input : named.inputs()) {
                if (!names.contains(input)) {
                    throw new IllegalArgumentException(
                            "layer '%s' takes the output of '%s', which is no layer before it%s"
                                    .formatted(named.name(), input, Suggestion.of(input, names)));
                }
            }
            if (!names.add(named.name())) {
                throw new IllegalArgumentException("two layers are named '%s'".formatted(named.name()));
            }
        }
    }

    /** Layers one after the other, named 0, 1, 2 …, as PyTorch names them. */
    public static Network of(Layer... layers) {
        return new Network(IntStream.range(0, layers.length)
                .mapToObj(i -> new NamedLayer(Integer.toString(i), layers[i])).toList());
    }

    @Override
    public Tensor forward(Tensor input, Context cx) {
        Map<String, Tensor> outputs = new HashMap<>(Map.of(NamedLayer.INPUT, input));
        Tensor last = input;
        for (NamedLayer named : layers) {
            Tensor x = named.inputs().isEmpty() ? last
                    : combine(named, named.inputs().stream().map(name -> Objects.requireNonNull(outputs.get(name)))
                            .toList());
            last = cx.call(named.name(), named.layer(), x);
            outputs.put(named.name(), last);
        }
        return last;
    }

    private static Tensor combine(NamedLayer named, List<Tensor> inputs) {
        return switch (named.combine()) {
            case SUM -> inputs.stream().reduce(Tensor::add).orElseThrow();
            case CONCAT -> inputs.size() == 1 ? inputs.getFirst() : Tensor.concat(1, inputs);
        };
    }
}
