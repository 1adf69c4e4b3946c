package dev.cambium.app.parts;

import java.util.List;

import dev.cambium.data.Batch;
import dev.cambium.data.DataEnvironment;
import dev.cambium.data.Dataset;
import dev.cambium.data.Examples;
import dev.cambium.data.Splits;
import dev.cambium.part.Part;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;

/** A dataset without classes. */
@Part(name = "numbers", description = "numbers and their doubles")
public record Numbers() implements Dataset {
    @Override
    public Splits load(DataEnvironment environment) {
        return new Splits(new Pairs(), new Pairs());
    }

    record Pairs() implements Examples {
        @Override
        public int size() {
            return 4;
        }

        @Override
        public TensorType inputType() {
            return new TensorType(DType.FLOAT32, Shape.of(1));
        }

        @Override
        public TensorType targetType() {
            return new TensorType(DType.FLOAT32, Shape.of(1));
        }

        @Override
        public List<String> classNames() {
            return List.of();
        }

        @Override
        public Batch batch(int epoch, int... indices) {
            float[] inputs = new float[indices.length];
            float[] targets = new float[indices.length];
            for (int i = 0; i < indices.length; i++) {
                inputs[i] = indices[i];
                targets[i] = 2 * indices[i];
            }
            return new Batch(NdArray.of(Shape.of(indices.length, 1), inputs),
                    NdArray.of(Shape.of(indices.length, 1), targets));
        }
    }
}
