package dev.cambium.cpu.kernels;

import java.util.Arrays;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op.BinaryKind;
import dev.cambium.tensor.Op.CompareKind;
import dev.cambium.tensor.Op.UnaryKind;

/** Elementwise loops over FLOAT32, see {@link Elementwise}. */
final class Float32Loops {
    private Float32Loops() {}

    static void unary(UnaryKind kind, float[] x, int xOff, float[] out, int outOff, int n) {
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
            case NOT -> throw Elementwise.undefined(kind, DType.FLOAT32);
        }
    }

    static void binary(BinaryKind kind, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] out,
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

    private static void elements(BinaryKind kind, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff,
            int n) {
        switch (kind) {
            case ADD -> add(a, aOff, b, bOff, out, outOff, n);
            case SUB -> sub(a, aOff, b, bOff, out, outOff, n);
            case MUL -> mul(a, aOff, b, bOff, out, outOff, n);
            case DIV -> div(a, aOff, b, bOff, out, outOff, n);
            case POW -> pow(a, aOff, b, bOff, out, outOff, n);
            case MAX -> max(a, aOff, b, bOff, out, outOff, n);
            case MIN -> min(a, aOff, b, bOff, out, outOff, n);
            case AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT -> throw Elementwise.undefined(kind, DType.FLOAT32);
        }
    }

    private static void right(BinaryKind kind, float[] a, int aOff, float b, float[] out, int outOff, int n) {
        switch (kind) {
            case ADD -> add(a, aOff, b, out, outOff, n);
            case SUB -> sub(a, aOff, b, out, outOff, n);
            case MUL -> mul(a, aOff, b, out, outOff, n);
            case DIV -> div(a, aOff, b, out, outOff, n);
            case POW -> pow(a, aOff, b, out, outOff, n);
            case MAX -> max(a, aOff, b, out, outOff, n);
            case MIN -> min(a, aOff, b, out, outOff, n);
            case AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT -> throw Elementwise.undefined(kind, DType.FLOAT32);
        }
    }

    private static void left(BinaryKind kind, float a, float[] b, int bOff, float[] out, int outOff, int n) {
        switch (kind) {
            case ADD -> add(b, bOff, a, out, outOff, n);
            case SUB -> sub(a, b, bOff, out, outOff, n);
            case MUL -> mul(b, bOff, a, out, outOff, n);
            case DIV -> div(a, b, bOff, out, outOff, n);
            case POW -> pow(a, b, bOff, out, outOff, n);
            case MAX -> max(b, bOff, a, out, outOff, n);
            case MIN -> min(b, bOff, a, out, outOff, n);
            case AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT -> throw Elementwise.undefined(kind, DType.FLOAT32);
        }
    }

    static void compare(CompareKind kind, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, byte[] out,
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

    private static void equal(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i * aStep] == b[bOff + i * bStep] ? 1 : 0);
        }
    }

    private static void notEqual(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i * aStep] != b[bOff + i * bStep] ? 1 : 0);
        }
    }

    private static void less(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i * aStep] < b[bOff + i * bStep] ? 1 : 0);
        }
    }

    private static void lessOrEqual(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, byte[] out,
            int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) (a[aOff + i * aStep] <= b[bOff + i * bStep] ? 1 : 0);
        }
    }

    static void select(byte[] condition, int conditionOff, int conditionStep, float[] ifTrue, int trueOff, int trueStep,
            float[] ifFalse, int falseOff, int falseStep, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = condition[conditionOff + i * conditionStep] != 0 ? ifTrue[trueOff + i * trueStep]
                    : ifFalse[falseOff + i * falseStep];
        }
    }

    static void selectCompare(CompareKind kind, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep,
            float[] ifTrue, int trueOff, int trueStep, float[] ifFalse, int falseOff, int falseStep, float[] out,
            int outOff, int n) {
        for (int i = 0; i < n; i++) {
            float x = a[aOff + i * aStep];
            float y = b[bOff + i * bStep];
            boolean holds = switch (kind) {
                case EQ -> x == y;
                case NE -> x != y;
                case LT -> x < y;
                case LE -> x <= y;
                case GT -> x > y;
                case GE -> x >= y;
            };
            out[outOff + i] = holds ? ifTrue[trueOff + i * trueStep] : ifFalse[falseOff + i * falseStep];
        }
    }

    private static void neg(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = -x[xOff + i];
        }
    }

    private static void abs(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.abs(x[xOff + i]);
        }
    }

    private static void sign(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.signum(x[xOff + i]);
        }
    }

    private static void exp(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) Math.exp(x[xOff + i]);
        }
    }

    private static void expm1(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) Math.expm1(x[xOff + i]);
        }
    }

    private static void log(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) Math.log(x[xOff + i]);
        }
    }

    private static void log1p(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) Math.log1p(x[xOff + i]);
        }
    }

    private static void sqrt(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) Math.sqrt(x[xOff + i]);
        }
    }

    private static void rsqrt(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = 1 / (float) Math.sqrt(x[xOff + i]);
        }
    }

    private static void reciprocal(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = 1 / x[xOff + i];
        }
    }

    private static void sin(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) Math.sin(x[xOff + i]);
        }
    }

    private static void cos(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) Math.cos(x[xOff + i]);
        }
    }

    private static void tanh(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) Math.tanh(x[xOff + i]);
        }
    }

    private static void sigmoid(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) DoubleFunctions.sigmoid(x[xOff + i]);
        }
    }

    private static void erf(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) DoubleFunctions.erf(x[xOff + i]);
        }
    }

    private static void floor(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) Math.floor(x[xOff + i]);
        }
    }

    private static void ceil(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) Math.ceil(x[xOff + i]);
        }
    }

    private static void round(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) Math.rint(x[xOff + i]);
        }
    }

    private static void add(float[] a, int aOff, float[] b, int bOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] + b[bOff + i];
        }
    }

    private static void add(float[] a, int aOff, float b, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] + b;
        }
    }

    private static void sub(float[] a, int aOff, float[] b, int bOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] - b[bOff + i];
        }
    }

    private static void sub(float[] a, int aOff, float b, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] - b;
        }
    }

    private static void sub(float a, float[] b, int bOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a - b[bOff + i];
        }
    }

    private static void mul(float[] a, int aOff, float[] b, int bOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] * b[bOff + i];
        }
    }

    private static void mul(float[] a, int aOff, float b, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] * b;
        }
    }

    private static void div(float[] a, int aOff, float[] b, int bOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] / b[bOff + i];
        }
    }

    private static void div(float[] a, int aOff, float b, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a[aOff + i] / b;
        }
    }

    private static void div(float a, float[] b, int bOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = a / b[bOff + i];
        }
    }

    private static void pow(float[] a, int aOff, float[] b, int bOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) Elementwise.pow(a[aOff + i], b[bOff + i]);
        }
    }

    private static void pow(float[] a, int aOff, float b, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) Elementwise.pow(a[aOff + i], b);
        }
    }

    private static void pow(float a, float[] b, int bOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) Elementwise.pow(a, b[bOff + i]);
        }
    }

    private static void max(float[] a, int aOff, float[] b, int bOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.max(a[aOff + i], b[bOff + i]);
        }
    }

    private static void max(float[] a, int aOff, float b, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.max(a[aOff + i], b);
        }
    }

    private static void min(float[] a, int aOff, float[] b, int bOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.min(a[aOff + i], b[bOff + i]);
        }
    }

    private static void min(float[] a, int aOff, float b, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.min(a[aOff + i], b);
        }
    }
}
