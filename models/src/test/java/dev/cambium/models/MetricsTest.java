package dev.cambium.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.cambium.nn.Metric;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.ShapeException;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

class MetricsTest {
    private static final float[] SCORES = {0, 9, 1, 5, 2, 3, 1, 1, 0, -3, -1, -2};
    private static final long[] LABELS = {1, 2, 0, 1};

    private static double[] measure(Metric metric, int from, int to, long... labels) {
        Tensor predictions = Tensor
                .constant(NdArray.of(Shape.of(to - from, 3), Arrays.copyOfRange(SCORES, 3 * from, 3 * to)));
        Tensor targets = Tensor.constant(NdArray.of(Shape.of(to - from), Arrays.copyOfRange(labels, from, to)));
        return metric.statistics(predictions, targets).value().toDoubleArray();
    }

    private static NdArray total(double[] numbers, int... dims) {
        return NdArray.of(Shape.of(dims), numbers);
    }

    @Test
    void accuracy_is_the_share_of_highest_scores_at_the_label_and_of_equal_scores_the_first_counts() {
        double[] statistics = measure(new Accuracy(), 0, 4, LABELS);
        assertThat(statistics).containsExactly(3, 4);
        assertThat(new Accuracy().result(total(statistics, 2)).item()).isEqualTo(0.75);
    }

    @Test
    void confusion_matrix_counts_true_classes_in_rows_and_predicted_ones_in_columns() {
        double[] statistics = measure(new ConfusionMatrix(), 0, 4, LABELS);
        assertThat(statistics).containsExactly(1, 0, 0, 0, 2, 0, 1, 0, 0);
        NdArray totals = total(statistics, 3, 3);
        assertThat(new ConfusionMatrix().result(totals)).isEqualTo(totals);
    }

    @Test
    void confusion_matrix_leaves_out_labels_that_are_no_class() {
        assertThat(measure(new ConfusionMatrix(), 0, 4, 1, 3, -1, 1)).containsExactly(0, 0, 0, 0, 2, 0, 0, 0, 0);
    }

    @Test
    void statistics_of_two_batches_add_up_to_those_of_both() {
        for (Metric metric : List.of(new Accuracy(), new ConfusionMatrix())) {
            double[] whole = measure(metric, 0, 4, LABELS);
            double[] first = measure(metric, 0, 3, LABELS);
            double[] second = measure(metric, 3, 4, LABELS);
            for (int i = 0; i < whole.length; i++) {
                assertThat(first[i] + second[i]).isEqualTo(whole[i]);
            }
        }
    }

    @Test
    void labels_that_do_not_fit_are_refused() {
        Tensor predictions = Tensor.input("p", new TensorType(DType.FLOAT32, Shape.of(5, 3)));
        Tensor labels = Tensor.input("l", new TensorType(DType.UINT8, Shape.of(5)));
        for (Metric metric : List.of(new Accuracy(), new ConfusionMatrix())) {
            assertThatThrownBy(() -> metric.statistics(predictions, labels)).isInstanceOf(ShapeException.class)
                    .hasMessageContaining("labels uint8[5]");
        }
    }
}
