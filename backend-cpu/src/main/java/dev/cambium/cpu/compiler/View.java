package dev.cambium.cpu.compiler;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import dev.cambium.tensor.Shape;

/**
 * How a tensor's elements lie in a storage: element (i₀, i₁, …) stands at {@code offset + Σ iₖ · strides[k]}. Transposes, slices,
 * broadcasts and most reshapes are views that cost nothing.
 */
final class View {
    private final Storage storage;
    private final Shape shape;
    private final int offset;
    private final int[] strides;

    View(Storage storage, Shape shape, int offset, int[] strides) {
        this.storage = storage;
        this.shape = shape;
        this.offset = offset;
        this.strides = strides;
    }

    /** A view of a whole storage in row-major order. */
    static View rowMajor(Storage storage, Shape shape) {
        return new View(storage, shape, 0, shape.strides());
    }

    /** A view of a whole storage in which the axes lie in the given order, outermost first. */
    static View dense(Storage storage, Shape shape, int[] order) {
        return new View(storage, shape, 0, denseStrides(shape, order));
    }

    static int[] denseStrides(Shape shape, int[] order) {
        int[] strides = new int[order.length];
        int stride = 1;
        for (int k = order.length - 1; k >= 0; k--) {
            strides[order[k]] = stride;
            stride *= shape.dim(order[k]);
        }
        return strides;
    }

    Storage storage() {
        return storage;
    }

    Shape shape() {
        return shape;
    }

    int offset() {
        return offset;
    }

    /** The distance between neighbours along each axis; not to be changed. */
    int[] strides() {
        return strides;
    }

    int rank() {
        return strides.length;
    }

    int size() {
        return Math.toIntExact(shape.size());
    }

    /** The bytes of its elements, those that stand for several by a stride of 0 once. */
    long bytes() {
        long elements = 1;
        for (int axis = 0; axis < strides.length; axis++) {
            elements *= strides[axis] == 0 ? Math.min(1, shape.dim(axis)) : shape.dim(axis);
        }
        return elements * storage.dtype().bytes();
    }

    /** Whether the elements lie without gaps in the given order of axes; axes of extent 1 may have any stride. */
    boolean isDense(int[] order) {
        return liesAs(dense(storage, shape, order));
    }

    boolean isRowMajor() {
        return isDense(Orders.rowMajor(rank()));
    }

    /** Whether each element lies as far from the first as the same element of another view of the same shape. */
    boolean liesAs(View other) {
        for (int axis = 0; axis < strides.length; axis++) {
            if (shape.dim(axis) != 1 && strides[axis] != other.strides[axis]) {
                return shape.size() == 0;
            }
        }
        return true;
    }

    /** Whether all elements are one and the same. */
    boolean isSplat() {
        for (int axis = 0; axis < strides.length; axis++) {
            if (shape.dim(axis) != 1 && strides[axis] != 0) {
                return false;
            }
        }
        return true;
    }

    /** The order of axes in which the elements lie without gaps, if there is one; a batch of 1 comes first, channels of 1 last. */
    Optional<int[]> denseOrder() {
        int[] order = IntStream.range(0, rank()).boxed()
                .sorted(Comparator.comparingLong(
                        axis -> shape.dim(axis) != 1 ? -(long) strides[axis] : axis == 0 ? Long.MIN_VALUE : 1))
                .mapToInt(i -> i).toArray();
        return isDense(order) ? Optional.of(order) : Optional.empty();
    }

    /** Whether sample i of the first axis lies wholly in the i-th run of {@code sampleSize} elements. */
    boolean isSampleWise(int sampleSize) {
        if (rank() == 0 || (shape.dim(0) != 1 && strides[0] != sampleSize)) {
            return false;
        }
        int low = offset;
        int high = offset;
        for (int axis = 1; axis < rank(); axis++) {
            int reach = (shape.dim(axis) - 1) * strides[axis];
            low += Math.min(reach, 0);
            high += Math.max(reach, 0);
        }
        return low >= 0 && high < sampleSize;
    }

    View transpose(List<Integer> permutation, Shape result) {
        int[] moved = new int[rank()];
        for (int axis = 0; axis < moved.length; axis++) {
            moved[axis] = strides[permutation.get(axis)];
        }
        return new View(storage, result, offset, moved);
    }

    /** The same elements with the axes in another order. */
    View permuted(int[] order) {
        return transpose(Arrays.stream(order).boxed().toList(),
                Shape.of(Arrays.stream(order).map(axis -> shape.dim(axis)).toArray()));
    }

    View broadcast(Shape result) {
        int[] wide = new int[result.rank()];
        int outer = result.rank() - rank();
        for (int axis = 0; axis < rank(); axis++) {
            wide[axis + outer] = shape.dim(axis) == 1 ? 0 : strides[axis];
        }
        return new View(storage, result, offset, wide);
    }

    View slice(List<Integer> starts, List<Integer> steps, Shape result) {
        int start = offset;
        int[] stepped = new int[rank()];
        for (int axis = 0; axis < stepped.length; axis++) {
            start += starts.get(axis) * strides[axis];
            stepped[axis] = steps.get(axis) * strides[axis];
        }
        return new View(storage, result, start, stepped);
    }

    View reverse(List<Integer> axes) {
        int start = offset;
        int[] reversed = strides.clone();
        for (int axis : axes) {
            start += Math.max(shape.dim(axis) - 1, 0) * strides[axis];
            reversed[axis] = -strides[axis];
        }
        return new View(storage, shape, start, reversed);
    }

    /** The same elements in row-major order under another shape, if no copy is needed for it. */
    Optional<View> reshape(Shape result) {
        if (shape.size() == 0 || isRowMajor()) {
            return Optional.of(new View(storage, result, offset, result.strides()));
        }
        // NumPy's rule: each run of old axes that is split or joined must be evenly strided in itself.
        int[] oldDims = new int[rank()];
        int[] oldStrides = new int[rank()];
        int olds = 0;
        for (int axis = 0; axis < rank(); axis++) {
            if (shape.dim(axis) != 1) {
                oldDims[olds] = shape.dim(axis);
                oldStrides[olds++] = strides[axis];
            }
        }
        int[] dims = result.dims();
        int[] newStrides = new int[dims.length];
        int from = 0;
        int to = 0;
        while (from < olds && to < dims.length) {
            long oldSize = oldDims[from];
            long newSize = dims[to];
            int oldEnd = from + 1;
            int newEnd = to + 1;
            while (oldSize != newSize) {
                if (oldSize < newSize) {
                    oldSize *= oldDims[oldEnd++];
                } else {
                    newSize *= dims[newEnd++];
                }
            }
            for (int k = from; k < oldEnd - 1; k++) {
                if (oldStrides[k] != oldStrides[k + 1] * oldDims[k + 1]) {
                    return Optional.empty();
                }
            }
            int stride = oldStrides[oldEnd - 1];
            for (int k = newEnd - 1; k >= to; k--) {
                newStrides[k] = stride;
                stride *= dims[k];
            }
            from = oldEnd;
            to = newEnd;
        }
        return Optional.of(new View(storage, result, offset, newStrides));
    }

    /** Such as {@code %12 float[50, 32]+0 by [32, 1]}. */
    @Override
    public String toString() {
        return storage + " " + shape
                + (isRowMajor() && offset == 0 ? "" : " by " + Arrays.toString(strides) + " from " + offset);
    }
}
