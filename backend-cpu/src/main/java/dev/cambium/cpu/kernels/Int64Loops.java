package dev.cambium.cpu.kernels;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op.BinaryKind;
import dev.cambium.tensor.Op.CompareKind;
import dev.cambium.tensor.Op.UnaryKind;

/** {@link Elementwise} over INT64. */
final class Int64Loops {
    private Int64Loops() {}

    static void unary(UnaryKind kind, long[] x, int xOff, long[] out, int outOff, int n) {
        switch (kind) {
            case NEG -> neg(x, xOff, out, outOff, n);
            case ABS -> abs(x, xOff, out, outOff, n);
            case SIGN -> sign(x, xOff, out, outOff, n);
            case NOT -> not(x, xOff, out, outOff, n);
            case EXP, EXPM1, LOG, LOG1P, SQRT, RSQRT, RECIPROCAL, SIN, COS, TANH, SIGMOID, ERF, FLOOR, CEIL, ROUND ->
                    throw Elementwise.undefined(kind, DType.INT64);
        }
    }

    static void binary(BinaryKind kind, long[] a, int aOff, int aStep, long[] b, int bOff, int bStep, long[] out,
            int outOff, int n) {
        switch (kind) {
            case ADD -> add(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case SUB -> sub(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case MUL -> mul(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case DIV -> div(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case MAX -> max(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case MIN -> min(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case AND -> and(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case OR -> or(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case XOR -> xor(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case SHIFT_LEFT -> shiftLeft(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case SHIFT_RIGHT -> shiftRight(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case POW -> throw Elementwise.undefined(kind, DType.INT64);
        }
    }

    static void compare(CompareKind kind, long[] a, int aOff, int aStep, long[] b, int bOff, int bStep, byte[] out,
            int outOff, int n) {
        switch (kind) {
            case EQ -> equal(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case NE -> notEqual(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case LT -> less(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case LE -> lessOrEqual(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case GT -> less(b, bOff, bStep, a, aOff, aStep, out, outOff, n);
            case GE -> lessOrEqual(b, bOff, bStep, a, aOff, aStep, out, outOff, n);
        }
    }

    static void select(byte[] condition, int conditionOff, int conditionStep, long[] ifTrue, int trueOff, int trueStep,
            long[] ifFalse, int falseOff, int falseStep, long[] out, int outOff, int n) {
        byte condition0 = condition[conditionOff];
        long true0 = ifTrue[trueOff];
        long false0 = ifFalse[falseOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (conditionStep == 0 ? condition0 : condition[conditionOff + i]) != 0
                    ? (trueStep == 0 ? true0 : ifTrue[trueOff + i])
                    : (falseStep == 0 ? false0 : ifFalse[falseOff + i]);
        }
    }

    private static void neg(long[] x, int xOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = -x[xOff + i];
        }
    }

    private static void abs(long[] x, int xOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.abs(x[xOff + i]);
        }
    }

    private static void sign(long[] x, int xOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Long.signum(x[xOff + i]);
        }
    }

    private static void not(long[] x, int xOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = ~x[xOff + i];
        }
    }

    private static void add(long[] a, int aOff, int aStep, long[] b, int bOff, int bStep, long[] out, int outOff,
            int n) {
        long a0 = a[aOff];
        long b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) + (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    private static void sub(long[] a, int aOff, int aStep, long[] b, int bOff, int bStep, long[] out, int outOff,
            int n) {
        long a0 = a[aOff];
        long b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) - (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    private static void mul(long[] a, int aOff, int aStep, long[] b, int bOff, int bStep, long[] out, int outOff,
            int n) {
        long a0 = a[aOff];
        long b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) * (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    private static void div(long[] a, int aOff, int aStep, long[] b, int bOff, int bStep, long[] out, int outOff,
            int n) {
        long a0 = a[aOff];
        long b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) / nonZero((bStep == 0 ? b0 : b[bOff + i]));
        }
    }

    private static void max(long[] a, int aOff, int aStep, long[] b, int bOff, int bStep, long[] out, int outOff,
            int n) {
        long a0 = a[aOff];
        long b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.max((aStep == 0 ? a0 : a[aOff + i]), (bStep == 0 ? b0 : b[bOff + i]));
        }
    }

    private static void min(long[] a, int aOff, int aStep, long[] b, int bOff, int bStep, long[] out, int outOff,
            int n) {
        long a0 = a[aOff];
        long b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.min((aStep == 0 ? a0 : a[aOff + i]), (bStep == 0 ? b0 : b[bOff + i]));
        }
    }

    private static void and(long[] a, int aOff, int aStep, long[] b, int bOff, int bStep, long[] out, int outOff,
            int n) {
        long a0 = a[aOff];
        long b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) & (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    private static void or(long[] a, int aOff, int aStep, long[] b, int bOff, int bStep, long[] out, int outOff,
            int n) {
        long a0 = a[aOff];
        long b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) | (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    private static void xor(long[] a, int aOff, int aStep, long[] b, int bOff, int bStep, long[] out, int outOff,
            int n) {
        long a0 = a[aOff];
        long b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) ^ (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    private static void shiftLeft(long[] a, int aOff, int aStep, long[] b, int bOff, int bStep, long[] out, int outOff,
            int n) {
        long a0 = a[aOff];
        long b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) << (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    private static void shiftRight(long[] a, int aOff, int aStep, long[] b, int bOff, int bStep, long[] out, int outOff,
            int n) {
        long a0 = a[aOff];
        long b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) >>> (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    private static void equal(long[] a, int aOff, int aStep, long[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        long a0 = a[aOff];
        long b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((aStep == 0 ? a0 : a[aOff + i]) == (bStep == 0 ? b0 : b[bOff + i]) ? 1 : 0);
        }
    }

    private static void notEqual(long[] a, int aOff, int aStep, long[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        long a0 = a[aOff];
        long b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((aStep == 0 ? a0 : a[aOff + i]) != (bStep == 0 ? b0 : b[bOff + i]) ? 1 : 0);
        }
    }

    private static void less(long[] a, int aOff, int aStep, long[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        long a0 = a[aOff];
        long b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((aStep == 0 ? a0 : a[aOff + i]) < (bStep == 0 ? b0 : b[bOff + i]) ? 1 : 0);
        }
    }

    private static void lessOrEqual(long[] a, int aOff, int aStep, long[] b, int bOff, int bStep, byte[] out,
            int outOff, int n) {
        long a0 = a[aOff];
        long b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((aStep == 0 ? a0 : a[aOff + i]) <= (bStep == 0 ? b0 : b[bOff + i]) ? 1 : 0);
        }
    }

    private static long nonZero(long divisor) {
        if (divisor == 0) {
            throw Elementwise.divisionByZero(DType.INT64);
        }
        return divisor;
    }
}
