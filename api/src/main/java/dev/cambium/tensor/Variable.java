package dev.cambium.tensor;

import static dev.cambium.Stability.Level.STABLE;

import dev.cambium.Stability;

/**
 * A value that outlives a run: read by {@link Op.ReadVariable}, replaced by a graph's updates. Two variables with the same
 * components are the same one.
 *
 * @param name
 *            its path, parts joined by dots as in PyTorch's state dict, such as {@code conv1.weight}
 * @param type
 *            its element type and shape
 * @param role
 *            what it is for
 */
@Stability(value = STABLE, since = "0.1")
public record Variable(String name, TensorType type, Role role) {
    /** What a variable is for. */
    public enum Role {
        /** Learned by gradient descent. */
        PARAMETER,
        /** Part of the model, but not learned, such as running statistics. */
        BUFFER,
        /** The optimizer's memory. */
        SLOT,
        /** The run's own: seed and step. */
        RUN
    }

    /** A tensor that reads this variable. */
    public Tensor read() {
        return Tensor.of(new Op.ReadVariable(this), type);
    }
}
