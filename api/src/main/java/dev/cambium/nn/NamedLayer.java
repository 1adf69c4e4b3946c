package dev.cambium.nn;

import static dev.cambium.Stability.Level.STABLE;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

import dev.cambium.CambiumException;
import dev.cambium.Stability;

/**
 * A layer in a network of named layers: what it is called, and whose outputs it takes.
 *
 * @param name
 *            the name under which it owns its parameters, unique in its network, without a dot
 * @param layer
 *            the layer
 * @param inputs
 *            the names of earlier layers, or {@value #INPUT} for the network's own input; without any the layer before it
 * @param combine
 *            how several inputs become one
 */
@Stability(value = STABLE, since = "0.1")
public record NamedLayer(String name, Layer layer, List<String> inputs, Combine combine) {
    /** What the input of a network is called among its layers. */
    public static final String INPUT = "input";

    /** What stands beside a layer's settings in a file; no setting can have such a name. */
    public static final Set<String> KEYS = Set.of("type", "name", "inputs", "combine");

    /** How several tensors become one. */
    public enum Combine {
        /** Their sum; their shapes are equal. */
        SUM,
        /** One after the other along the first axis behind the batch: channels or features. */
        CONCAT
    }

    /**
     * Checks the name and keeps a copy of the inputs.
     *
     * @throws IllegalArgumentException
     *             if the name is empty, has a dot, or is {@value #INPUT}
     */
    public NamedLayer {
        if (name.isEmpty() || name.contains(".") || name.equals(INPUT)) {
            throw new IllegalArgumentException(
                    "a layer is named '%s'; names must not be empty, contain a dot, or be '%s'".formatted(name, INPUT));
        }
        inputs = List.copyOf(inputs);
    }

    /** A layer that takes the output of the one before it. */
    public NamedLayer(String name, Layer layer) {
        this(name, layer, List.of(), Combine.SUM);
    }

    /**
     * Reads a layer as it stands in a file.
     *
     * @param given
     *            {@code name}, {@code inputs}, {@code combine} and the layer's own settings
     * @param position
     *            its place among its neighbours, from 0, which names it if nothing else does, as in PyTorch
     * @param layer
     *            makes the layer from its own settings
     * @throws CambiumException
     *             if one of them can't be
     */
    public static NamedLayer of(Map<String, ?> given, int position, Function<Map<String, Object>, Layer> layer) {
        var own = new LinkedHashMap<String, Object>(given);
        own.keySet().removeAll(KEYS);
        Object name = given.containsKey("name") ? given.get("name") : position;
        List<?> inputs = switch (given.get("inputs")) {
            case null -> List.of();
            case List<?> several -> several;
            case Object one -> List.of(one);
        };
        try {
            return new NamedLayer(String.valueOf(name), layer.apply(own), inputs.stream().map(String::valueOf).toList(),
                    given.containsKey("combine") ? combine(String.valueOf(given.get("combine"))) : Combine.SUM);
        } catch (IllegalArgumentException e) {
            throw new CambiumException(Objects.requireNonNull(e.getMessage()), e);
        }
    }

    private static Combine combine(String text) {
        return Arrays.stream(Combine.values()).filter(each -> each.name().equalsIgnoreCase(text)).findFirst()
                .orElseThrow(() -> new CambiumException("combine is '%s', but must be sum or concat".formatted(text)));
    }

    /** The other way: what stands in a file for this layer. */
    public Map<String, Object> settings(Map<String, Object> layerAndItsSettings) {
        var all = new LinkedHashMap<String, Object>();
        all.put("name", name);
        all.putAll(layerAndItsSettings);
        if (!inputs.isEmpty()) {
            all.put("inputs", inputs);
        }
        if (inputs.size() > 1) {
            all.put("combine", combine.name().toLowerCase(Locale.ROOT));
        }
        return all;
    }
}
