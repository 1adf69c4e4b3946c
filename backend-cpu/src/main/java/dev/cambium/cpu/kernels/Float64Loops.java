package dev.cambium.cpu.kernels;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op.BinaryKind;
import dev.cambium.tensor.Op.CompareKind;
import dev.cambium.tensor.Op.UnaryKind;

/** {@link Elementwise} over FLOAT64. */
final class Float64Loops {
    private Float64Loops() {}

    static void unary(UnaryKind kind, double[] x, int xOff, double[] out, int outOff, int n) {
        switch (kind) {
            case NEG -> neg(x, xOff, out, outOff, n);
            case ABS -> abs(x, xOff, out, outOff, n);
            case SIGN -> sign(x, xOff, out, outOff, n);
            case EXP -> exp(x, xOff, out, outOff, n);
            case EXPM1 -> expm1(x, xOff, out, outOff, n);
            case LOG -> log(x, xOff, out, outOff, n);
            case LOG1P -> log1p(x, xOff, out, outOff, n);
            case SQRT -> sqrt(x, xOff, out, outOff, n);
            case RSQRT -> rsqrt(x, xOff, out, outOff, n);
            case RECIPROCAL -> reciprocal(x, xOff, out, outOff, n);
            case SIN -> sin(x, xOff, out, outOff, n);
            case COS -> cos(x, xOff, out, outOff, n);
            case TANH -> tanh(x, xOff, out, outOff, n);
            case SIGMOID -> sigmoid(x, xOff, out, outOff, n);
            case ERF -> erf(x, xOff, out, outOff, n);
            case FLOOR -> floor(x, xOff, out, outOff, n);
            case CEIL -> ceil(x, xOff, out, outOff, n);
            case ROUND -> round(x, xOff, out, outOff, n);
            case NOT -> throw Elementwise.undefined(kind, DType.FLOAT64);
        }
    }

    static void binary(BinaryKind kind, double[] a, int aOff, int aStep, double[] b, int bOff, int bStep, double[] out,
            int outOff, int n) {
        switch (kind) {
            case ADD -> add(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case SUB -> sub(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case MUL -> mul(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case DIV -> div(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case POW -> pow(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case MAX -> max(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case MIN -> min(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT -> throw Elementwise.undefined(kind, DType.FLOAT64);
        }
    }

    static void compare(CompareKind kind, double[] a, int aOff, int aStep, double[] b, int bOff, int bStep, byte[] out,
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

    static void select(byte[] condition, int conditionOff, int conditionStep, double[] ifTrue, int trueOff,
            int trueStep, double[] ifFalse, int falseOff, int falseStep, double[] out, int outOff, int n) {
        byte condition0 = condition[conditionOff];
        double true0 = ifTrue[trueOff];
        double false0 = ifFalse[falseOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (conditionStep == 0 ? condition0 : condition[conditionOff + i]) != 0
                    ? (trueStep == 0 ? true0 : ifTrue[trueOff + i])
                    : (falseStep == 0 ? false0 : ifFalse[falseOff + i]);
        }
    }

    private static void neg(double[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = -x[xOff + i];
        }
    }

    private static void abs(double[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.abs(x[xOff + i]);
        }
    }

    private static void sign(double[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.signum(x[xOff + i]);
        }
    }

    private static void exp(double[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.exp(x[xOff + i]);
        }
    }

    private static void expm1(double[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.expm1(x[xOff + i]);
        }
    }

    private static void log(double[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.log(x[xOff + i]);
        }
    }

    private static void log1p(double[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.log1p(x[xOff + i]);
        }
    }

    private static void sqrt(double[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.sqrt(x[xOff + i]);
        }
    }

    private static void rsqrt(double[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = 1 / Math.sqrt(x[xOff + i]);
        }
    }

    private static void reciprocal(double[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = 1 / x[xOff + i];
        }
    }

    private static void sin(double[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.sin(x[xOff + i]);
        }
    }

    private static void cos(double[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.cos(x[xOff + i]);
        }
    }

    private static void tanh(double[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.tanh(x[xOff + i]);
        }
    }

    private static void sigmoid(double[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = DoubleFunctions.sigmoid(x[xOff + i]);
        }
    }

    private static void erf(double[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = DoubleFunctions.erf(x[xOff + i]);
        }
    }

    private static void floor(double[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.floor(x[xOff + i]);
        }
    }

    private static void ceil(double[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.ceil(x[xOff + i]);
        }
    }

    private static void round(double[] x, int xOff, double[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.rint(x[xOff + i]);
        }
    }

    private static void add(double[] a, int aOff, int aStep, double[] b, int bOff, int bStep, double[] out, int outOff,
            int n) {
        double a0 = a[aOff];
        double b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) + (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    private static void sub(double[] a, int aOff, int aStep, double[] b, int bOff, int bStep, double[] out, int outOff,
            int n) {
        double a0 = a[aOff];
        double b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) - (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    private static void mul(double[] a, int aOff, int aStep, double[] b, int bOff, int bStep, double[] out, int outOff,
            int n) {
        double a0 = a[aOff];
        double b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) * (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    private static void div(double[] a, int aOff, int aStep, double[] b, int bOff, int bStep, double[] out, int outOff,
            int n) {
        double a0 = a[aOff];
        double b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) / (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    private static void pow(double[] a, int aOff, int aStep, double[] b, int bOff, int bStep, double[] out, int outOff,
            int n) {
        double a0 = a[aOff];
        double b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = DoubleFunctions.pow((aStep == 0 ? a0 : a[aOff + i]), (bStep == 0 ? b0 : b[bOff + i]));
        }
    }

    private static void max(double[] a, int aOff, int aStep, double[] b, int bOff, int bStep, double[] out, int outOff,
            int n) {
        double a0 = a[aOff];
        double b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.max((aStep == 0 ? a0 : a[aOff + i]), (bStep == 0 ? b0 : b[bOff + i]));
        }
    }

    private static void min(double[] a, int aOff, int aStep, double[] b, int bOff, int bStep, double[] out, int outOff,
            int n) {
        double a0 = a[aOff];
        double b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.min((aStep == 0 ? a0 : a[aOff + i]), (bStep == 0 ? b0 : b[bOff + i]));
        }
    }

    private static void equal(double[] a, int aOff, int aStep, double[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        double a0 = a[aOff];
        double b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((aStep == 0 ? a0 : a[aOff + i]) == (bStep == 0 ? b0 : b[bOff + i]) ? 1 : 0);
        }
    }

    private static void notEqual(double[] a, int aOff, int aStep, double[] b, int bOff, int bStep, byte[] out,
            int outOff, int n) {
        double a0 = a[aOff];
        double b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((aStep == 0 ? a0 : a[aOff + i]) != (bStep == 0 ? b0 : b[bOff + i]) ? 1 : 0);
        }
    }

    private static void less(double[] a, int aOff, int aStep, double[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        double a0 = a[aOff];
        double b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((aStep == 0 ? a0 : a[aOff + i]) < (bStep == 0 ? b0 : b[bOff + i]) ? 1 : 0);
        }
    }

    private static void lessOrEqual(double[] a, int aOff, int aStep, double[] b, int bOff, int bStep, byte[] out,
            int outOff, int n) {
        double a0 = a[aOff];
        double b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((aStep == 0 ? a0 : a[aOff + i]) <= (bStep == 0 ? b0 : b[bOff + i]) ? 1 : 0);
        }
    }
}
