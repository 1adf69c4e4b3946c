package dev.cambium.cpu.kernels;

import java.util.Arrays;

import dev.cambium.CambiumException;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op.BinaryKind;
import dev.cambium.tensor.Op.CompareKind;
import dev.cambium.tensor.Op.UnaryKind;

/**
 * Functions of single elements over runs of {@code n} elements, dispatched once a call to a loop for the element type. Callers
 * cut long tensors into chunks that fit the first-level cache, so that a chain of calls works on what is still there.
 *
 * <p>
 * Arrays are the Java arrays of their element types: {@code float[]}, {@code double[]}, {@code int[]}, {@code long[]};
 * {@code byte[]} for UINT8 and BOOL (0 or 1); {@code short[]} for FLOAT16 and BFLOAT16, which can only be selected, filled and
 * cast. An operand is an array, an offset and a step: with step 1 element i is {@code array[offset + i]}; with step 0 it is
 * {@code array[offset]} for all i. The result may lie exactly where an operand of step 1 lies; no other overlap is allowed. With
 * n = 0 nothing is touched. Semantics are those of {@link dev.cambium.tensor.Op}; a kind that is not defined for the element
 * type throws {@link IllegalArgumentException}.
 */
public final class Elementwise {
    private static final LanesInUse LANES = new LanesInUse(LanesWarmUp::elementwise);

    private Elementwise() {}

    /**
     * Runs the vector loops of this class until the JIT compiler has compiled them, some tenths of a second, and only then takes
     * them into use; until then scalar loops run. Results are the same. Returns whether they are in use. To be submitted to {@link WarmUps}.
     */
    public static boolean warmUp() {
        return LANES.warmUp();
    }

    /** {@code out[outOff + i] = kind(x[xOff + i])}. */
    public static void unary(UnaryKind kind, DType type, Object x, int xOff, Object out, int outOff, int n) {
        if (n == 0) {
            return;
        }
        switch (type) {
            case FLOAT32 -> LANES.get().unary(kind, (float[]) x, xOff, (float[]) out, outOff, n);
            case FLOAT64 -> Float64Loops.unary(kind, (double[]) x, xOff, (double[]) out, outOff, n);
            case INT32 -> Int32Loops.unary(kind, (int[]) x, xOff, (int[]) out, outOff, n);
            case INT64 -> Int64Loops.unary(kind, (long[]) x, xOff, (long[]) out, outOff, n);
            case UINT8 -> ByteLoops.unary(kind, (byte[]) x, xOff, (byte[]) out, outOff, n);
            case BOOL -> ByteLoops.unaryBool(kind, (byte[]) x, xOff, (byte[]) out, outOff, n);
            case FLOAT16, BFLOAT16 -> throw undefined(kind, type);
        }
    }

    /**
     * {@code out[outOff + i] = kind(a, b)} of the i-th elements of two operands. Integers wrap; shifts take the low 5 (INT32) or
     * 6 (INT64) bits of their count, as Java's do.
     *
     * @throws dev.cambium.CambiumException
     *             if an integer is divided by zero
     */
    public static void binary(BinaryKind kind, DType type, Object a, int aOff, int aStep, Object b, int bOff, int bStep,
            Object out, int outOff, int n) {
        if (n == 0) {
            return;
        }
        switch (type) {
            case FLOAT32 -> LANES.get().binary(kind, (float[]) a, aOff, aStep, (float[]) b, bOff, bStep,
                    (float[]) out, outOff, n);
            case FLOAT64 -> Float64Loops.binary(kind, (double[]) a, aOff, aStep, (double[]) b, bOff, bStep,
                    (double[]) out, outOff, n);
            case INT32 -> Int32Loops.binary(kind, (int[]) a, aOff, aStep, (int[]) b, bOff, bStep, (int[]) out, outOff,
                    n);
            case INT64 -> Int64Loops.binary(kind, (long[]) a, aOff, aStep, (long[]) b, bOff, bStep, (long[]) out,
                    outOff, n);
            case UINT8, BOOL -> ByteLoops.binary(kind, type, (byte[]) a, aOff, aStep, (byte[]) b, bOff, bStep,
                    (byte[]) out, outOff, n);
            case FLOAT16, BFLOAT16 -> throw undefined(kind, type);
        }
    }

    /** {@code out[outOff + i] = kind(a, b) ? 1 : 0} of the i-th elements of two operands; false comes before true. */
    public static void compare(CompareKind kind, DType type, Object a, int aOff, int aStep, Object b, int bOff,
            int bStep, byte[] out, int outOff, int n) {
        if (n == 0) {
            return;
        }
        switch (type) {
            case FLOAT32 ->
                    LANES.get().compare(kind, (float[]) a, aOff, aStep, (float[]) b, bOff, bStep, out, outOff,
                            n);
            case FLOAT64 -> Float64Loops.compare(kind, (double[]) a, aOff, aStep, (double[]) b, bOff, bStep, out,
                    outOff, n);
            case INT32 -> Int32Loops.compare(kind, (int[]) a, aOff, aStep, (int[]) b, bOff, bStep, out, outOff, n);
            case INT64 -> Int64Loops.compare(kind, (long[]) a, aOff, aStep, (long[]) b, bOff, bStep, out, outOff, n);
            case UINT8, BOOL -> ByteLoops.compare(kind, (byte[]) a, aOff, aStep, (byte[]) b, bOff, bStep, out, outOff,
                    n);
            case FLOAT16, BFLOAT16 -> throw undefined(kind, type);
        }
    }

    /** {@code out[outOff + i] = condition ? ifTrue : ifFalse} of the i-th elements of three operands, of any type. */
    public static void select(DType type, byte[] condition, int conditionOff, int conditionStep, Object ifTrue,
            int trueOff, int trueStep, Object ifFalse, int falseOff, int falseStep, Object out, int outOff, int n) {
        if (n == 0) {
            return;
        }
        switch (type) {
            case FLOAT32 -> LANES.get().select(condition, conditionOff, conditionStep, (float[]) ifTrue, trueOff,
                    trueStep, (float[]) ifFalse, falseOff, falseStep, (float[]) out, outOff, n);
            case FLOAT64 -> Float64Loops.select(condition, conditionOff, conditionStep, (double[]) ifTrue, trueOff,
                    trueStep, (double[]) ifFalse, falseOff, falseStep, (double[]) out, outOff, n);
            case INT32 -> Int32Loops.select(condition, conditionOff, conditionStep, (int[]) ifTrue, trueOff, trueStep,
                    (int[]) ifFalse, falseOff, falseStep, (int[]) out, outOff, n);
            case INT64 -> Int64Loops.select(condition, conditionOff, conditionStep, (long[]) ifTrue, trueOff, trueStep,
                    (long[]) ifFalse, falseOff, falseStep, (long[]) out, outOff, n);
            case UINT8, BOOL -> ByteLoops.select(condition, conditionOff, conditionStep, (byte[]) ifTrue, trueOff,
                    trueStep, (byte[]) ifFalse, falseOff, falseStep, (byte[]) out, outOff, n);
            case FLOAT16, BFLOAT16 -> selectHalf(condition, conditionOff, conditionStep, (short[]) ifTrue, trueOff,
                    trueStep, (short[]) ifFalse, falseOff, falseStep, (short[]) out, outOff, n);
        }
    }

    private static void selectHalf(byte[] condition, int conditionOff, int conditionStep, short[] ifTrue, int trueOff,
            int trueStep, short[] ifFalse, int falseOff, int falseStep, short[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = condition[conditionOff + i * conditionStep] != 0 ? ifTrue[trueOff + i * trueStep]
                    : ifFalse[falseOff + i * falseStep];
        }
    }

    /**
     * Compare and select in one pass: {@code out[outOff + i] = kind(a, b) ? ifTrue : ifFalse} of the i-th elements of four
     * operands. Relu is {@code selectCompare(LE, x, 0, 0, x)} and its gradient {@code selectCompare(LE, x, 0, 0, dy)}.
     */
    public static void selectCompare(CompareKind kind, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep,
            float[] ifTrue, int trueOff, int trueStep, float[] ifFalse, int falseOff, int falseStep, float[] out,
            int outOff, int n) {
        if (n == 0) {
            return;
        }
        LANES.get().selectCompare(kind, a, aOff, aStep, b, bOff, bStep, ifTrue, trueOff, trueStep, ifFalse,
                falseOff,
                falseStep, out, outOff, n);
    }

    /** Conversion of each element as Java's casts do it, see {@link Casts#cast}. */
    public static void cast(DType from, DType to, Object x, int xOff, Object out, int outOff, int n) {
        Casts.cast(from, to, x, xOff, out, outOff, n);
    }

    /** {@code out[outOff + i] = value[valueOff]}, of any type. */
    public static void fill(DType type, Object value, int valueOff, Object out, int outOff, int n) {
        if (n == 0) {
            return;
        }
        int end = outOff + n;
        switch (type) {
            case FLOAT32 -> Arrays.fill((float[]) out, outOff, end, ((float[]) value)[valueOff]);
            case FLOAT64 -> Arrays.fill((double[]) out, outOff, end, ((double[]) value)[valueOff]);
            case INT32 -> Arrays.fill((int[]) out, outOff, end, ((int[]) value)[valueOff]);
            case INT64 -> Arrays.fill((long[]) out, outOff, end, ((long[]) value)[valueOff]);
            case UINT8, BOOL -> Arrays.fill((byte[]) out, outOff, end, ((byte[]) value)[valueOff]);
            case FLOAT16, BFLOAT16 -> Arrays.fill((short[]) out, outOff, end, ((short[]) value)[valueOff]);
        }
    }

    /** {@code out[outOff + i] = 0} (false), of any type. */
    public static void zero(DType type, Object out, int outOff, int n) {
        int end = outOff + n;
        switch (type) {
            case FLOAT32 -> Arrays.fill((float[]) out, outOff, end, 0);
            case FLOAT64 -> Arrays.fill((double[]) out, outOff, end, 0);
            case INT32 -> Arrays.fill((int[]) out, outOff, end, 0);
            case INT64 -> Arrays.fill((long[]) out, outOff, end, 0);
            case UINT8, BOOL -> Arrays.fill((byte[]) out, outOff, end, (byte) 0);
            case FLOAT16, BFLOAT16 -> Arrays.fill((short[]) out, outOff, end, (short) 0);
        }
    }

    /**
     * Elements [from, from + n), in row-major order, of a tensor that holds its own index along one axis:
     * {@code out[outOff + i] = (from + i) / inner % extent}, converted as {@link Casts#cast} converts an INT32.
     *
     * @param inner
     *            the number of elements from one index of the axis to the next, the product of the dimensions after it
     * @param extent
     *            the extent of the axis
     */
    public static void iota(DType type, int inner, int extent, int from, Object out, int outOff, int n) {
        if (n == 0) {
            return;
        }
        int index = from / inner % extent;
        int left = inner - from % inner;
        for (int i = 0; i < n; i++) {
            store(type, index, out, outOff + i);
            if (--left == 0) {
                left = inner;
                index = index + 1 == extent ? 0 : index + 1;
            }
        }
    }

    private static void store(DType type, int value, Object out, int at) {
        switch (type) {
            case FLOAT32 -> ((float[]) out)[at] = value;
            case FLOAT64 -> ((double[]) out)[at] = value;
            case INT32 -> ((int[]) out)[at] = value;
            case INT64 -> ((long[]) out)[at] = value;
            case UINT8 -> ((byte[]) out)[at] = (byte) value;
            case BOOL -> ((byte[]) out)[at] = (byte) (value == 0 ? 0 : 1);
            case FLOAT16 -> ((short[]) out)[at] = Float.floatToFloat16(value);
            case BFLOAT16 -> ((short[]) out)[at] = Casts.floatToBfloat16(value);
        }
    }

    /** IEEE 754's power: unlike Java's it is 1 for 1 to whatever exponent, NaN too, and for −1 to ±∞. */
    static double pow(double base, double exponent) {
        return base == 1 || (base == -1 && Double.isInfinite(exponent)) ? 1 : Math.pow(base, exponent);
    }

    static CambiumException divisionByZero(DType type) {
        return new CambiumException("div: a divisor of type " + type + " is zero; integers have no value for that");
    }

    static IllegalArgumentException undefined(Enum<?> kind, DType type) {
        return new IllegalArgumentException(kind + " is not defined for " + type);
    }
}
