package dev.cambium.app.parts;

import java.util.List;
import java.util.Optional;

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

/** Images of 28 × 28 with a level or an upright stroke, which differs in its place. */
@Part(name = "strokes", description = "level and upright strokes")
public record Strokes(@Setting(doc = "images to learn from", defaultValue = "40", min = 1) int trainSize)
        implements Dataset {
    private static final int SIZE = 28;
    private static final TensorType IMAGE = new TensorType(DType.FLOAT32, Shape.of(1, SIZE, SIZE));

    @Override
    public Optional<TensorType> inputType() {
        return Optional.of(IMAGE);
    }

    @Override
    public Splits load(DataEnvironment environment) {
        return new Splits(new Images(trainSize), new Images(12));
    }

    record Images(int size) implements Examples {
        @Override
        public TensorType inputType() {
            return IMAGE;
        }

        @Override
        public TensorType targetType() {
            return new TensorType(DType.INT64, Shape.scalar());
        }

        @Override
        public List<String> classNames() {
            return List.of("level", "upright");
        }

        @Override
        public Batch batch(int epoch, int... indices) {
            float[] inputs = new float[indices.length * SIZE * SIZE];
            long[] targets = new long[indices.length];
            for (int i = 0; i < indices.length; i++) {
                int upright = indices[i] % 2;
                int place = 10 + indices[i] / 2 % 8;
                for (int along = 4; along < 24; along++) {
                    int pixel = upright == 1 ? along * SIZE + place : place * SIZE + along;
                    inputs[i * SIZE * SIZE + pixel] = 1;
                }
                targets[i] = upright;
            }
            return new Batch(NdArray.of(Shape.of(indices.length, 1, SIZE, SIZE), inputs),
                    NdArray.of(Shape.of(indices.length), targets));
        }
    }
}
