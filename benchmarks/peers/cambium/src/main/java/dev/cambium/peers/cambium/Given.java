package dev.cambium.peers.cambium;

import java.util.List;

import dev.cambium.data.Batch;
import dev.cambium.data.Examples;
import dev.cambium.peers.Digits;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;

/**
 * The batches that all contenders get, as examples for the training loop, which asks for one batch after the other in an order of its
 * own making: the indices count for nothing here.
 */
final class Given implements Examples {
    static final TensorType IMAGE = new TensorType(DType.FLOAT32, Shape.of(1, Digits.SIDE, Digits.SIDE));

    private final Digits.Batches batches;
    private int left;

    /**
     * Takes so many batches and no more, however many the loop wants in advance.
     *
     * @param left
     *            how many
     */
    Given(Digits.Batches batches, int left) {
        this.batches = batches;
        this.left = left;
    }

    @Override
    public int size() {
        return 60_000;
    }

    @Override
    public Batch batch(int epoch, int... indices) {
        if (left == 0) {
            return unused(indices.length);
        }
        left--;
        Digits.Batch batch = batches.next();
        return new Batch(NdArray.of(IMAGE.shape().prepend(batch.labels().length), batch.images()),
                NdArray.of(Shape.of(batch.labels().length), batch.labels()));
    }

    /** A single black image: the loop evaluates whenever it stops. */
    static Examples one() {
        Batch image = unused(1);
        return Examples.of(image.inputs(), image.targets(), List.of());
    }

    private static Batch unused(int count) {
        return new Batch(NdArray.zeros(new TensorType(DType.FLOAT32, IMAGE.shape().prepend(count))),
                NdArray.zeros(new TensorType(DType.INT64, Shape.of(count))));
    }

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
        return List.of();
    }
}
