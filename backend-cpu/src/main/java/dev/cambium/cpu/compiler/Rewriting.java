package dev.cambium.cpu.compiler;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

import dev.cambium.tensor.Graph;
import dev.cambium.tensor.LayerPath;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/** Makes a graph from another by what stands for each of its tensors. */
final class Rewriting {
    private final UnaryOperator<Tensor> rule;
    private final Map<Tensor, Tensor> images = new HashMap<>();

    /**
     * Prepares to rewrite one graph.
     *
     * @param rule
     *            what stands for a tensor, made of the images of others, which it asks for
     */
    Rewriting(UnaryOperator<Tensor> rule) {
        this.rule = rule;
    }

    /** The graph whose outputs and updates are the images of another's. */
    Graph of(Graph graph) {
        graph.tensors().forEach(this::image);
        return new Graph(images(graph.outputs()), images(graph.updates()));
    }

    private <K> SequencedMap<K, Tensor> images(SequencedMap<K, Tensor> tensors) {
        var mapped = new LinkedHashMap<>(tensors);
        mapped.replaceAll((_, tensor) -> image(tensor));
        return mapped;
    }

    /** What stands for a tensor, also for one that comes later in the graph. */
    Tensor image(Tensor tensor) {
        Tensor image = images.get(tensor);
        if (image == null) {
            image = rule.apply(tensor);
            images.put(tensor, image);
        }
        return image;
    }

    /** The same operation over other inputs: the same tensor if they are its own. */
    static Tensor over(Tensor tensor, List<Tensor> inputs) {
        return inputs.equals(tensor.inputs()) ? tensor : like(tensor, tensor.op(), tensor.type(), inputs);
    }

    /** An operation in the name of the same layer as another tensor. */
    static Tensor like(Tensor model, Op op, TensorType type, List<Tensor> inputs) {
        return LayerPath.within(model.path(), () -> Tensor.of(op, type, inputs));
    }
}
