package dev.cambium.tck;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/** Arrays of pseudo-random numbers. */
final class Values {
    private static final double[] SPECIAL = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.0, -0.0,
            1, -1, Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_NORMAL, 0.5, 1.5, 2.5, -0.5, -1.5, 100,
            -100};

    private Values() {}

    /** Normal numbers, integers of all magnitudes, or fair coins. */
    static NdArray random(TensorType type, long seed) {
        var random = new Random(seed);
        return array(type, () -> switch (type.dtype()) {
            case BOOL -> random.nextInt(2);
            case UINT8 -> random.nextInt(256);
            case INT32 -> random.nextInt() >> random.nextInt(32);
            case INT64 -> random.nextLong() >> random.nextInt(11, 64);
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> random.nextGaussian() * 2;
        });
    }

    /** Whole numbers from −limit to limit (from 0 for unsigned ones), of which sums and products are exact in any type. */
    static NdArray whole(TensorType type, int limit, long seed) {
        var random = new Random(seed);
        return array(type, () -> switch (type.dtype()) {
            case BOOL -> random.nextInt(2);
            case UINT8 -> random.nextInt(limit + 1);
            case INT32, INT64, FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> random.nextInt(-limit, limit + 1);
        });
    }

    /** Numbers among which are NaN, infinities and zeros of both signs; no denormals, which a backend may take for zero. */
    static NdArray special(TensorType type, long seed) {
        var random = new Random(seed);
        return array(type, () -> random.nextInt(3) == 0 ? random.nextGaussian()
                : SPECIAL[random.nextInt(SPECIAL.length)]);
    }

    /** Small numbers with a NaN, an infinity or a zero here and there, of which sums stay in range. */
    static NdArray partlyFinite(TensorType type, long seed) {
        var random = new Random(seed);
        return array(type, () -> random.nextInt(8) == 0 ? SPECIAL[random.nextInt(5)] : random.nextGaussian());
    }

    /** A random array for each input of a tensor. */
    static Map<String, NdArray> forInputsOf(Tensor... tensors) {
        Map<String, NdArray> values = new HashMap<>();
        for (Tensor tensor : tensors) {
            Graph.of("value", tensor).inputs()
                    .forEach((name, type) -> values.put(name,
                            random(type, name.hashCode() + type.toString().hashCode())));
        }
        return values;
    }

    private interface Source {
        double next();
    }

    private static NdArray array(TensorType type, Source source) {
        int size = Math.toIntExact(type.shape().size());
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = source.next();
        }
        return of(type, values);
    }

    /** An array of the given numbers, cast to its type. */
    static NdArray of(TensorType type, double... values) {
        int size = values.length;
        byte[] bytes = new byte[size];
        short[] shorts = new short[size];
        int[] ints = new int[size];
        long[] longs = new long[size];
        float[] floats = new float[size];
        for (int i = 0; i < size; i++) {
            longs[i] = (long) values[i];
            ints[i] = (int) longs[i];
            bytes[i] = (byte) (type.dtype() == DType.BOOL ? Math.min(1, Math.abs(ints[i])) : ints[i]);
            floats[i] = (float) values[i];
            shorts[i] = type.dtype() == DType.FLOAT16 ? Float.floatToFloat16(floats[i])
                    : (short) (Float.floatToRawIntBits(floats[i]) >>> 16);
        }
        return switch (type.dtype()) {
            case BOOL, UINT8 -> NdArray.of(type, MemorySegment.ofArray(bytes));
            case FLOAT16, BFLOAT16 -> NdArray.of(type, MemorySegment.ofArray(shorts));
            case INT32 -> NdArray.of(type.shape(), ints);
            case INT64 -> NdArray.of(type.shape(), longs);
            case FLOAT32 -> NdArray.of(type.shape(), floats);
            case FLOAT64 -> NdArray.of(type.shape(), values);
        };
    }
}
