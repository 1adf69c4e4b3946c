package dev.cambium.cpu.compiler;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
    private final Rewriting rewriting = new Rewriting(this::rewrite);

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
        return new Masks(graph).rewriting.of(graph);
    }

    private Tensor rewrite(Tensor tensor) {
        return Rewriting.over(tensor, tensor.inputs().stream().map(input -> input(input, tensor)).toList());
    }

    /** What an operation reads instead of one of its inputs; the ReLU may come after it. */
    private Tensor input(Tensor input, Tensor user) {
        Tensor relu = relus.get(input);
        if (relu == null || relu == user) {
            return rewriting.image(input);
        }
        Tensor result = rewriting.image(relu);
        Tensor zero = rewriting.image(input.input(1));
        return masks.computeIfAbsent(relu, _ -> LayerPath.within(input.path(), () -> result.le(zero)));
    }
}
