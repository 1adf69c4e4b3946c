package dev.cambium.nn;

import static dev.cambium.Stability.Level.EXPERIMENTAL;

import dev.cambium.Stability;
import dev.cambium.tensor.RandomStream;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/** The first value of a parameter or state. */
@Stability(value = EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface Initializer {
    /**
     * The value, as a graph.
     *
     * @param type
     *            the type wanted
     * @param random
     *            random numbers of this variable's own
     */
    Tensor value(TensorType type, RandomStream random);

    /** All zeros. */
    static Initializer zeros() {
        return constant(0);
    }

    /** All ones. */
    static Initializer ones() {
        return constant(1);
    }

    /** All the same number. */
    static Initializer constant(double value) {
        return (type, random) -> Tensor.full(type, value);
    }

    /** Uniform from −bound to bound. */
    static Initializer uniform(double bound) {
        return (type, random) -> random.uniform(type).mul(2 * bound).sub(bound);
    }

    /** Normal with mean 0 and the given deviation. */
    static Initializer normal(double deviation) {
        return (type, random) -> random.normal(type).mul(deviation);
    }

    /**
     * PyTorch's default for the weights and biases of linear and convolution layers: uniform within 1 / √fanIn, which is He's
     * (2015) uniform initialisation with a = √5.
     *
     * @param fanIn
     *            the number of inputs that each output sums over
     */
    static Initializer fanIn(long fanIn) {
        return uniform(fanIn == 0 ? 0 : 1 / Math.sqrt((double) fanIn));
    }
}
