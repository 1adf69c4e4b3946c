package dev.cambium.tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Arrays to test with. */
final class Values {
    private Values() {}

    /** Random float64 numbers within bounds. */
    static NdArray reals(Random random, double low, double high, Shape shape) {
        return NdArray.of(shape, random.doubles(shape.size(), low, high).toArray());
    }

    /** Float64 numbers in random order, no two of them closer than 0.1, none closer than 0.025 to zero. */
    static NdArray distinct(Random random, Shape shape) {
        int size = Math.toIntExact(shape.size());
        List<Integer> order = new ArrayList<>(IntStream.range(0, size).boxed().toList());
        Collections.shuffle(order, random);
        return NdArray.of(shape, order.stream().mapToDouble(i -> (i - size / 2 + 0.25) * 0.1).toArray());
    }
}
