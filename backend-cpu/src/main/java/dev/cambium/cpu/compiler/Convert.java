package dev.cambium.cpu.compiler;

import java.lang.foreign.MemorySegment;

import dev.cambium.CambiumException;
import dev.cambium.cpu.kernels.Elementwise;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.TensorType;

/** Between host arrays and the typed Java arrays that storages lie in. */
public final class Convert {
    /** Somewhat less than Java's arrays hold, so that a counter that steps over the end does not overflow. */
    private static final int MOST_ELEMENTS = Integer.MAX_VALUE - (1 << 16);

    private Convert() {}

    /**
     * The number of elements of a value.
     *
     * @throws CambiumException
     *             if they are more than a Java array holds
     */
    public static int size(TensorType type) {
        long size = type.shape().size();
        if (size > MOST_ELEMENTS) {
            throw new CambiumException(
                    "%s has %d elements; the CPU backend holds at most 2³¹ of one value; use a smaller batch"
                            .formatted(type, size));
        }
        return (int) size;
    }

    /** A new Java array for so many elements of a type. */
    public static Object array(DType dtype, int size) {
        return switch (dtype) {
            case BOOL, UINT8 -> new byte[size];
            case FLOAT16, BFLOAT16 -> new short[size];
            case INT32 -> new int[size];
            case INT64 -> new long[size];
            case FLOAT32 -> new float[size];
            case FLOAT64 -> new double[size];
        };
    }

    /** The class of the Java arrays that hold elements of a type. */
    static Class<?> arrayType(DType dtype) {
        return switch (dtype) {
            case BOOL, UINT8 -> byte[].class;
            case FLOAT16, BFLOAT16 -> short[].class;
            case INT32 -> int[].class;
            case INT64 -> long[].class;
            case FLOAT32 -> float[].class;
            case FLOAT64 -> double[].class;
        };
    }

    /** Writes a host array's elements to a Java array. */
    public static void copyIn(NdArray value, Object array, int offset) {
        MemorySegment.copy(value.segment(), 0, segment(array), (long) offset * value.dtype().bytes(),
                value.segment().byteSize());
    }

    /** A host array of elements of a Java array. */
    public static NdArray copyOut(TensorType type, Object array, int offset) {
        Object copy = array(type.dtype(), size(type));
        MemorySegment target = segment(copy);
        MemorySegment.copy(segment(array), (long) offset * type.dtype().bytes(), target, 0, target.byteSize());
        return NdArray.of(type, target);
    }

    /** A host array's elements converted to another type, as a cast does it. */
    static NdArray to(DType dtype, NdArray value) {
        int size = Math.toIntExact(value.size());
        Object source = array(value.dtype(), size);
        copyIn(value, source, 0);
        Object target = array(dtype, size);
        Elementwise.cast(value.dtype(), dtype, source, 0, target, 0, size);
        return NdArray.of(new TensorType(dtype, value.shape()), segment(target));
    }

    private static MemorySegment segment(Object array) {
        return switch (array) {
            case byte[] bytes -> MemorySegment.ofArray(bytes);
            case short[] shorts -> MemorySegment.ofArray(shorts);
            case int[] ints -> MemorySegment.ofArray(ints);
            case long[] longs -> MemorySegment.ofArray(longs);
            case float[] floats -> MemorySegment.ofArray(floats);
            case double[] doubles -> MemorySegment.ofArray(doubles);
            default -> throw new IllegalArgumentException("no array of elements: " + array.getClass());
        };
    }
}
