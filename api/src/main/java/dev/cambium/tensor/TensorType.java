package dev.cambium.tensor;

/** The element type and shape of a tensor, written {@code float32[50, 10]}. */
public record TensorType(DType dtype, Shape shape) {
    @Override
    public String toString() {
        return dtype.toString() + shape;
    }
}
