package com.example.{package};

import java.util.List;

import dev.cambium.data.Batch;
import dev.cambium.data.DataEnvironment;
import dev.cambium.data.Dataset;
import dev.cambium.data.Examples;
import dev.cambium.data.Splits;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;

/** Points on a spiral of two arms, float32[2], and the arm that each is on. */
@Part(name = "{name}", description = "points on two arms of a spiral")
public record {Name}(@Setting(doc = "the number of points", defaultValue = "1000", min = 1) int size)
        implements Dataset {
    @Override
    public Splits load(DataEnvironment environment) {
        return new Splits(new Points(size, 0), new Points(size, 0.5));
    }

    private record Points(int size, double shift) implements Examples {
        @Override
        public TensorType inputType() {
            return new TensorType(DType.FLOAT32, Shape.of(2));
        }

        @Override
        public TensorType targetType() {
            return new TensorType(DType.INT64, Shape.scalar());
        }

        @Override
        public List<String> classNames() {
            return List.of("left", "right");
        }

        @Override
        public Batch batch(int epoch, int... indices) {
            float[] points = new float[2 * indices.length];
            long[] arms = new long[indices.length];
            for (int i = 0; i < indices.length; i++) {
                arms[i] = indices[i] % 2;
                double radius = (indices[i] + shift) / size;
                double angle = 2 * Math.PI * radius + Math.PI * arms[i];
                points[2 * i] = (float) (radius * Math.cos(angle));
                points[2 * i + 1] = (float) (radius * Math.sin(angle));
            }
            return new Batch(NdArray.of(Shape.of(indices.length, 2), points),
                    NdArray.of(Shape.of(indices.length), arms));
        }
    }
}
