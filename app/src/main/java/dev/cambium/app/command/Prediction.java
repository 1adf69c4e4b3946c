package dev.cambium.app.command;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

import dev.cambium.tensor.NdArray;

/**
 * What a network says of one input.
 *
 * @param probabilities
 *            by class; their sum is 1
 */
record Prediction(List<Double> probabilities) {
    /**
     * The predictions of a batch: the softmax of what the network puts out, be it logits or logarithms of probabilities.
     *
     * @param outputs
     *            [batch, classes]
     */
    static List<Prediction> all(NdArray outputs) {
        int classes = outputs.shape().dim(1);
        return IntStream.range(0, outputs.shape().dim(0)).mapToObj(row -> {
            double[] scores = IntStream.range(0, classes).mapToDouble(i -> outputs.getDouble((long) row * classes + i))
                    .toArray();
            double largest = DoubleStream.of(scores).max().orElseThrow();
            double sum = DoubleStream.of(scores).map(score -> Math.exp(score - largest)).sum();
            return new Prediction(
                    DoubleStream.of(scores).mapToObj(score -> Math.exp(score - largest) / sum).toList());
        }).toList();
    }

    /** The most likely class, of equals the first. */
    int best() {
        return IntStream.range(0, probabilities.size()).reduce(0,
                (best, i) -> probabilities.get(i) > probabilities.get(best) ? i : best);
    }
}
