package dev.cambium.tensor;

import static dev.cambium.Stability.Level.STABLE;

import java.util.Arrays;
import java.util.stream.Collectors;

import dev.cambium.Stability;

/** The static shape of a tensor: its dimensions, outermost first. A scalar has rank 0. Immutable. */
@Stability(value = STABLE, since = "0.1")
public final class Shape {
    private static final Shape SCALAR = new Shape(new int[0]);

    private final int[] dims;

    private Shape(int[] dims) {
        this.dims = dims;
    }

    /**
     * A shape of the given dimensions.
     *
     * @throws IllegalArgumentException
     *             if a dimension is negative
     * @throws ShapeException
     *             if there are more elements than a {@code long} counts
     */
    public static Shape of(int... dims) {
        if (dims.length == 0) {
            return SCALAR;
        }
        long size = 1;
        for (int dim : dims) {
            if (dim < 0) {
                throw new IllegalArgumentException("a dimension is negative: " + Arrays.toString(dims));
            }
            if (Math.multiplyHigh(size, dim) != 0 || size * dim < 0) {
                throw new ShapeException("too many elements: " + Arrays.toString(dims));
            }
            size *= dim;
        }
        return new Shape(dims.clone());
    }

    /** The shape of a scalar: no dimensions, one element. */
    public static Shape scalar() {
        return SCALAR;
    }

    /** The number of dimensions. */
    public int rank() {
        return dims.length;
    }

    /**
     * The extent of one dimension.
     *
     * @param axis
     *            0 for the outermost; negative values count from the innermost, −1
     * @throws IllegalArgumentException if there is no such axis
     */
    public int dim(int axis) {
        return dims[axis(axis)];
    }

    /** Whether there is an axis of this number; negative ones count from the innermost, −1. */
    public boolean hasAxis(int axis) {
        return axis >= -dims.length && axis < dims.length;
    }

    /**
     * The non-negative form of an axis.
     *
     * @throws IllegalArgumentException if there is no such axis
     */
    public int axis(int axis) {
        if (!hasAxis(axis)) {
            throw new IllegalArgumentException("the shape " + this + " has no axis " + axis);
        }
        return axis < 0 ? axis + dims.length : axis;
    }

    /** The number of elements; 1 for a scalar. */
    public long size() {
        long size = 1;
        for (int dim : dims) {
            size *= dim;
        }
        return size;
    }

    /** A copy of the dimensions, outermost first. */
    public int[] dims() {
        return dims.clone();
    }

    /** The distance in elements between neighbours along each axis of a dense row-major array of this shape. */
    public int[] strides() {
        int[] strides = new int[dims.length];
        int stride = 1;
        for (int i = dims.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= dims[i];
        }
        return strides;
    }

    /** This shape with one dimension replaced; a negative axis counts from the innermost. */
    public Shape withDim(int axis, int dim) {
        int[] changed = dims.clone();
        changed[axis(axis)] = dim;
        return of(changed);
    }

    /** This shape with a new outermost dimension. */
    public Shape prepend(int dim) {
        int[] longer = new int[dims.length + 1];
        longer[0] = dim;
        System.arraycopy(dims, 0, longer, 1, dims.length);
        return of(longer);
    }

    /**
     * This shape without its outermost dimension; of a batch, the shape of one example.
     *
     * @throws IllegalArgumentException
     *             if this is the shape of a scalar
     */
    public Shape dropFirst() {
        axis(0);
        return of(Arrays.copyOfRange(dims, 1, dims.length));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape that && Arrays.equals(dims, that.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** The shape as people write it, such as {@code [50, 1, 28, 28]}. */
    @Override
    public String toString() {
        return Arrays.stream(dims).mapToObj(Integer::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
