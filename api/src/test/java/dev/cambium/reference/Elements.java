package dev.cambium.reference;

import java.lang.foreign.MemorySegment;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;

/** The elements of a tensor, row-major: floating ones as doubles, all others as longs (bool as 0 and 1). Zeros at first. */
final class Elements {
    private final TensorType type;
    private final boolean exact;
    private final double[] reals;
    private final long[] integers;

    /**
     * Room for a tensor.
     *
     * @param exact
     *            whether floating elements keep double precision whatever their type
     */
    Elements(TensorType type, boolean exact) {
        int size = Math.toIntExact(type.shape().size());
        this.type = type;
        this.exact = exact;
        this.reals = new double[type.dtype().isFloating() ? size : 0];
        this.integers = new long[type.dtype().isFloating() ? 0 : size];
    }

    static Elements of(NdArray values, boolean exact) {
        var elements = new Elements(values.type(), exact);
        for (int i = 0; i < elements.size(); i++) {
            if (elements.isFloating()) {
                elements.reals[i] = values.getDouble(i);
            } else {
                elements.integers[i] = values.getLong(i);
            }
        }
        return elements;
    }

    TensorType type() {
        return type;
    }

    Shape shape() {
        return type.shape();
    }

    int dim(int axis) {
        return type.shape().dim(axis);
    }

    boolean isFloating() {
        return type.dtype().isFloating();
    }

    int size() {
        return Math.max(reals.length, integers.length);
    }

    /** An element as a number with a fraction, whatever the type. */
    double real(int offset) {
        return isFloating() ? reals[offset] : integers[offset];
    }

    /** An element of a type that is not floating. */
    long integer(int offset) {
        return integers[offset];
    }

    /** Sets an element of a floating type, rounded to it. */
    void set(int offset, double value) {
        reals[offset] = exact ? value : switch (type.dtype()) {
            case FLOAT64 -> value;
            case FLOAT32 -> (float) value;
            case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16((float) value));
            case BFLOAT16 -> Float.intBitsToFloat(bfloat16((float) value) << 16);
            case BOOL, UINT8, INT32, INT64 -> throw new IllegalStateException("a real number for " + type);
        };
    }

    /** Sets an element of any type: integers wrap, bool is whether it differs from zero, floating types round once. */
    void set(int offset, long value) {
        switch (type.dtype()) {
            case BOOL -> integers[offset] = value == 0 ? 0 : 1;
            case UINT8 -> integers[offset] = value & 0xFF;
            case INT32 -> integers[offset] = (int) value;
            case INT64 -> integers[offset] = value;
            case FLOAT64 -> set(offset, (double) value);
            case FLOAT16, BFLOAT16, FLOAT32 -> set(offset, exact ? (double) value : (float) value);
        }
    }

    /** Copies one element of a tensor of the same element type. */
    void copy(int offset, Elements from, int fromOffset) {
        if (isFloating()) {
            reals[offset] = from.reals[fromOffset];
        } else {
            integers[offset] = from.integers[fromOffset];
        }
    }

    /** The place of an element by its index along each axis. */
    int offset(int... index) {
        int offset = 0;
        for (int axis = 0; axis < index.length; axis++) {
            if (index[axis] < 0 || index[axis] >= dim(axis)) {
                throw new IllegalStateException("index %d of axis %d of %s".formatted(index[axis], axis, type));
            }
            offset = offset * dim(axis) + index[axis];
        }
        return offset;
    }

    /** The index along each axis of the element at a place. */
    int[] index(int offset) {
        int[] index = new int[shape().rank()];
        int rest = offset;
        for (int axis = index.length - 1; axis >= 0; axis--) {
            index[axis] = rest % dim(axis);
            rest /= dim(axis);
        }
        return index;
    }

    /** The elements as an array of their type. */
    NdArray toArray() {
        int size = size();
        byte[] bytes = new byte[size];
        short[] shorts = new short[size];
        int[] ints = new int[size];
        float[] floats = new float[size];
        for (int i = 0; i < size; i++) {
            if (isFloating()) {
                floats[i] = (float) reals[i];
                shorts[i] = type.dtype() == DType.FLOAT16 ? Float.floatToFloat16(floats[i]) : bfloat16(floats[i]);
            } else {
                bytes[i] = (byte) integers[i];
                ints[i] = (int) integers[i];
            }
        }
        return switch (type.dtype()) {
            case BOOL, UINT8 -> NdArray.of(type, MemorySegment.ofArray(bytes));
            case FLOAT16, BFLOAT16 -> NdArray.of(type, MemorySegment.ofArray(shorts));
            case INT32 -> NdArray.of(shape(), ints);
            case INT64 -> NdArray.of(shape(), integers.clone());
            case FLOAT32 -> NdArray.of(shape(), floats);
            case FLOAT64 -> NdArray.of(shape(), reals.clone());
        };
    }

    /** The elements as float64 if they are floating, and as {@link #toArray} gives them otherwise. */
    NdArray toExactArray() {
        return isFloating() ? NdArray.of(shape(), reals.clone()) : toArray();
    }

    /** The upper half of a float, rounded to the nearest, of two the even one. */
    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }
}
