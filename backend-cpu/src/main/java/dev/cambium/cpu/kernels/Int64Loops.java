package dev.cambium.cpu.kernels;

import java.util.Arrays;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op.BinaryKind;
import dev.cambium.tensor.Op.CompareKind;
import dev.cambium.tensor.Op.UnaryKind;

/** Elementwise loops over INT64, see {@link Elementwise}. */
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
        if (aStep != 0 && bStep != 0) {
            elements(kind, a, aOff, b, bOff, out, outOff, n);
        } else if (aStep != 0) {
            right(kind, a, aOff, b[bOff], out, outOff, n);
        } else if (bStep != 0) {
            left(kind, a[aOff], b, bOff, out, outOff, n);
        } else {
            elements(kind, a, aOff, b, bOff, out, outOff, 1);
            Arrays.fill(out, outOff + 1, outOff + n, out[outOff]);
        }
    }

    private static void elements(BinaryKind kind, long[] a, int aOff, long[] b, int bOff, long[] out, int outOff,
            int n) {
        switch (kind) {
            case ADD -> add(a, aOff, b, bOff, out, outOff, n);
            case SUB -> sub(a, aOff, b, bOff, out, outOff, n);
            case MUL -> mul(a, aOff, b, bOff, out, outOff, n);
            case DIV -> div(a, aOff, b, bOff, out, outOff, n);
            case MAX -> max(a, aOff, b, bOff, out, outOff, n);
            case MIN -> min(a, aOff, b, bOff, out, outOff, n);
            case AND -> and(a, aOff, b, bOff, out, outOff, n);
            case OR -> or(a, aOff, b, bOff, out, outOff, n);
            case XOR -> xor(a, aOff, b, bOff, out, outOff, n);
            case SHIFT_LEFT -> shiftLeft(a, aOff, b, bOff, out, outOff, n);
            case SHIFT_RIGHT -> shiftRight(a, aOff, b, bOff, out, outOff, n);
            case POW -> throw Elementwise.undefined(kind, DType.INT64);
        }
    }

    private static void right(BinaryKind kind, long[] a, int aOff, long b, long[] out, int outOff, int n) {
        switch (kind) {
            case ADD -> add(a, aOff, b, out, outOff, n);
            case SUB -> sub(a, aOff, b, out, outOff, n);
            case MUL -> mul(a, aOff, b, out, outOff, n);
            case DIV -> div(a, aOff, b, out, outOff, n);
            case MAX -> max(a, aOff, b, out, outOff, n);
            case MIN -> min(a, aOff, b, out, outOff, n);
            case AND -> and(a, aOff, b, out, outOff, n);
            case OR -> or(a, aOff, b, out, outOff, n);
            case XOR -> xor(a, aOff, b, out, outOff, n);
            case SHIFT_LEFT -> shiftLeft(a, aOff, b, out, outOff, n);
            case SHIFT_RIGHT -> shiftRight(a, aOff, b, out, outOff, n);
            case POW -> throw Elementwise.undefined(kind, DType.INT64);
        }
    }

    private static void left(BinaryKind kind, long a, long[] b, int bOff, long[] out, int outOff, int n) {
        switch (kind) {
            case ADD -> add(b, bOff, a, out, outOff, n);
            case SUB -> sub(a, b, bOff, out, outOff, n);
            case MUL -> mul(b, bOff, a, out, outOff, n);
            case DIV -> div(a, b, bOff, out, outOff, n);
            case MAX -> max(b, bOff, a, out, outOff, n);
            case MIN -> min(b, bOff, a, out, outOff, n);
            case AND -> and(b, bOff, a, out, outOff, n);
            case OR -> or(b, bOff, a, out, outOff, n);
            case XOR -> xor(b, bOff, a, out, outOff, n);
            case SHIFT_LEFT -> shiftLeft(a, b, bOff, out, outOff, n);
            case SHIFT_RIGHT -> shiftRight(a, b, bOff, out, outOff, n);
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

    private static void equal(long[] a, int aOff, int aStep, long[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i * aStep] == b[bOff + i * bStep] ? 1 : 0);
        }
    }

    private static void notEqual(long[] a, int aOff, int aStep, long[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i * aStep] != b[bOff + i * bStep] ? 1 : 0);
        }
    }

    private static void less(long[] a, int aOff, int aStep, long[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i * aStep] < b[bOff + i * bStep] ? 1 : 0);
        }
    }

    private static void lessOrEqual(long[] a, int aOff, int aStep, long[] b, int bOff, int bStep, byte[] out,
            int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i * aStep] <= b[bOff + i * bStep] ? 1 : 0);
        }
    }

    static void select(byte[] condition, int conditionOff, int conditionStep, long[] ifTrue, int trueOff, int trueStep,
            long[] ifFalse, int falseOff, int falseStep, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = condition[conditionOff + i * conditionStep] != 0 ? ifTrue[trueOff + i * trueStep]
                    : ifFalse[falseOff + i * falseStep];
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

    private static void add(long[] a, int aOff, long[] b, int bOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] + b[bOff + i];
        }
    }

    private static void add(long[] a, int aOff, long b, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] + b;
        }
    }

    private static void sub(long[] a, int aOff, long[] b, int bOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] - b[bOff + i];
        }
    }

    private static void sub(long[] a, int aOff, long b, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] - b;
        }
    }

    private static void sub(long a, long[] b, int bOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a - b[bOff + i];
        }
    }

    private static void mul(long[] a, int aOff, long[] b, int bOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] * b[bOff + i];
        }
    }

    private static void mul(long[] a, int aOff, long b, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] * b;
        }
    }

    private static void div(long[] a, int aOff, long[] b, int bOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] / nonZero(b[bOff + i]);
        }
    }

    private static void div(long[] a, int aOff, long b, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] / nonZero(b);
        }
    }

    private static void div(long a, long[] b, int bOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a / nonZero(b[bOff + i]);
        }
    }

    private static void max(long[] a, int aOff, long[] b, int bOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.max(a[aOff + i], b[bOff + i]);
        }
    }

    private static void max(long[] a, int aOff, long b, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.max(a[aOff + i], b);
        }
    }

    private static void min(long[] a, int aOff, long[] b, int bOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.min(a[aOff + i], b[bOff + i]);
        }
    }

    private static void min(long[] a, int aOff, long b, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.min(a[aOff + i], b);
        }
    }

    private static void and(long[] a, int aOff, long[] b, int bOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] & b[bOff + i];
        }
    }

    private static void and(long[] a, int aOff, long b, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] & b;
        }
    }

    private static void or(long[] a, int aOff, long[] b, int bOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] | b[bOff + i];
        }
    }

    private static void or(long[] a, int aOff, long b, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] | b;
        }
    }

    private static void xor(long[] a, int aOff, long[] b, int bOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] ^ b[bOff + i];
        }
    }

    private static void xor(long[] a, int aOff, long b, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] ^ b;
        }
    }

    private static void shiftLeft(long[] a, int aOff, long[] b, int bOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] << b[bOff + i];
        }
    }

    private static void shiftLeft(long[] a, int aOff, long b, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] << b;
        }
    }

    private static void shiftLeft(long a, long[] b, int bOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a << b[bOff + i];
        }
    }

    private static void shiftRight(long[] a, int aOff, long[] b, int bOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] >>> b[bOff + i];
        }
    }

    private static void shiftRight(long[] a, int aOff, long b, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] >>> b;
        }
    }

    private static void shiftRight(long a, long[] b, int bOff, long[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a >>> b[bOff + i];
        }
    }

    private static long nonZero(long divisor) {
        if (divisor == 0) {
            throw Elementwise.divisionByZero(DType.INT64);
        }
        return divisor;
    }
}
