package dev.cambium.models;

import dev.cambium.nn.Metric;
import dev.cambium.part.Part;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Tensor;

/**
 * How many examples of each class (row) were taken for each class (column): [classes, classes], from predictions [n, classes] and
 * labels int64[n]. An example whose label is no class is not counted.
 */
@Part(name = "confusion-matrix", description = "how many examples of each class were taken for which class")
public record ConfusionMatrix() implements Metric {
    @Override
    public Tensor statistics(Tensor predictions, Tensor labels) {
        Classification.requireFit(predictions, labels);
        int classes = predictions.shape().dim(1);
        Tensor actual = labels.oneHot(classes, DType.FLOAT32);
        Tensor predicted = predictions.argMax(1).oneHot(classes, DType.FLOAT32);
        return actual.transpose().matmul(predicted);
    }

    @Override
    public NdArray result(NdArray totals) {
        return totals;
    }
}
