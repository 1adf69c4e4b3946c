package dev.cambium.models;

import java.util.List;

import dev.cambium.nn.Metric;
import dev.cambium.part.Part;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/**
 * The share, 0 … 1, of examples whose highest score, of predictions [n, classes], is at their label, int64[n]. Of equal scores
 * the first counts.
 */
@Part(name = "accuracy", description = "the share of examples whose highest score is at their label")
public record Accuracy() implements Metric {
    @Override
    public Tensor statistics(Tensor predictions, Tensor labels) {
        Classification.requireFit(predictions, labels);
        Tensor correct = predictions.argMax(1).eq(labels).cast(DType.FLOAT32).sum();
        Tensor count = Tensor.full(new TensorType(DType.FLOAT32, Shape.scalar()), labels.shape().dim(0));
        return Tensor.stack(0, List.of(correct, count));
    }

    @Override
    public NdArray result(NdArray totals) {
        return NdArray.of(Shape.scalar(), totals.getDouble(0) / totals.getDouble(1));
    }
}
