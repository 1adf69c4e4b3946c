package dev.cambium.cpu.compiler;

import java.util.LinkedHashMap;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/**
 * Keeps subnormal numbers out of an optimizer's state and what is computed from it: what fades where gradients stay zero, as a mean of past
 * gradients does, would become and stay subnormal, with which processors are slow by a factor of ten and more. It becomes zero instead, as
 * it would in a processor that flushes results to zero, which Java can't ask for.
 */
final class Subnormals {
    /** What state is multiplied with, such as one minus Adam's decay, is seldom smaller than 2⁻¹⁰, so that products are still normal. */
    private static final float LEAST = 0x1p10f * Float.MIN_NORMAL;

    private Subnormals() {}

    static Graph flushed(Graph graph) {
        var updates = new LinkedHashMap<>(graph.updates());
        updates.replaceAll((variable, value) -> variable.role() == Variable.Role.SLOT
                && value.dtype() == DType.FLOAT32 ? flushed(value) : value);
        return new Graph(graph.outputs(), updates);
    }

    private static Tensor flushed(Tensor value) {
        TensorType type = value.type();
        return Tensor.select(value.abs().lt(Tensor.full(type, LEAST)), Tensor.full(type, 0), value);
    }
}
