package dev.cambium.peers;

import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import dev.cambium.data.Examples;
import dev.cambium.data.Splits;
import dev.cambium.datasets.Mnist;

/** MNIST, the same for all: pixels in 0 … 1, and every contender gets the same batches in the same order. */
public final class Digits {
    /** Images a training step, where nothing else is said. */
    public static final int BATCH = 50;
    /** Rows, and columns, of an image. */
    public static final int SIDE = 28;
    /** Pixels of an image. */
    public static final int PIXELS = SIDE * SIDE;
    /** Different digits. */
    public static final int CLASSES = 10;

    /**
     * Some images with what they show.
     *
     * @param images
     *            [labels.length, 1, 28, 28], row-major
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Batch(float[] images, long[] labels) {}

    /** One batch after the other, without an end: each epoch in an order of its own. */
    @FunctionalInterface
    public interface Batches {
        /** The next batch, made when it is asked for; the caller may keep its arrays. */
        Batch next();
    }

    private final Splits splits;

    private Digits(Splits splits) {
        this.splits = splits;
    }

    /** Finds the data as {@code cambium train} does. */
    static Digits load() {
        return new Digits(new Mnist().load());
    }

    int stepsPerEpoch(int batch) {
        return splits.train().size() / batch;
    }

    /**
     * All batches from the first epoch's first one on.
     *
     * @param size
     *            how many images each has
     * @param seed
     *            of the order
     */
    Batches batches(int size, long seed) {
        return new Batches() {
            private final long first = new SplittableRandom(seed).nextLong();
            private int step;
            private int[] order = {};

            @Override
            public Batch next() {
                int inEpoch = step % stepsPerEpoch(size);
                if (inEpoch == 0) {
                    order = shuffled(splits.train().size(), new Random(first + step / stepsPerEpoch(size)));
                }
                step++;
                return batch(splits.train(), IntStream.range(inEpoch * size, (inEpoch + 1) * size)
                        .map(i -> order[i]).toArray());
            }
        };
    }

    int tests() {
        return splits.test().size();
    }

    /** Some test images in their own order. */
    Batch tests(int from, int count) {
        return batch(splits.test(), IntStream.range(from, from + count).toArray());
    }

    private static Batch batch(Examples examples, int... indices) {
        var batch = examples.batch(0, indices);
        return new Batch(batch.inputs().toFloatArray(), batch.targets().toLongArray());
    }

    private static int[] shuffled(int size, Random random) {
        int[] order = IntStream.range(0, size).toArray();
        for (int i = size - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }
}
