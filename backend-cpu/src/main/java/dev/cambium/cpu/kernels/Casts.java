package dev.cambium.cpu.kernels;

import dev.cambium.tensor.DType;

/** Conversions between element types. */
public final class Casts {
    private Casts() {}

    /**
     * Converts n elements: {@code out[outOff + i] = (to) x[xOff + i]}. As Java's casts: floating-point to integer cuts towards
     * zero, saturates and takes NaN to 0, except that UINT8 takes the low 8 bits of the INT32 (of a FLOAT64 or FLOAT32 the low 8
     * bits of its cast to INT32); wide integers to narrow ones keep the low bits; to floating-point rounds to the nearest, of two
     * the even one. BOOL counts as 0 and 1, and to BOOL is whether the element differs from zero (NaN does). FLOAT16 and BFLOAT16
     * convert by way of FLOAT32. The arrays must not be the same, unless the types are.
     */
    public static void cast(DType from, DType to, Object x, int xOff, Object out, int outOff, int n) {
        if (from == to) {
            System.arraycopy(x, xOff, out, outOff, n);
            return;
        }
        switch (from) {
            case BOOL, UINT8 -> fromBytes((byte[]) x, xOff, to, out, outOff, n);
            case INT32 -> fromInts((int[]) x, xOff, to, out, outOff, n);
            case INT64 -> fromLongs((long[]) x, xOff, to, out, outOff, n);
            case FLOAT16 -> fromHalves((short[]) x, xOff, to, out, outOff, n);
            case BFLOAT16 -> fromBfloats((short[]) x, xOff, to, out, outOff, n);
            case FLOAT32 -> fromFloats((float[]) x, xOff, to, out, outOff, n);
            case FLOAT64 -> fromDoubles((double[]) x, xOff, to, out, outOff, n);
        }
    }

    /** The float as a BFLOAT16: rounded to the nearest, of two the even one; NaN stays NaN. */
    static short floatToBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }

    /** The value of a BFLOAT16. */
    static float bfloat16ToFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    private static void fromBytes(byte[] x, int xOff, DType to, Object result, int outOff, int n) {
        switch (to) {
            case BOOL -> {
                var out = (byte[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (byte) ((x[xOff + i] & 0xFF) != 0 ? 1 : 0);
                }
            }
            case UINT8 -> {
                var out = (byte[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (byte) (x[xOff + i] & 0xFF);
                }
            }
            case INT32 -> {
                var out = (int[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (x[xOff + i] & 0xFF);
                }
            }
            case INT64 -> {
                var out = (long[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (x[xOff + i] & 0xFF);
                }
            }
            case FLOAT16 -> {
                var out = (short[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = Float.floatToFloat16((float) (x[xOff + i] & 0xFF));
                }
            }
            case BFLOAT16 -> {
                var out = (short[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = floatToBfloat16((float) (x[xOff + i] & 0xFF));
                }
            }
            case FLOAT32 -> {
                var out = (float[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (x[xOff + i] & 0xFF);
                }
            }
            case FLOAT64 -> {
                var out = (double[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (x[xOff + i] & 0xFF);
                }
            }
        }
    }

    private static void fromInts(int[] x, int xOff, DType to, Object result, int outOff, int n) {
        switch (to) {
            case BOOL -> {
                var out = (byte[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (byte) (x[xOff + i] != 0 ? 1 : 0);
                }
            }
            case UINT8 -> {
                var out = (byte[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (byte) x[xOff + i];
                }
            }
            case INT64 -> {
                var out = (long[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = x[xOff + i];
                }
            }
            case FLOAT16 -> {
                var out = (short[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = Float.floatToFloat16((float) x[xOff + i]);
                }
            }
            case BFLOAT16 -> {
                var out = (short[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = floatToBfloat16((float) x[xOff + i]);
                }
            }
            case FLOAT32 -> {
                var out = (float[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (float) x[xOff + i];
                }
            }
            case FLOAT64 -> {
                var out = (double[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = x[xOff + i];
                }
            }
            case INT32 -> System.arraycopy(x, xOff, result, outOff, n);
        }
    }

    private static void fromLongs(long[] x, int xOff, DType to, Object result, int outOff, int n) {
        switch (to) {
            case BOOL -> {
                var out = (byte[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (byte) (x[xOff + i] != 0 ? 1 : 0);
                }
            }
            case UINT8 -> {
                var out = (byte[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (byte) x[xOff + i];
                }
            }
            case INT32 -> {
                var out = (int[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (int) x[xOff + i];
                }
            }
            case FLOAT16 -> {
                var out = (short[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = Float.floatToFloat16((float) x[xOff + i]);
                }
            }
            case BFLOAT16 -> {
                var out = (short[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = floatToBfloat16((float) x[xOff + i]);
                }
            }
            case FLOAT32 -> {
                var out = (float[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (float) x[xOff + i];
                }
            }
            case FLOAT64 -> {
                var out = (double[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (double) x[xOff + i];
                }
            }
            case INT64 -> System.arraycopy(x, xOff, result, outOff, n);
        }
    }

    private static void fromHalves(short[] x, int xOff, DType to, Object result, int outOff, int n) {
        switch (to) {
            case BOOL -> {
                var out = (byte[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (byte) (Float.float16ToFloat(x[xOff + i]) != 0 ? 1 : 0);
                }
            }
            case UINT8 -> {
                var out = (byte[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (byte) (int) Float.float16ToFloat(x[xOff + i]);
                }
            }
            case INT32 -> {
                var out = (int[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (int) Float.float16ToFloat(x[xOff + i]);
                }
            }
            case INT64 -> {
                var out = (long[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (long) Float.float16ToFloat(x[xOff + i]);
                }
            }
            case BFLOAT16 -> {
                var out = (short[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = floatToBfloat16(Float.float16ToFloat(x[xOff + i]));
                }
            }
            case FLOAT32 -> {
                var out = (float[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = Float.float16ToFloat(x[xOff + i]);
                }
            }
            case FLOAT64 -> {
                var out = (double[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = Float.float16ToFloat(x[xOff + i]);
                }
            }
            case FLOAT16 -> System.arraycopy(x, xOff, result, outOff, n);
        }
    }

    private static void fromBfloats(short[] x, int xOff, DType to, Object result, int outOff, int n) {
        switch (to) {
            case BOOL -> {
                var out = (byte[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (byte) (bfloat16ToFloat(x[xOff + i]) != 0 ? 1 : 0);
                }
            }
            case UINT8 -> {
                var out = (byte[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (byte) (int) bfloat16ToFloat(x[xOff + i]);
                }
            }
            case INT32 -> {
                var out = (int[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (int) bfloat16ToFloat(x[xOff + i]);
                }
            }
            case INT64 -> {
                var out = (long[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (long) bfloat16ToFloat(x[xOff + i]);
                }
            }
            case FLOAT16 -> {
                var out = (short[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = Float.floatToFloat16(bfloat16ToFloat(x[xOff + i]));
                }
            }
            case FLOAT32 -> {
                var out = (float[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = bfloat16ToFloat(x[xOff + i]);
                }
            }
            case FLOAT64 -> {
                var out = (double[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = bfloat16ToFloat(x[xOff + i]);
                }
            }
            case BFLOAT16 -> System.arraycopy(x, xOff, result, outOff, n);
        }
    }

    private static void fromFloats(float[] x, int xOff, DType to, Object result, int outOff, int n) {
        switch (to) {
            case BOOL -> {
                var out = (byte[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (byte) (x[xOff + i] != 0 ? 1 : 0);
                }
            }
            case UINT8 -> {
                var out = (byte[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (byte) (int) x[xOff + i];
                }
            }
            case INT32 -> {
                var out = (int[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (int) x[xOff + i];
                }
            }
            case INT64 -> {
                var out = (long[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (long) x[xOff + i];
                }
            }
            case FLOAT16 -> {
                var out = (short[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = Float.floatToFloat16(x[xOff + i]);
                }
            }
            case BFLOAT16 -> {
                var out = (short[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = floatToBfloat16(x[xOff + i]);
                }
            }
            case FLOAT64 -> {
                var out = (double[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = x[xOff + i];
                }
            }
            case FLOAT32 -> System.arraycopy(x, xOff, result, outOff, n);
        }
    }

    private static void fromDoubles(double[] x, int xOff, DType to, Object result, int outOff, int n) {
        switch (to) {
            case BOOL -> {
                var out = (byte[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (byte) (x[xOff + i] != 0 ? 1 : 0);
                }
            }
            case UINT8 -> {
                var out = (byte[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (byte) (int) x[xOff + i];
                }
            }
            case INT32 -> {
                var out = (int[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (int) x[xOff + i];
                }
            }
            case INT64 -> {
                var out = (long[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (long) x[xOff + i];
                }
            }
            case FLOAT16 -> {
                var out = (short[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = Float.floatToFloat16((float) x[xOff + i]);
                }
            }
            case BFLOAT16 -> {
                var out = (short[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = floatToBfloat16((float) x[xOff + i]);
                }
            }
            case FLOAT32 -> {
                var out = (float[]) result;
                for (int i = 0; i < n; i++) {
                    out[outOff + i] = (float) x[xOff + i];
                }
            }
            case FLOAT64 -> System.arraycopy(x, xOff, result, outOff, n);
        }
    }
}
