package dev.cambium.cpu.kernels;

import java.util.Arrays;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op.BinaryKind;
import dev.cambium.tensor.Op.CompareKind;
import dev.cambium.tensor.Op.UnaryKind;

/** Elementwise loops over INT32, see {@link Elementwise}. */
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

    private static void elements(BinaryKind kind, int[] a, int aOff, int[] b, int bOff, int[] out, int outOff, int n) {
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
            case POW -> throw Elementwise.undefined(kind, DType.INT32);
        }
    }

    private static void right(BinaryKind kind, int[] a, int aOff, int b, int[] out, int outOff, int n) {
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
            case POW -> throw Elementwise.undefined(kind, DType.INT32);
        }
    }

    private static void left(BinaryKind kind, int a, int[] b, int bOff, int[] out, int outOff, int n) {
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

    private static void equal(int[] a, int aOff, int aStep, int[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i * aStep] == b[bOff + i * bStep] ? 1 : 0);
        }
    }

    private static void notEqual(int[] a, int aOff, int aStep, int[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i * aStep] != b[bOff + i * bStep] ? 1 : 0);
        }
    }

    private static void less(int[] a, int aOff, int aStep, int[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i * aStep] < b[bOff + i * bStep] ? 1 : 0);
        }
    }

    private static void lessOrEqual(int[] a, int aOff, int aStep, int[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i * aStep] <= b[bOff + i * bStep] ? 1 : 0);
        }
    }

    static void select(byte[] condition, int conditionOff, int conditionStep, int[] ifTrue, int trueOff, int trueStep,
            int[] ifFalse, int falseOff, int falseStep, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = condition[conditionOff + i * conditionStep] != 0 ? ifTrue[trueOff + i * trueStep]
                    : ifFalse[falseOff + i * falseStep];
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

    private static void add(int[] a, int aOff, int[] b, int bOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] + b[bOff + i];
        }
    }

    private static void add(int[] a, int aOff, int b, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] + b;
        }
    }

    private static void sub(int[] a, int aOff, int[] b, int bOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] - b[bOff + i];
        }
    }

    private static void sub(int[] a, int aOff, int b, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] - b;
        }
    }

    private static void sub(int a, int[] b, int bOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a - b[bOff + i];
        }
    }

    private static void mul(int[] a, int aOff, int[] b, int bOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] * b[bOff + i];
        }
    }

    private static void mul(int[] a, int aOff, int b, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] * b;
        }
    }

    private static void div(int[] a, int aOff, int[] b, int bOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] / nonZero(b[bOff + i]);
        }
    }

    private static void div(int[] a, int aOff, int b, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] / nonZero(b);
        }
    }

    private static void div(int a, int[] b, int bOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a / nonZero(b[bOff + i]);
        }
    }

    private static void max(int[] a, int aOff, int[] b, int bOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.max(a[aOff + i], b[bOff + i]);
        }
    }

    private static void max(int[] a, int aOff, int b, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.max(a[aOff + i], b);
        }
    }

    private static void min(int[] a, int aOff, int[] b, int bOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.min(a[aOff + i], b[bOff + i]);
        }
    }

    private static void min(int[] a, int aOff, int b, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.min(a[aOff + i], b);
        }
    }

    private static void and(int[] a, int aOff, int[] b, int bOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] & b[bOff + i];
        }
    }

    private static void and(int[] a, int aOff, int b, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] & b;
        }
    }

    private static void or(int[] a, int aOff, int[] b, int bOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] | b[bOff + i];
        }
    }

    private static void or(int[] a, int aOff, int b, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] | b;
        }
    }

    private static void xor(int[] a, int aOff, int[] b, int bOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] ^ b[bOff + i];
        }
    }

    private static void xor(int[] a, int aOff, int b, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] ^ b;
        }
    }

    private static void shiftLeft(int[] a, int aOff, int[] b, int bOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] << b[bOff + i];
        }
    }

    private static void shiftLeft(int[] a, int aOff, int b, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] << b;
        }
    }

    private static void shiftLeft(int a, int[] b, int bOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a << b[bOff + i];
        }
    }

    private static void shiftRight(int[] a, int aOff, int[] b, int bOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] >>> b[bOff + i];
        }
    }

    private static void shiftRight(int[] a, int aOff, int b, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] >>> b;
        }
    }

    private static void shiftRight(int a, int[] b, int bOff, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a >>> b[bOff + i];
        }
    }

    private static int nonZero(int divisor) {
        if (divisor == 0) {
            throw Elementwise.divisionByZero(DType.INT32);
        }
        return divisor;
    }
}
