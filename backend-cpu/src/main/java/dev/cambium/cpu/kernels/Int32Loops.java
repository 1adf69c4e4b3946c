package dev.cambium.cpu.kernels;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op.BinaryKind;
import dev.cambium.tensor.Op.CompareKind;
import dev.cambium.tensor.Op.UnaryKind;

/** {@link Elementwise} over INT32. */
final class Int32Loops {
    private Int32Loops() {}

    static void unary(UnaryKind kind, int[] x, int xOff, int[] out, int outOff, int n) {
        switch (kind) {
            case NEG -> neg(x, xOff, out, outOff, n);
            case ABS -> abs(x, xOff, out, outOff, n);
            case SIGN -> sign(x, xOff, out, outOff, n);
            case NOT -> not(x, xOff, out, outOff, n);
            case EXP, EXPM1, LOG, LOG1P, SQRT, RSQRT, RECIPROCAL, SIN, COS, TANH, SIGMOID, ERF, FLOOR, CEIL, ROUND ->
                    throw Elementwise.undefined(kind, DType.INT32);
        }
    }

    static void binary(BinaryKind kind, int[] a, int aOff, int aStep, int[] b, int bOff, int bStep, int[] out,
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
            case POW -> throw Elementwise.undefined(kind, DType.INT32);
        }
    }

    static void compare(CompareKind kind, int[] a, int aOff, int aStep, int[] b, int bOff, int bStep, byte[] out,
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

    static void select(byte[] condition, int conditionOff, int conditionStep, int[] ifTrue, int trueOff, int trueStep,
            int[] ifFalse, int falseOff, int falseStep, int[] out, int outOff, int n) {
        byte condition0 = condition[conditionOff];
        int true0 = ifTrue[trueOff];
        int false0 = ifFalse[falseOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (conditionStep == 0 ? condition0 : condition[conditionOff + i]) != 0
                    ? (trueStep == 0 ? true0 : ifTrue[trueOff + i])
                    : (falseStep == 0 ? false0 : ifFalse[falseOff + i]);
        }
    }

    private static void neg(int[] x, int xOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = -x[xOff + i];
        }
    }

    private static void abs(int[] x, int xOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.abs(x[xOff + i]);
        }
    }

    private static void sign(int[] x, int xOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Integer.signum(x[xOff + i]);
        }
    }

    private static void not(int[] x, int xOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = ~x[xOff + i];
        }
    }

    private static void add(int[] a, int aOff, int aStep, int[] b, int bOff, int bStep, int[] out, int outOff, int n) {
        int a0 = a[aOff];
        int b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) + (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    private static void sub(int[] a, int aOff, int aStep, int[] b, int bOff, int bStep, int[] out, int outOff, int n) {
        int a0 = a[aOff];
        int b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) - (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    private static void mul(int[] a, int aOff, int aStep, int[] b, int bOff, int bStep, int[] out, int outOff, int n) {
        int a0 = a[aOff];
        int b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) * (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    private static void div(int[] a, int aOff, int aStep, int[] b, int bOff, int bStep, int[] out, int outOff, int n) {
        int a0 = a[aOff];
        int b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) / nonZero((bStep == 0 ? b0 : b[bOff + i]));
        }
    }

    private static void max(int[] a, int aOff, int aStep, int[] b, int bOff, int bStep, int[] out, int outOff, int n) {
        int a0 = a[aOff];
        int b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.max((aStep == 0 ? a0 : a[aOff + i]), (bStep == 0 ? b0 : b[bOff + i]));
        }
    }

    private static void min(int[] a, int aOff, int aStep, int[] b, int bOff, int bStep, int[] out, int outOff, int n) {
        int a0 = a[aOff];
        int b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.min((aStep == 0 ? a0 : a[aOff + i]), (bStep == 0 ? b0 : b[bOff + i]));
        }
    }

    private static void and(int[] a, int aOff, int aStep, int[] b, int bOff, int bStep, int[] out, int outOff, int n) {
        int a0 = a[aOff];
        int b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) & (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    private static void or(int[] a, int aOff, int aStep, int[] b, int bOff, int bStep, int[] out, int outOff, int n) {
        int a0 = a[aOff];
        int b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) | (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    private static void xor(int[] a, int aOff, int aStep, int[] b, int bOff, int bStep, int[] out, int outOff, int n) {
        int a0 = a[aOff];
        int b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) ^ (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    private static void shiftLeft(int[] a, int aOff, int aStep, int[] b, int bOff, int bStep, int[] out, int outOff,
            int n) {
        int a0 = a[aOff];
        int b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) << (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    private static void shiftRight(int[] a, int aOff, int aStep, int[] b, int bOff, int bStep, int[] out, int outOff,
            int n) {
        int a0 = a[aOff];
        int b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) >>> (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    private static void equal(int[] a, int aOff, int aStep, int[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        int a0 = a[aOff];
        int b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((aStep == 0 ? a0 : a[aOff + i]) == (bStep == 0 ? b0 : b[bOff + i]) ? 1 : 0);
        }
    }

    private static void notEqual(int[] a, int aOff, int aStep, int[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        int a0 = a[aOff];
        int b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((aStep == 0 ? a0 : a[aOff + i]) != (bStep == 0 ? b0 : b[bOff + i]) ? 1 : 0);
        }
    }

    private static void less(int[] a, int aOff, int aStep, int[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        int a0 = a[aOff];
        int b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((aStep == 0 ? a0 : a[aOff + i]) < (bStep == 0 ? b0 : b[bOff + i]) ? 1 : 0);
        }
    }

    private static void lessOrEqual(int[] a, int aOff, int aStep, int[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        int a0 = a[aOff];
        int b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((aStep == 0 ? a0 : a[aOff + i]) <= (bStep == 0 ? b0 : b[bOff + i]) ? 1 : 0);
        }
    }

    private static int nonZero(int divisor) {
        if (divisor == 0) {
            throw Elementwise.divisionByZero(DType.INT32);
        }
        return divisor;
    }
}
