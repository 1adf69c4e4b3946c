package dev.cambium.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_AllocateTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_BFLOAT16;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_BOOL;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DOUBLE;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_FLOAT;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_HALF;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_INT32;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_INT64;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TensorByteSize;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TensorData;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_UINT8;

import java.lang.foreign.MemorySegment;

import org.tensorflow.internal.c_api.TF_Tensor;

import dev.cambium.CambiumException;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;

/** Element types in TensorFlow's numbering, and values on their way into its memory and out of it: one copy each. */
final class Elements {
    private Elements() {}

    /** TensorFlow's number of an element type. */
    static int code(DType dtype) {
        return switch (dtype) {
            case BOOL -> TF_BOOL;
            case UINT8 -> TF_UINT8;
            case INT32 -> TF_INT32;
            case INT64 -> TF_INT64;
            case FLOAT16 -> TF_HALF;
            case BFLOAT16 -> TF_BFLOAT16;
            case FLOAT32 -> TF_FLOAT;
            case FLOAT64 -> TF_DOUBLE;
        };
    }

    static long[] dims(Shape shape) {
        long[] dims = new long[shape.rank()];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = shape.dim(i);
        }
        return dims;
    }

    /** A tensor of TensorFlow with the given values; the caller deletes it. */
    static TF_Tensor copyIn(NdArray values) {
        long bytes = values.segment().byteSize();
        TF_Tensor tensor = TF_AllocateTensor(code(values.dtype()), dims(values.shape()), values.shape().rank(), bytes);
        if (tensor == null) {
            throw new CambiumException(
                    "no room for a value of type %s (%d bytes) in the machine's memory".formatted(values.type(),
                            bytes));
        }
        if (bytes > 0) {
            memory(tensor).copyFrom(values.segment());
        }
        return tensor;
    }

    /** The values of a tensor of TensorFlow. */
    static NdArray copyOut(TF_Tensor tensor, TensorType type) {
        int count = Math.toIntExact(type.shape().size());
        MemorySegment copy = switch (type.dtype()) {
            case BOOL, UINT8 -> MemorySegment.ofArray(new byte[count]);
            case FLOAT16, BFLOAT16 -> MemorySegment.ofArray(new short[count]);
            case INT32 -> MemorySegment.ofArray(new int[count]);
            case INT64 -> MemorySegment.ofArray(new long[count]);
            case FLOAT32 -> MemorySegment.ofArray(new float[count]);
            case FLOAT64 -> MemorySegment.ofArray(new double[count]);
        };
        if (count > 0) {
            copy.copyFrom(memory(tensor));
        }
        return NdArray.of(type, copy);
    }

    @SuppressWarnings("restricted") // the C interface gives an address and, apart from it, the number of bytes behind it
    private static MemorySegment memory(TF_Tensor tensor) {
        return MemorySegment.ofAddress(TF_TensorData(tensor).address()).reinterpret(TF_TensorByteSize(tensor));
    }
}
