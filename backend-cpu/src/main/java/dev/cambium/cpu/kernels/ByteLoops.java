package dev.cambium.cpu.kernels;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op.BinaryKind;
import dev.cambium.tensor.Op.CompareKind;
import dev.cambium.tensor.Op.UnaryKind;

/** {@link Elementwise} over UINT8 and BOOL. */
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
        boolean arithmetic = kind == BinaryKind.ADD || kind == BinaryKind.SUB || kind == BinaryKind.MUL
                || kind == BinaryKind.DIV;
        if (type == DType.BOOL && arithmetic) {
            throw Elementwise.undefined(kind, type);
        }
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

    static void select(byte[] condition, int conditionOff, int conditionStep, byte[] ifTrue, int trueOff, int trueStep,
            byte[] ifFalse, int falseOff, int falseStep, byte[] out, int outOff, int n) {
        byte condition0 = condition[conditionOff];
        byte true0 = ifTrue[trueOff];
        byte false0 = ifFalse[falseOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (conditionStep == 0 ? condition0 : condition[conditionOff + i]) != 0
                    ? (trueStep == 0 ? true0 : ifTrue[trueOff + i])
                    : (falseStep == 0 ? false0 : ifFalse[falseOff + i]);
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

    private static void add(byte[] a, int aOff, int aStep, byte[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        byte a0 = a[aOff];
        byte b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((aStep == 0 ? a0 : a[aOff + i]) + (bStep == 0 ? b0 : b[bOff + i]));
        }
    }

    private static void sub(byte[] a, int aOff, int aStep, byte[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        byte a0 = a[aOff];
        byte b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((aStep == 0 ? a0 : a[aOff + i]) - (bStep == 0 ? b0 : b[bOff + i]));
        }
    }

    private static void mul(byte[] a, int aOff, int aStep, byte[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        byte a0 = a[aOff];
        byte b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((aStep == 0 ? a0 : a[aOff + i]) * (bStep == 0 ? b0 : b[bOff + i]));
        }
    }

    private static void div(byte[] a, int aOff, int aStep, byte[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        byte a0 = a[aOff];
        byte b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff
                    + i] = (byte) (((aStep == 0 ? a0 : a[aOff + i]) & 0xFF) / nonZero((bStep == 0 ? b0 : b[bOff + i])));
        }
    }

    private static void max(byte[] a, int aOff, int aStep, byte[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        byte a0 = a[aOff];
        byte b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) Math.max((aStep == 0 ? a0 : a[aOff + i]) & 0xFF,
                    (bStep == 0 ? b0 : b[bOff + i]) & 0xFF);
        }
    }

    private static void min(byte[] a, int aOff, int aStep, byte[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        byte a0 = a[aOff];
        byte b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) Math.min((aStep == 0 ? a0 : a[aOff + i]) & 0xFF,
                    (bStep == 0 ? b0 : b[bOff + i]) & 0xFF);
        }
    }

    private static void and(byte[] a, int aOff, int aStep, byte[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        byte a0 = a[aOff];
        byte b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((aStep == 0 ? a0 : a[aOff + i]) & (bStep == 0 ? b0 : b[bOff + i]));
        }
    }

    private static void or(byte[] a, int aOff, int aStep, byte[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        byte a0 = a[aOff];
        byte b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((aStep == 0 ? a0 : a[aOff + i]) | (bStep == 0 ? b0 : b[bOff + i]));
        }
    }

    private static void xor(byte[] a, int aOff, int aStep, byte[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        byte a0 = a[aOff];
        byte b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((aStep == 0 ? a0 : a[aOff + i]) ^ (bStep == 0 ? b0 : b[bOff + i]));
        }
    }

    private static void equal(byte[] a, int aOff, int aStep, byte[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        byte a0 = a[aOff];
        byte b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff
                    + i] = (byte) (((aStep == 0 ? a0 : a[aOff + i]) & 0xFF) == ((bStep == 0 ? b0 : b[bOff + i]) & 0xFF)
                            ? 1
                            : 0);
        }
    }

    private static void notEqual(byte[] a, int aOff, int aStep, byte[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        byte a0 = a[aOff];
        byte b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff
                    + i] = (byte) (((aStep == 0 ? a0 : a[aOff + i]) & 0xFF) != ((bStep == 0 ? b0 : b[bOff + i]) & 0xFF)
                            ? 1
                            : 0);
        }
    }

    private static void less(byte[] a, int aOff, int aStep, byte[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        byte a0 = a[aOff];
        byte b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff
                    + i] = (byte) (((aStep == 0 ? a0 : a[aOff + i]) & 0xFF) < ((bStep == 0 ? b0 : b[bOff + i]) & 0xFF)
                            ? 1
                            : 0);
        }
    }

    private static void lessOrEqual(byte[] a, int aOff, int aStep, byte[] b, int bOff, int bStep, byte[] out,
            int outOff, int n) {
        byte a0 = a[aOff];
        byte b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff
                    + i] = (byte) (((aStep == 0 ? a0 : a[aOff + i]) & 0xFF) <= ((bStep == 0 ? b0 : b[bOff + i]) & 0xFF)
                            ? 1
                            : 0);
        }
    }

    private static int nonZero(byte divisor) {
        if (divisor == 0) {
            throw Elementwise.divisionByZero(DType.UINT8);
        }
        return divisor & 0xFF;
    }
}
