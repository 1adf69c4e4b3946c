package dev.cambium.results;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Medians of what was measured again and again. */
public final class Medians {
    private Medians() {}

    /** The middle of some values, of two in the middle the higher one. */
    public static double of(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("there is no median of nothing");
        }
        return sorted[sorted.length / 2];
    }

    /**
     * How many times as much the first ones are as the second ones: the median of the ratios of values measured right after each other.
     * What else the machine did meanwhile, it did to both.
     */
    public static double ratio(List<Double> first, List<Double> second) {
        if (first.size() != second.size()) {
            throw new IllegalArgumentException(
                    "%d values can't be compared one by one with %d".formatted(first.size(), second.size()));
        }
        double[] ratios = IntStream.range(0, first.size()).mapToDouble(i -> first.get(i) / second.get(i)).toArray();
        return of(Arrays.stream(ratios).boxed().toList());
    }
}
