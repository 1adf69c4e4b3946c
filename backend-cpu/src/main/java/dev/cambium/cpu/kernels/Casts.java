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

    private static void fromBytes(byte[] x, int xOff, DType to, Object out, int outOff, int n) {
        switch (to) {
            case BOOL -> byteToBool(x, xOff, (byte[]) out, outOff, n);
            case UINT8 -> System.arraycopy(x, xOff, out, outOff, n);
            case INT32 -> byteToInt(x, xOff, (int[]) out, outOff, n);
            case INT64 -> byteToLong(x, xOff, (long[]) out, outOff, n);
            case FLOAT16 -> byteToHalf(x, xOff, (short[]) out, outOff, n);
            case BFLOAT16 -> byteToBfloat(x, xOff, (short[]) out, outOff, n);
            case FLOAT32 -> byteToFloat(x, xOff, (float[]) out, outOff, n);
            case FLOAT64 -> byteToDouble(x, xOff, (double[]) out, outOff, n);
        }
    }

    private static void byteToBool(byte[] x, int xOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (x[xOff + i] != 0 ? 1 : 0);
        }
    }

    private static void byteToInt(byte[] x, int xOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = x[xOff + i] & 0xFF;
        }
    }

    private static void byteToLong(byte[] x, int xOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = x[xOff + i] & 0xFF;
        }
    }

    private static void byteToHalf(byte[] x, int xOff, short[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Float.floatToFloat16((float) (x[xOff + i] & 0xFF));
        }
    }

    private static void byteToBfloat(byte[] x, int xOff, short[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = floatToBfloat16((float) (x[xOff + i] & 0xFF));
        }
    }

    private static void byteToFloat(byte[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = x[xOff + i] & 0xFF;
        }
    }

    private static void byteToDouble(byte[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = x[xOff + i] & 0xFF;
        }
    }

    private static void fromInts(int[] x, int xOff, DType to, Object out, int outOff, int n) {
        switch (to) {
            case BOOL -> intToBool(x, xOff, (byte[]) out, outOff, n);
            case UINT8 -> intToByte(x, xOff, (byte[]) out, outOff, n);
            case INT32 -> System.arraycopy(x, xOff, out, outOff, n);
            case INT64 -> intToLong(x, xOff, (long[]) out, outOff, n);
            case FLOAT16 -> intToHalf(x, xOff, (short[]) out, outOff, n);
            case BFLOAT16 -> intToBfloat(x, xOff, (short[]) out, outOff, n);
            case FLOAT32 -> intToFloat(x, xOff, (float[]) out, outOff, n);
            case FLOAT64 -> intToDouble(x, xOff, (double[]) out, outOff, n);
        }
    }

    private static void intToBool(int[] x, int xOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (x[xOff + i] != 0 ? 1 : 0);
        }
    }

    private static void intToByte(int[] x, int xOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) x[xOff + i];
        }
    }

    private static void intToLong(int[] x, int xOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = x[xOff + i];
        }
    }

    private static void intToHalf(int[] x, int xOff, short[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Float.floatToFloat16((float) x[xOff + i]);
        }
    }

    private static void intToBfloat(int[] x, int xOff, short[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = floatToBfloat16((float) x[xOff + i]);
        }
    }

    private static void intToFloat(int[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) x[xOff + i];
        }
    }

    private static void intToDouble(int[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = x[xOff + i];
        }
    }

    private static void fromLongs(long[] x, int xOff, DType to, Object out, int outOff, int n) {
        switch (to) {
            case BOOL -> longToBool(x, xOff, (byte[]) out, outOff, n);
            case UINT8 -> longToByte(x, xOff, (byte[]) out, outOff, n);
            case INT32 -> longToInt(x, xOff, (int[]) out, outOff, n);
            case INT64 -> System.arraycopy(x, xOff, out, outOff, n);
            case FLOAT16 -> longToHalf(x, xOff, (short[]) out, outOff, n);
            case BFLOAT16 -> longToBfloat(x, xOff, (short[]) out, outOff, n);
            case FLOAT32 -> longToFloat(x, xOff, (float[]) out, outOff, n);
            case FLOAT64 -> longToDouble(x, xOff, (double[]) out, outOff, n);
        }
    }

    private static void longToBool(long[] x, int xOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (x[xOff + i] != 0 ? 1 : 0);
        }
    }

    private static void longToByte(long[] x, int xOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) x[xOff + i];
        }
    }

    private static void longToInt(long[] x, int xOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (int) x[xOff + i];
        }
    }

    private static void longToHalf(long[] x, int xOff, short[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Float.floatToFloat16((float) x[xOff + i]);
        }
    }

    private static void longToBfloat(long[] x, int xOff, short[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = floatToBfloat16((float) x[xOff + i]);
        }
    }

    private static void longToFloat(long[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) x[xOff + i];
        }
    }

    private static void longToDouble(long[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (double) x[xOff + i];
        }
    }

    private static void fromHalves(short[] x, int xOff, DType to, Object out, int outOff, int n) {
        switch (to) {
            case BOOL -> halfToBool(x, xOff, (byte[]) out, outOff, n);
            case UINT8 -> halfToByte(x, xOff, (byte[]) out, outOff, n);
            case INT32 -> halfToInt(x, xOff, (int[]) out, outOff, n);
            case INT64 -> halfToLong(x, xOff, (long[]) out, outOff, n);
            case FLOAT16 -> System.arraycopy(x, xOff, out, outOff, n);
            case BFLOAT16 -> halfToBfloat(x, xOff, (short[]) out, outOff, n);
            case FLOAT32 -> halfToFloat(x, xOff, (float[]) out, outOff, n);
            case FLOAT64 -> halfToDouble(x, xOff, (double[]) out, outOff, n);
        }
    }

    private static void halfToBool(short[] x, int xOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (Float.float16ToFloat(x[xOff + i]) != 0 ? 1 : 0);
        }
    }

    private static void halfToByte(short[] x, int xOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (int) Float.float16ToFloat(x[xOff + i]);
        }
    }

    private static void halfToInt(short[] x, int xOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (int) Float.float16ToFloat(x[xOff + i]);
        }
    }

    private static void halfToLong(short[] x, int xOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (long) Float.float16ToFloat(x[xOff + i]);
        }
    }

    private static void halfToBfloat(short[] x, int xOff, short[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = floatToBfloat16(Float.float16ToFloat(x[xOff + i]));
        }
    }

    private static void halfToFloat(short[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Float.float16ToFloat(x[xOff + i]);
        }
    }

    private static void halfToDouble(short[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Float.float16ToFloat(x[xOff + i]);
        }
    }

    private static void fromBfloats(short[] x, int xOff, DType to, Object out, int outOff, int n) {
        switch (to) {
            case BOOL -> bfloatToBool(x, xOff, (byte[]) out, outOff, n);
            case UINT8 -> bfloatToByte(x, xOff, (byte[]) out, outOff, n);
            case INT32 -> bfloatToInt(x, xOff, (int[]) out, outOff, n);
            case INT64 -> bfloatToLong(x, xOff, (long[]) out, outOff, n);
            case FLOAT16 -> bfloatToHalf(x, xOff, (short[]) out, outOff, n);
            case BFLOAT16 -> System.arraycopy(x, xOff, out, outOff, n);
            case FLOAT32 -> bfloatToFloat(x, xOff, (float[]) out, outOff, n);
            case FLOAT64 -> bfloatToDouble(x, xOff, (double[]) out, outOff, n);
        }
    }

    private static void bfloatToBool(short[] x, int xOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (bfloat16ToFloat(x[xOff + i]) != 0 ? 1 : 0);
        }
    }

    private static void bfloatToByte(short[] x, int xOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (int) bfloat16ToFloat(x[xOff + i]);
        }
    }

    private static void bfloatToInt(short[] x, int xOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (int) bfloat16ToFloat(x[xOff + i]);
        }
    }

    private static void bfloatToLong(short[] x, int xOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (long) bfloat16ToFloat(x[xOff + i]);
        }
    }

    private static void bfloatToHalf(short[] x, int xOff, short[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Float.floatToFloat16(bfloat16ToFloat(x[xOff + i]));
        }
    }

    private static void bfloatToFloat(short[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = bfloat16ToFloat(x[xOff + i]);
        }
    }

    private static void bfloatToDouble(short[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = bfloat16ToFloat(x[xOff + i]);
        }
    }

    private static void fromFloats(float[] x, int xOff, DType to, Object out, int outOff, int n) {
        switch (to) {
            case BOOL -> floatToBool(x, xOff, (byte[]) out, outOff, n);
            case UINT8 -> floatToByte(x, xOff, (byte[]) out, outOff, n);
            case INT32 -> floatToInt(x, xOff, (int[]) out, outOff, n);
            case INT64 -> floatToLong(x, xOff, (long[]) out, outOff, n);
            case FLOAT16 -> floatToHalf(x, xOff, (short[]) out, outOff, n);
            case BFLOAT16 -> floatToBfloat(x, xOff, (short[]) out, outOff, n);
            case FLOAT32 -> System.arraycopy(x, xOff, out, outOff, n);
            case FLOAT64 -> floatToDouble(x, xOff, (double[]) out, outOff, n);
        }
    }

    private static void floatToBool(float[] x, int xOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (x[xOff + i] != 0 ? 1 : 0);
        }
    }

    private static void floatToByte(float[] x, int xOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (int) x[xOff + i];
        }
    }

    private static void floatToInt(float[] x, int xOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (int) x[xOff + i];
        }
    }

    private static void floatToLong(float[] x, int xOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (long) x[xOff + i];
        }
    }

    private static void floatToHalf(float[] x, int xOff, short[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Float.floatToFloat16(x[xOff + i]);
        }
    }

    private static void floatToBfloat(float[] x, int xOff, short[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = floatToBfloat16(x[xOff + i]);
        }
    }

    private static void floatToDouble(float[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = x[xOff + i];
        }
    }

    private static void fromDoubles(double[] x, int xOff, DType to, Object out, int outOff, int n) {
        switch (to) {
            case BOOL -> doubleToBool(x, xOff, (byte[]) out, outOff, n);
            case UINT8 -> doubleToByte(x, xOff, (byte[]) out, outOff, n);
            case INT32 -> doubleToInt(x, xOff, (int[]) out, outOff, n);
            case INT64 -> doubleToLong(x, xOff, (long[]) out, outOff, n);
            case FLOAT16 -> doubleToHalf(x, xOff, (short[]) out, outOff, n);
            case BFLOAT16 -> doubleToBfloat(x, xOff, (short[]) out, outOff, n);
            case FLOAT32 -> doubleToFloat(x, xOff, (float[]) out, outOff, n);
            case FLOAT64 -> System.arraycopy(x, xOff, out, outOff, n);
        }
    }

    private static void doubleToBool(double[] x, int xOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (x[xOff + i] != 0 ? 1 : 0);
        }
    }

    private static void doubleToByte(double[] x, int xOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (int) x[xOff + i];
        }
    }

    private static void doubleToInt(double[] x, int xOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (int) x[xOff + i];
        }
    }

    private static void doubleToLong(double[] x, int xOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (long) x[xOff + i];
        }
    }

    private static void doubleToHalf(double[] x, int xOff, short[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Float.floatToFloat16((float) x[xOff + i]);
        }
    }

    private static void doubleToBfloat(double[] x, int xOff, short[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = floatToBfloat16((float) x[xOff + i]);
        }
    }

    private static void doubleToFloat(double[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) x[xOff + i];
        }
    }
}
