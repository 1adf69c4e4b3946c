package com.example.csv;

import java.util.List;

import dev.cambium.data.Batch;
import dev.cambium.data.Examples;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;

/** Rows in memory, at least one. */
record Rows(List<float[]> inputs, List<Long> labels, List<String> classNames) implements Examples {
    @Override
    public int size() {
        return inputs.size();
    }

    @Override
    public TensorType inputType() {
        return new TensorType(DType.FLOAT32, Shape.of(inputs.getFirst().length));
    }

    @Override
    public TensorType targetType() {
        return new TensorType(DType.INT64, Shape.scalar());
    }

    @Override
    public Batch batch(int epoch, int... indices) {
        int width = inputs.getFirst().length;
        float[] stacked = new float[indices.length * width];
        long[] targets = new long[indices.length];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(inputs.get(indices[i]), 0, stacked, i * width, width);
            targets[i] = labels.get(indices[i]);
        }
        return new Batch(NdArray.of(Shape.of(indices.length, width), stacked),
                NdArray.of(Shape.of(indices.length), targets));
    }
}
