package dev.cambium.models;

import java.util.stream.IntStream;

import dev.cambium.CambiumException;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;

/**
 * How many inputs each output of a weight [out, in, …] sums over, and the other way round.
 *
 * @param in
 *            inputs of an output
 * @param out
 *            outputs of an input
 */
record Fans(double in, double out) {
    /** Those of a weight of two or more axes; those behind the second are the filter's. */
    static Fans of(TensorType weight) {
        Shape shape = weight.shape();
        if (shape.rank() < 2) {
            throw new CambiumException("a weight [out, in, …] is wanted, not %s: use constant, uniform or normal"
                    .formatted(weight));
        }
        double field = IntStream.range(2, shape.rank()).mapToDouble(shape::dim).reduce(1, (a, b) -> a * b);
        return new Fans(field * shape.dim(1), field * shape.dim(0));
    }
}
