package dev.cambium.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import dev.cambium.nn.Metric;
import dev.cambium.tensor.NdArray;

/** Losses and statistics added up over batches, in double precision. */
final class Totals {
    private final Map<String, Metric> metrics;
    private final Map<String, NdArray> statistics = new LinkedHashMap<>();
    private double lossSum;
    private long examples;

    Totals(Map<String, Metric> metrics) {
        this.metrics = metrics;
    }

    /** Adds what {@link Model#scores} gave for a batch. */
    void add(Map<String, NdArray> scores, int batchSize) {
        lossSum += score(scores, "loss").item() * batchSize;
        examples += batchSize;
        metrics.keySet().forEach(name -> statistics.merge(name, score(scores, name), Totals::sum));
    }

    Evaluation evaluation() {
        var results = new LinkedHashMap<String, NdArray>();
        metrics.forEach((name, metric) -> Optional.ofNullable(statistics.get(name))
                .ifPresent(
                        total -> results.put(name, metric.result(NdArray.of(total.shape(), total.toDoubleArray())))));
        return new Evaluation(examples, examples == 0 ? Double.NaN : lossSum / examples, results);
    }

    private static NdArray score(Map<String, NdArray> scores, String name) {
        return Optional.ofNullable(scores.get(name)).orElseThrow();
    }

    private static NdArray sum(NdArray a, NdArray b) {
        double[] sum = a.toDoubleArray();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b.getDouble(i);
        }
        return NdArray.of(a.shape(), sum);
    }
}
