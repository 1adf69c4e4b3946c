package dev.cambium.train;

import static dev.cambium.Stability.Level.EXPERIMENTAL;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

import dev.cambium.CambiumException;
import dev.cambium.Stability;
import dev.cambium.tensor.NdArray;

/**
 * How good predictions were.
 *
 * @param examples
 *            on how many examples
 * @param loss
 *            the mean loss of an example
 * @param metrics
 *            the results of the metrics by name
 */
@Stability(value = EXPERIMENTAL, since = "0.1")
public record Evaluation(long examples, double loss, SequencedMap<String, NdArray> metrics) {
    /** Keeps a copy of the results. */
    public Evaluation {
        metrics = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(metrics));
    }

    /**
     * The result of a metric that is a single number.
     *
     * @throws CambiumException
     *             if there is no metric of that name
     */
    public double get(String metric) {
        NdArray result = metrics.get(metric);
        if (result == null) {
            throw new CambiumException(
                    "no metric '%s'; there are: %s".formatted(metric, String.join(", ", metrics.keySet())));
        }
        return result.item();
    }
}
