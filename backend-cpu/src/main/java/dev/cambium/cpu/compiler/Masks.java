package dev.cambium.cpu.compiler;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

import dev.cambium.tensor.Graph;
import dev.cambium.tensor.LayerPath;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Tensor;

/**
 * Lets gradients that a ReLU masks look at its result, which is ≤ 0 where its input is, so that neither the input nor a mask has to be
 * kept for them. That is done where the result is kept anyhow, since something that is not elementwise reads it.
 */
final class Masks {
    private final Map<Tensor, Tensor> relus = new HashMap<>();
    private final Map<Tensor, Tensor> masks = new HashMap<>();
    private final Map<Tensor, Tensor> rewritten = new HashMap<>();

    private Masks(Graph graph) {
        Map<Tensor, List<Tensor>> users = Fusion.users(graph.tensors());
        for (Tensor tensor : graph.tensors()) {
            if (tensor.op() instanceof Op.Select && Gates.isRelu(tensor)
                    && users.getOrDefault(tensor, List.of()).stream().anyMatch(user -> !Fusion.isElementwise(user))) {
                relus.putIfAbsent(tensor.input(0), tensor);
            }
        }
    }

    /** A graph whose masks are ReLUs' results where these are kept. */
    static Graph byResults(Graph graph) {
        var pass = new Masks(graph);
        graph.tensors().forEach(pass::image);
        return new Graph(pass.map(graph.outputs()), pass.map(graph.updates()));
    }

    private <K> SequencedMap<K, Tensor> map(SequencedMap<K, Tensor> tensors) {
        var mapped = new LinkedHashMap<>(tensors);
        mapped.replaceAll((_, tensor) -> image(tensor));
        return mapped;
    }

    /** What stands for a tensor; a mask may ask for that of a ReLU which comes after it. */
    private Tensor image(Tensor tensor) {
        Tensor image = rewritten.get(tensor);
        if (image == null) {
            image = rewrite(tensor);
            rewritten.put(tensor, image);
        }
        return image;
    }

    private Tensor rewrite(Tensor tensor) {
        List<Tensor> inputs = tensor.inputs().stream().map(input -> input(input, tensor)).toList();
        return inputs.equals(tensor.inputs()) ? tensor
                : LayerPath.within(tensor.path(), () -> Tensor.of(tensor.op(), tensor.type(), inputs));
    }

    /** What an operation reads instead of one of its inputs. */
    private Tensor input(Tensor input, Tensor user) {
        Tensor relu = relus.get(input);
        if (relu == null || relu == user) {
            return image(input);
        }
        Tensor result = image(relu);
        Tensor zero = image(input.input(1));
        return masks.computeIfAbsent(relu, _ -> LayerPath.within(input.path(), () -> result.le(zero)));
    }
}
