package dev.cambium.cpu.kernels;

import java.util.Arrays;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op.BinaryKind;
import dev.cambium.tensor.Op.CompareKind;
import dev.cambium.tensor.Op.UnaryKind;

/** Elementwise loops over UINT8 and BOOL, see {@link Elementwise}. */
final class ByteLoops {
    private ByteLoops() {}

    static void unary(UnaryKind kind, byte[] x, int xOff, byte[] out, int outOff, int n) {
        switch (kind) {
            case NEG -> neg(x, xOff, out, outOff, n);
            case ABS -> abs(x, xOff, out, outOff, n);
            case SIGN -> sign(x, xOff, out, outOff, n);
            case NOT -> not(x, xOff, out, outOff, n);
            case EXP, EXPM1, LOG, LOG1P, SQRT, RSQRT, RECIPROCAL, SIN, COS, TANH, SIGMOID, ERF, FLOOR, CEIL, ROUND ->
                    throw Elementwise.undefined(kind, DType.UINT8);
        }
    }

    static void unaryBool(UnaryKind kind, byte[] x, int xOff, byte[] out, int outOff, int n) {
        if (kind != UnaryKind.NOT) {
            throw Elementwise.undefined(kind, DType.BOOL);
        }
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (x[xOff + i] ^ 1);
        }
    }

    static void binary(BinaryKind kind, DType type, byte[] a, int aOff, int aStep, byte[] b, int bOff, int bStep,
            byte[] out, int outOff, int n) {
        if (aStep != 0 && bStep != 0) {
            elements(kind, type, a, aOff, b, bOff, out, outOff, n);
        } else if (aStep != 0) {
            right(kind, type, a, aOff, b[bOff], out, outOff, n);
        } else if (bStep != 0) {
            left(kind, type, a[aOff], b, bOff, out, outOff, n);
        } else {
            elements(kind, type, a, aOff, b, bOff, out, outOff, 1);
            Arrays.fill(out, outOff + 1, outOff + n, out[outOff]);
        }
    }

    private static void elements(BinaryKind kind, DType type, byte[] a, int aOff, byte[] b, int bOff, byte[] out,
            int outOff, int n) {
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
            case POW, SHIFT_LEFT, SHIFT_RIGHT -> throw Elementwise.undefined(kind, type);
        }
    }

    private static void right(BinaryKind kind, DType type, byte[] a, int aOff, byte b, byte[] out, int outOff, int n) {
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
            case POW, SHIFT_LEFT, SHIFT_RIGHT -> throw Elementwise.undefined(kind, type);
        }
    }

    private static void left(BinaryKind kind, DType type, byte a, byte[] b, int bOff, byte[] out, int outOff, int n) {
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
            case POW, SHIFT_LEFT, SHIFT_RIGHT -> throw Elementwise.undefined(kind, type);
        }
    }

    static void compare(CompareKind kind, byte[] a, int aOff, int aStep, byte[] b, int bOff, int bStep, byte[] out,
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

    private static void equal(byte[] a, int aOff, int aStep, byte[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((a[aOff + i * aStep] & 0xFF) == (b[bOff + i * bStep] & 0xFF) ? 1 : 0);
        }
    }

    private static void notEqual(byte[] a, int aOff, int aStep, byte[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((a[aOff + i * aStep] & 0xFF) != (b[bOff + i * bStep] & 0xFF) ? 1 : 0);
        }
    }

    private static void less(byte[] a, int aOff, int aStep, byte[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((a[aOff + i * aStep] & 0xFF) < (b[bOff + i * bStep] & 0xFF) ? 1 : 0);
        }
    }

    private static void lessOrEqual(byte[] a, int aOff, int aStep, byte[] b, int bOff, int bStep, byte[] out,
            int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((a[aOff + i * aStep] & 0xFF) <= (b[bOff + i * bStep] & 0xFF) ? 1 : 0);
        }
    }

    static void select(byte[] condition, int conditionOff, int conditionStep, byte[] ifTrue, int trueOff, int trueStep,
            byte[] ifFalse, int falseOff, int falseStep, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = condition[conditionOff + i * conditionStep] != 0 ? ifTrue[trueOff + i * trueStep]
                    : ifFalse[falseOff + i * falseStep];
        }
    }

    private static void neg(byte[] x, int xOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) -x[xOff + i];
        }
    }

    private static void abs(byte[] x, int xOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = x[xOff + i];
        }
    }

    private static void sign(byte[] x, int xOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (x[xOff + i] == 0 ? 0 : 1);
        }
    }

    private static void not(byte[] x, int xOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ~x[xOff + i];
        }
    }

    private static void add(byte[] a, int aOff, byte[] b, int bOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i] + b[bOff + i]);
        }
    }

    private static void add(byte[] a, int aOff, byte b, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i] + b);
        }
    }

    private static void sub(byte[] a, int aOff, byte[] b, int bOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i] - b[bOff + i]);
        }
    }

    private static void sub(byte[] a, int aOff, byte b, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i] - b);
        }
    }

    private static void sub(byte a, byte[] b, int bOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a - b[bOff + i]);
        }
    }

    private static void mul(byte[] a, int aOff, byte[] b, int bOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i] * b[bOff + i]);
        }
    }

    private static void mul(byte[] a, int aOff, byte b, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i] * b);
        }
    }

    private static void div(byte[] a, int aOff, byte[] b, int bOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((a[aOff + i] & 0xFF) / nonZero(b[bOff + i]));
        }
    }

    private static void div(byte[] a, int aOff, byte b, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((a[aOff + i] & 0xFF) / nonZero(b));
        }
    }

    private static void div(byte a, byte[] b, int bOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((a & 0xFF) / nonZero(b[bOff + i]));
        }
    }

    private static void max(byte[] a, int aOff, byte[] b, int bOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) Math.max(a[aOff + i] & 0xFF, b[bOff + i] & 0xFF);
        }
    }

    private static void max(byte[] a, int aOff, byte b, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) Math.max(a[aOff + i] & 0xFF, b & 0xFF);
        }
    }

    private static void min(byte[] a, int aOff, byte[] b, int bOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) Math.min(a[aOff + i] & 0xFF, b[bOff + i] & 0xFF);
        }
    }

    private static void min(byte[] a, int aOff, byte b, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) Math.min(a[aOff + i] & 0xFF, b & 0xFF);
        }
    }

    private static void and(byte[] a, int aOff, byte[] b, int bOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i] & b[bOff + i]);
        }
    }

    private static void and(byte[] a, int aOff, byte b, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i] & b);
        }
    }

    private static void or(byte[] a, int aOff, byte[] b, int bOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i] | b[bOff + i]);
        }
    }

    private static void or(byte[] a, int aOff, byte b, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i] | b);
        }
    }

    private static void xor(byte[] a, int aOff, byte[] b, int bOff, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i] ^ b[bOff + i]);
        }
    }

    private static void xor(byte[] a, int aOff, byte b, byte[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i] ^ b);
        }
    }

    private static int nonZero(byte divisor) {
        if (divisor == 0) {
            throw Elementwise.divisionByZero(DType.UINT8);
        }
        return divisor & 0xFF;
    }
}
