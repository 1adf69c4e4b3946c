package dev.cambium.tensor;

import static dev.cambium.Stability.Level.STABLE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

import dev.cambium.CambiumException;
import dev.cambium.Stability;

/**
 * Values in host memory: a dense row-major array with an element type and a shape. It carries what goes into a backend
 * (batches, constants, loaded weights) and what comes out (losses, predictions, saved weights).
 *
 * <p>
 * Immutable: factories that take an array keep it without a copy, so the caller hands it over and must not write to it
 * again; everything that is read is a copy or read-only.
 */
@Stability(value = STABLE, since = "0.1")
public final class NdArray {
    private final TensorType type;
    private final MemorySegment segment;

    private NdArray(TensorType type, MemorySegment segment) {
        long expected = Math.multiplyExact(type.shape().size(), type.dtype().bytes());
        if (segment.byteSize() != expected) {
            throw new IllegalArgumentException(
                    "%s takes %d bytes, but %d are given".formatted(type, expected, segment.byteSize()));
        }
        this.type = type;
        this.segment = segment.asReadOnly();
    }

    /** A {@link DType#FLOAT32} array over the given values, which are not copied. */
    public static NdArray of(Shape shape, float... values) {
        return new NdArray(new TensorType(DType.FLOAT32, shape), MemorySegment.ofArray(values));
    }

    /** A {@link DType#FLOAT64} array over the given values, which are not copied. */
    public static NdArray of(Shape shape, double... values) {
        return new NdArray(new TensorType(DType.FLOAT64, shape), MemorySegment.ofArray(values));
    }

    /** An {@link DType#INT32} array over the given values, which are not copied. */
    public static NdArray of(Shape shape, int... values) {
        return new NdArray(new TensorType(DType.INT32, shape), MemorySegment.ofArray(values));
    }

    /** An {@link DType#INT64} array over the given values, which are not copied. */
    public static NdArray of(Shape shape, long... values) {
        return new NdArray(new TensorType(DType.INT64, shape), MemorySegment.ofArray(values));
    }

    /** A {@link DType#BOOL} array of the given values. */
    public static NdArray of(Shape shape, boolean... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) (values[i] ? 1 : 0);
        }
        return new NdArray(new TensorType(DType.BOOL, shape), MemorySegment.ofArray(bytes));
    }

    /** A {@link DType#UINT8} array over the given bytes, which are not copied. */
    public static NdArray ofUnsignedBytes(Shape shape, byte... values) {
        return new NdArray(new TensorType(DType.UINT8, shape), MemorySegment.ofArray(values));
    }

    /** A {@link DType#FLOAT32} scalar. */
    public static NdArray scalar(float value) {
        return of(Shape.scalar(), value);
    }

    /** An {@link DType#INT64} scalar. */
    public static NdArray scalar(long value) {
        return of(Shape.scalar(), value);
    }

    /**
     * An array of any type over memory in the machine's byte order, which is not copied.
     *
     * @throws IllegalArgumentException if the number of bytes does not fit the type
     */
    public static NdArray of(TensorType type, MemorySegment memory) {
        return new NdArray(type, memory);
    }

    /**
     * Zeros (false for {@link DType#BOOL}) of the given type.
     *
     * @throws CambiumException
     *             if there are more elements than a Java array holds
     */
    public static NdArray zeros(TensorType type) {
        if (type.shape().size() > Integer.MAX_VALUE) {
            throw new CambiumException("%s has %d elements, more than the %d that fit into an array".formatted(type,
                    type.shape().size(), Integer.MAX_VALUE));
        }
        int count = (int) type.shape().size();
        return new NdArray(type, switch (type.dtype()) {
            case BOOL, UINT8 -> MemorySegment.ofArray(new byte[count]);
            case FLOAT16, BFLOAT16 -> MemorySegment.ofArray(new short[count]);
            case INT32 -> MemorySegment.ofArray(new int[count]);
            case INT64 -> MemorySegment.ofArray(new long[count]);
            case FLOAT32 -> MemorySegment.ofArray(new float[count]);
            case FLOAT64 -> MemorySegment.ofArray(new double[count]);
        });
    }

    /** The element type and shape. */
    public TensorType type() {
        return type;
    }

    /** The element type. */
    public DType dtype() {
        return type.dtype();
    }

    /** The shape. */
    public Shape shape() {
        return type.shape();
    }

    /** The number of elements. */
    public long size() {
        return type.shape().size();
    }

    /** The elements as read-only memory, row-major, in the machine's byte order. */
    public MemorySegment segment() {
        return segment;
    }

    /** The same elements under another shape of as many elements. */
    public NdArray reshape(int... dims) {
        return new NdArray(new TensorType(dtype(), Shape.of(dims)), segment);
    }

    /** One element as a double, by its row-major index; true is 1. */
    public double getDouble(long index) {
        return switch (dtype()) {
            case BOOL, UINT8, INT32, INT64 -> getLong(index);
            case FLOAT16 -> Float.float16ToFloat(segment.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, index));
            case BFLOAT16 -> Float.intBitsToFloat(segment.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, index) << 16);
            case FLOAT32 -> segment.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index);
            case FLOAT64 -> segment.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, index);
        };
    }

    /** One element as a long, by its row-major index; fractions are cut off, true is 1. */
    public long getLong(long index) {
        return switch (dtype()) {
            case BOOL, UINT8 -> Byte.toUnsignedInt(segment.get(ValueLayout.JAVA_BYTE, index));
            case INT32 -> segment.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, index);
            case INT64 -> segment.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, index);
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> (long) getDouble(index);
        };
    }

    /**
     * The only element.
     *
     * @throws IllegalStateException if there is not exactly one
     */
    public double item() {
        if (size() != 1) {
            throw new IllegalStateException(type + " has " + size() + " elements, not one");
        }
        return getDouble(0);
    }

    /** All elements converted to float, row-major. */
    public float[] toFloatArray() {
        if (dtype() == DType.FLOAT32) {
            return segment.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        }
        float[] values = new float[Math.toIntExact(size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) getDouble(i);
        }
        return values;
    }

    /** All elements converted to double, row-major. */
    public double[] toDoubleArray() {
        double[] values = new double[Math.toIntExact(size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = getDouble(i);
        }
        return values;
    }

    /** All elements converted to long, row-major; fractions are cut off. */
    public long[] toLongArray() {
        long[] values = new long[Math.toIntExact(size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = getLong(i);
        }
        return values;
    }

    /** Equal types and equal bits: a NaN equals itself, 0 and −0 differ. */
    @Override
    public boolean equals(Object other) {
        return other instanceof NdArray that && type.equals(that.type) && segment.mismatch(that.segment) == -1;
    }

    @Override
    public int hashCode() {
        int hash = type.hashCode();
        for (long i = 0; i < Math.min(size(), 16); i++) {
            hash = 31 * hash + Double.hashCode(getDouble(i));
        }
        return hash;
    }

    /** The type and the elements, nested by dimension; more than a thousand elements are cut short as in NumPy. */
    @Override
    public String toString() {
        var text = new StringBuilder(type.toString()).append(' ');
        append(text, 0, 0, size() > 1000);
        return text.toString();
    }

    private void append(StringBuilder text, int axis, long offset, boolean summary) {
        if (axis == shape().rank()) {
            text.append(switch (dtype()) {
                case BOOL -> getLong(offset) != 0 ? "true" : "false";
                case UINT8, INT32, INT64 -> Long.toString(getLong(offset));
                case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> String.format(Locale.ROOT, "%.6g", getDouble(offset));
            });
            return;
        }
        int dim = shape().dim(axis);
        int stride = shape().strides()[axis];
        text.append('[');
        for (int i = 0; i < dim; i++) {
            if (i > 0) {
                text.append(", ");
            }
            if (summary && dim > 6 && i == 3) {
                text.append("…");
                i = dim - 4;
                continue;
            }
            append(text, axis + 1, offset + (long) i * stride, summary);
        }
        text.append(']');
    }
}
