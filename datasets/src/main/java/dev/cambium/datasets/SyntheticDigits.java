package dev.cambium.datasets;

import java.util.List;
import java.util.Objects;
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

/**
 * Pictures of digits drawn as if by hand, as many as one wants, for learning where there is no data and no network.
 * They have the form of MNIST: inputs are float32[1, 28, 28] in 0 … 1, ink is 1; targets are the digits as int64
 * scalars. Every epoch has new pictures to learn from, while those to be judged by stay the same. The example at index
 * i is the digit i mod 10. Nothing is read or kept; the same seed, epoch and index give the same picture on every
 * machine.
 */
@Part(name = "synthetic-digits",
        description = "Endless digits drawn as if by hand, 28×28 grey pixels, 10 classes; needs no network")
public record SyntheticDigits(
        @Setting(doc = "chooses the pictures", defaultValue = "0") long seed,
        @Setting(doc = "pictures to learn from in one epoch", defaultValue = "60000", min = 1) int trainSize,
        @Setting(doc = "pictures to be judged by", defaultValue = "10000", min = 1) int testSize) implements Dataset {
    private static final TensorType IMAGE = new TensorType(DType.FLOAT32,
            Shape.of(1, Handwriting.SIZE, Handwriting.SIZE));
    private static final List<String> CLASS_NAMES = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException
     *             if a size is not positive
     */
    public SyntheticDigits {
        if (trainSize < 1 || testSize < 1) {
            throw new IllegalArgumentException(
                    "trainSize %d and testSize %d must be at least 1".formatted(trainSize, testSize));
        }
    }

    @Override
    public Optional<TensorType> inputType() {
        return Optional.of(IMAGE);
    }

    @Override
    public Splits load(DataEnvironment environment) {
        long key = Handwriting.mix(seed);
        return new Splits(new Drawn(Handwriting.mix(key + 1), trainSize, true),
                new Drawn(Handwriting.mix(key + 2), testSize, false));
    }

    /** One split. */
    private record Drawn(long key, int size, boolean newEveryEpoch) implements Examples {
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
            return CLASS_NAMES;
        }

        @Override
        public Batch batch(int epoch, int... indices) {
            long epochKey = Handwriting.mix(key + (newEveryEpoch ? epoch : 0));
            int area = Handwriting.SIZE * Handwriting.SIZE;
            var hand = new Handwriting();
            float[] inputs = new float[Math.multiplyExact(indices.length, area)];
            long[] targets = new long[indices.length];
            for (int i = 0; i < indices.length; i++) {
                int index = Objects.checkIndex(indices[i], size);
                int digit = index % CLASS_NAMES.size();
                hand.draw(digit, Handwriting.mix(epochKey + index), inputs, i * area);
                targets[i] = digit;
            }
            return new Batch(NdArray.of(Shape.of(indices.length, 1, Handwriting.SIZE, Handwriting.SIZE), inputs),
                    NdArray.of(Shape.of(indices.length), targets));
        }
    }
}
