package dev.cambium.tensor;

import static dev.cambium.Stability.Level.STABLE;

import dev.cambium.Stability;

/** The element type and shape of a tensor, written {@code float32[50, 10]}. */
@Stability(value = STABLE, since = "0.1")
public record TensorType(DType dtype, Shape shape) {
    @Override
    public String toString() {
        return dtype.toString() + shape;
    }
}
