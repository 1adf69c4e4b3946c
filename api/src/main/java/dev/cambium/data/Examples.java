package dev.cambium.data;

import static dev.cambium.Stability.Level.STABLE;

import java.util.List;

import dev.cambium.Stability;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.TensorType;

/** Indexed examples, each an input with its target. Implementations are immutable and safe for use by several threads. */
@Stability(value = STABLE, since = "0.1")
public interface Examples {
    /** The number of examples in one epoch, more than zero. */
    int size();

    /** The type of one input, without the batch dimension; images are float32[channels, height, width] in 0 … 1. */
    TensorType inputType();

    /** The type of one target, without the batch dimension; a class label is int64[] (a scalar). */
    TensorType targetType();

    /** The names of the classes by label, or an empty list when the targets are not class labels. */
    List<String> classNames();

    /**
     * Stacks some examples. The same epoch and indices give the same batch.
     *
     * @param epoch
     *            0 for the first; data that is made or varied at random may differ between epochs, other data does not
     * @param indices
     *            which examples, each from 0 to {@link #size()} − 1, in the order wanted
     */
    Batch batch(int epoch, int... indices);

    /**
     * Examples in memory, PyTorch's {@code TensorDataset}.
     *
     * @param inputs
     *            [n, …input shape], n more than zero
     * @param targets
     *            [n, …target shape]
     * @param classNames
     *            the names of the classes by label, or an empty list when the targets are not class labels
     * @throws IllegalArgumentException
     *             if there are not as many inputs as targets
     */
    static Examples of(NdArray inputs, NdArray targets, List<String> classNames) {
        return new InMemory(new Batch(inputs, targets), List.copyOf(classNames));
    }

    /** These examples with another content, of the same types: what a {@link Transform} usually wants. */
    default Examples map(BatchFunction change) {
        Examples original = this;
        return new Examples() {
            @Override
            public int size() {
                return original.size();
            }

            @Override
            public TensorType inputType() {
                return original.inputType();
            }

            @Override
            public TensorType targetType() {
                return original.targetType();
            }

            @Override
            public List<String> classNames() {
                return original.classNames();
            }

            @Override
            public Batch batch(int epoch, int... indices) {
                return change.apply(original.batch(epoch, indices), epoch, indices);
            }
        };
    }

    /** A change of the content of a batch, not of its types. */
    @FunctionalInterface
    interface BatchFunction {
        /** The changed batch; the same epoch and indices give the same one. */
        Batch apply(Batch batch, int epoch, int... indices);
    }
}
