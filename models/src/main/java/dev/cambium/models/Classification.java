package dev.cambium.models;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.ShapeException;
import dev.cambium.tensor.Tensor;

/** The types that predictions of classes and their labels have. */
final class Classification {
    private Classification() {}

    /** Checks for floating-point predictions [n, classes] and int64 labels [n]. */
    static void requireFit(Tensor predictions, Tensor labels) {
        boolean fits = predictions.shape().rank() == 2 && predictions.dtype().isFloating()
                && labels.shape().rank() == 1 && labels.dtype() == DType.INT64
                && labels.shape().dim(0) == predictions.shape().dim(0);
        if (!fits) {
            throw new ShapeException(
                    "predictions of classes %s with labels %s; floating [n, classes] and int64[n] are wanted"
                            .formatted(predictions.type(), labels.type()));
        }
    }
}
