package dev.cambium.tensor;

import static dev.cambium.Stability.Level.STABLE;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

import dev.cambium.Stability;

/**
 * A source of random tensors that follows from the run's seed, its step and a name alone; no hidden state exists.
 *
 * @param seed
 *            the run's seed, an int64 scalar
 * @param step
 *            the run's step, an int64 scalar
 * @param stream
 *            the number of the stream, told apart from the run's other draws
 */
@Stability(value = STABLE, since = "0.1")
public record RandomStream(Tensor seed, Tensor step, int stream) {
    /** The stream of a name: its number is the CRC-32 of the name's UTF-8 bytes. */
    public static RandomStream named(String name, Tensor seed, Tensor step) {
        return new RandomStream(seed, step, number(name));
    }

    /** The number of the stream of a name. */
    public static int number(String name) {
        var crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }

    /** Random bits, int32. */
    public Tensor bits(Shape shape) {
        return Tensor.of(new Op.RandomBits(stream), new TensorType(DType.INT32, shape), seed, step);
    }

    /** Uniform numbers in 0 (included) … 1 (excluded): the upper 24 bits of each word, times 2⁻²⁴. */
    public Tensor uniform(TensorType type) {
        Tensor bits = bits(type.shape());
        Tensor eight = Tensor.full(bits.type(), 8);
        return bits.shiftRight(eight).cast(type.dtype()).mul(0x1p-24);
    }

    /** Normal numbers of mean 0 and deviation 1, by the Box–Muller transform of two uniform ones each. */
    public Tensor normal(TensorType type) {
        Tensor pairs = uniform(new TensorType(type.dtype(), type.shape().prepend(2)));
        Tensor radius = pairs.index(0, 0).neg().log1p().mul(-2).sqrt();
        return radius.mul(pairs.index(0, 1).mul(2 * Math.PI).cos());
    }
}
