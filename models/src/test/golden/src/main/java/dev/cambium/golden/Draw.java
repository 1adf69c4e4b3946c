package dev.cambium.golden;

import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Tensor;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Random inputs that follow from a seed alone. They are multiples of a power of two: short to print, the same in
 * float32 and float64, and sums of products of them are exact in either.
 */
final class Draw {
    private final Random random;

    Draw(long seed) {
        random = new Random(seed);
    }

    /** Multiples of 1/16 in [−2, 2). */
    Tensor uniform(long... shape) {
        return multiples(16, 2, shape);
    }

    /** Multiples of 1/{@code parts} in [−{@code bound}, {@code bound}). */
    Tensor multiples(int parts, double bound, long... shape) {
        int range = (int) (2 * bound * parts);
        double[] data = new double[size(shape)];
        Arrays.setAll(data, i -> (double) random.nextInt(range) / parts - bound);
        return tensor(data, shape);
    }

    /** Multiples of 1/8 around zero, no two the same. */
    Tensor distinct(long... shape) {
        int size = size(shape);
        List<Integer> order = IntStream.range(0, size).boxed().collect(Collectors.toList());
        Collections.shuffle(order, random);
        double[] data = order.stream().mapToDouble(i -> (i - size / 2) / 8.0).toArray();
        return tensor(data, shape);
    }

    /** Indices from 0 to {@code classes} − 1, int64. */
    Tensor indices(int classes, long... shape) {
        long[] data = new long[size(shape)];
        Arrays.setAll(data, i -> random.nextInt(classes));
        return AbstractTensor.create(data, shape).clone();
    }

    /** Multiples of 1/8 in [−1, 1] but 0, in the shape and type of {@code output}. */
    Tensor cotangent(Tensor output) {
        double[] data = new double[Math.toIntExact(output.numel())];
        Arrays.setAll(data, i -> (1 + random.nextInt(8)) / (random.nextBoolean() ? 8.0 : -8.0));
        return tensor(data, output.shape()).to(output.scalar_type().intern());
    }

    /** A float64 tensor of the given elements in row-major order. */
    static Tensor tensor(double[] data, long... shape) {
        return AbstractTensor.create(data, shape).clone();
    }

    private static int size(long... shape) {
        return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    }
}
