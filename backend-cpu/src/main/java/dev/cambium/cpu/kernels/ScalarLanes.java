package dev.cambium.cpu.kernels;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op.BinaryKind;
import dev.cambium.tensor.Op.CompareKind;
import dev.cambium.tensor.Op.UnaryKind;

/** {@link Lanes} in plain Java. */
final class ScalarLanes implements Lanes {

    @Override
    public void unary(UnaryKind kind, float[] x, int xOff, float[] out, int outOff, int n) {
        switch (kind) {
            case NEG -> neg(x, xOff, out, outOff, n);
            case ABS -> abs(x, xOff, out, outOff, n);
            case SIGN -> sign(x, xOff, out, outOff, n);
            case EXP -> FloatFunctions.exp(x, xOff, out, outOff, n);
            case EXPM1 -> FloatFunctions.expm1(x, xOff, out, outOff, n);
            case LOG -> FloatFunctions.log(x, xOff, out, outOff, n);
            case LOG1P -> FloatFunctions.log1p(x, xOff, out, outOff, n);
            case SQRT -> sqrt(x, xOff, out, outOff, n);
            case RSQRT -> rsqrt(x, xOff, out, outOff, n);
            case RECIPROCAL -> reciprocal(x, xOff, out, outOff, n);
            case SIN -> FloatFunctions.sin(x, xOff, out, outOff, n);
            case COS -> FloatFunctions.cos(x, xOff, out, outOff, n);
            case TANH -> FloatFunctions.tanh(x, xOff, out, outOff, n);
            case SIGMOID -> FloatFunctions.sigmoid(x, xOff, out, outOff, n);
            case ERF -> FloatFunctions.erf(x, xOff, out, outOff, n);
            case FLOOR -> floor(x, xOff, out, outOff, n);
            case CEIL -> ceil(x, xOff, out, outOff, n);
            case ROUND -> round(x, xOff, out, outOff, n);
            case NOT -> throw Elementwise.undefined(kind, DType.FLOAT32);
        }
    }

    @Override
    public void binary(BinaryKind kind, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] out,
            int outOff, int n) {
        switch (kind) {
            case ADD -> add(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case SUB -> sub(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case MUL -> mul(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case DIV -> div(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case POW -> pow(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case MAX -> max(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case MIN -> min(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT -> throw Elementwise.undefined(kind, DType.FLOAT32);
        }
    }

    @Override
    public void compare(CompareKind kind, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, byte[] out,
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

    @Override
    public void select(byte[] condition, int conditionOff, int conditionStep, float[] ifTrue, int trueOff, int trueStep,
            float[] ifFalse, int falseOff, int falseStep, float[] out, int outOff, int n) {
        choose(condition, conditionOff, conditionStep, ifTrue, trueOff, trueStep, ifFalse, falseOff, falseStep, out,
                outOff, n);
    }

    @Override
    public void selectCompare(CompareKind kind, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep,
            float[] ifTrue,
            int trueOff, int trueStep, float[] ifFalse, int falseOff, int falseStep, float[] out, int outOff, int n) {
        switch (kind) {
            case EQ -> equal(a, aOff, aStep, b, bOff, bStep, ifTrue, trueOff, trueStep, ifFalse, falseOff, falseStep,
                    out, outOff, n);
            case NE -> notEqual(a, aOff, aStep, b, bOff, bStep, ifTrue, trueOff, trueStep, ifFalse, falseOff, falseStep,
                    out, outOff, n);
            case LT -> less(a, aOff, aStep, b, bOff, bStep, ifTrue, trueOff, trueStep, ifFalse, falseOff, falseStep,
                    out, outOff, n);
            case LE -> lessOrEqual(a, aOff, aStep, b, bOff, bStep, ifTrue, trueOff, trueStep, ifFalse, falseOff,
                    falseStep, out, outOff, n);
            case GT -> less(b, bOff, bStep, a, aOff, aStep, ifTrue, trueOff, trueStep, ifFalse, falseOff, falseStep,
                    out, outOff, n);
            case GE -> lessOrEqual(b, bOff, bStep, a, aOff, aStep, ifTrue, trueOff, trueStep, ifFalse, falseOff,
                    falseStep, out, outOff, n);
        }
    }

    @Override
    public float min(float[] x, int xOff, int n) {
        return ScalarReductions.min(x, xOff, n);
    }

    @Override
    public double sum(float[] x, int xOff, int n) {
        return ScalarReductions.sum(x, xOff, n);
    }

    @Override
    public float max(float[] x, int xOff, int n) {
        return ScalarReductions.max(x, xOff, n);
    }

    @Override
    public void sumRows(float[] x, int xOff, int[] dims, int[] strides, float[] out, int outOff, int columns) {
        ScalarReductions.sumRows(x, xOff, dims, strides, out, outOff, columns);
    }

    @Override
    public void maxPoolPick(float[] x, int xOff, int rowStep, int columnStep, int rows, int columns, int channels,
            float[] values, int valuesOff, float[] out, int outOff) {
        ScalarPooling.maxPick(x, xOff, rowStep, columnStep, rows, columns, channels, values, valuesOff, out, outOff);
    }

    @Override
    public void maxPoolGradient(float[] x, int xOff, int rowStep, int columnStep, int rows, int columns, int channels,
            float[] dy, int dyOff, float[] dx, int dxOff) {
        ScalarPooling.maxGradient(x, xOff, rowStep, columnStep, rows, columns, channels, dy, dyOff, dx, dxOff);
    }

    @Override
    public void maxPool(float[] x, int xOff, int rowStep, int columnStep, int rows, int columns, int channels,
            float[] out,
            int outOff) {
        ScalarPooling.max(x, xOff, rowStep, columnStep, rows, columns, channels, out, outOff);
    }

    @Override
    public void maxPoolQuadsGradient(float[] x, int xOff, int rowStep, int placeStep, int places, int channels,
            float[] dy,
            int dyOff, float[] dx, int dxOff) {
        ScalarPooling.maxQuadsGradient(x, xOff, rowStep, placeStep, places, channels, dy, dyOff, dx, dxOff);
    }

    @Override
    public void maxPoolQuadsWinners(float[] x, int xOff, int rowStep, int placeStep, int places, int channels,
            float[] out, int outOff, float[] winners, int winnersOff) {
        ScalarPooling.maxQuadsWinners(x, xOff, rowStep, placeStep, places, channels, out, outOff, winners, winnersOff);
    }

    @Override
    public void maxPoolQuadsScatter(float[] winners, int winnersOff, int rowStep, int placeStep, int places,
            int channels, float[] dy, int dyOff, float[] dx, int dxOff) {
        ScalarPooling.maxQuadsScatter(winners, winnersOff, rowStep, placeStep, places, channels, dy, dyOff, dx, dxOff);
    }

    @Override
    public void maxPoolQuads(float[] x, int xOff, int rowStep, int placeStep, int places, int channels, float[] out,
            int outOff) {
        ScalarPooling.maxQuads(x, xOff, rowStep, placeStep, places, channels, out, outOff);
    }

    @Override
    public void randomBlocks(long seed, int stream, long step, int block, int[] out, int outOff, int blocks) {
        RandomBits.blocks(seed, stream, step, block, out, outOff, blocks);
    }

    static void neg(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = -x[xOff + i];
        }
    }

    static void abs(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.abs(x[xOff + i]);
        }
    }

    static void sign(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.signum(x[xOff + i]);
        }
    }

    static void sqrt(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) Math.sqrt(x[xOff + i]);
        }
    }

    static void rsqrt(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = 1 / (float) Math.sqrt(x[xOff + i]);
        }
    }

    static void reciprocal(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = 1 / x[xOff + i];
        }
    }

    static void floor(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) Math.floor(x[xOff + i]);
        }
    }

    static void ceil(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) Math.ceil(x[xOff + i]);
        }
    }

    static void round(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) Math.rint(x[xOff + i]);
        }
    }

    static void add(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] out, int outOff, int n) {
        float a0 = a[aOff];
        float b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) + (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    static void sub(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] out, int outOff, int n) {
        float a0 = a[aOff];
        float b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) - (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    static void mul(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] out, int outOff, int n) {
        float a0 = a[aOff];
        float b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) * (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    static void div(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] out, int outOff, int n) {
        float a0 = a[aOff];
        float b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) / (bStep == 0 ? b0 : b[bOff + i]);
        }
    }

    static void pow(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] out, int outOff, int n) {
        float a0 = a[aOff];
        float b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (float) DoubleFunctions.pow((aStep == 0 ? a0 : a[aOff + i]),
                    (bStep == 0 ? b0 : b[bOff + i]));
        }
    }

    static void max(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] out, int outOff, int n) {
        float a0 = a[aOff];
        float b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.max((aStep == 0 ? a0 : a[aOff + i]), (bStep == 0 ? b0 : b[bOff + i]));
        }
    }

    static void min(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] out, int outOff, int n) {
        float a0 = a[aOff];
        float b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Math.min((aStep == 0 ? a0 : a[aOff + i]), (bStep == 0 ? b0 : b[bOff + i]));
        }
    }

    static void equal(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, byte[] out, int outOff, int n) {
        float a0 = a[aOff];
        float b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((aStep == 0 ? a0 : a[aOff + i]) == (bStep == 0 ? b0 : b[bOff + i]) ? 1 : 0);
        }
    }

    static void notEqual(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        float a0 = a[aOff];
        float b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((aStep == 0 ? a0 : a[aOff + i]) != (bStep == 0 ? b0 : b[bOff + i]) ? 1 : 0);
        }
    }

    static void less(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, byte[] out, int outOff, int n) {
        float a0 = a[aOff];
        float b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((aStep == 0 ? a0 : a[aOff + i]) < (bStep == 0 ? b0 : b[bOff + i]) ? 1 : 0);
        }
    }

    static void lessOrEqual(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        float a0 = a[aOff];
        float b0 = b[bOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (byte) ((aStep == 0 ? a0 : a[aOff + i]) <= (bStep == 0 ? b0 : b[bOff + i]) ? 1 : 0);
        }
    }

    static void choose(byte[] condition, int conditionOff, int conditionStep, float[] ifTrue, int trueOff, int trueStep,
            float[] ifFalse, int falseOff, int falseStep, float[] out, int outOff, int n) {
        byte condition0 = condition[conditionOff];
        float true0 = ifTrue[trueOff];
        float false0 = ifFalse[falseOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (conditionStep == 0 ? condition0 : condition[conditionOff + i]) != 0
                    ? (trueStep == 0 ? true0 : ifTrue[trueOff + i])
                    : (falseStep == 0 ? false0 : ifFalse[falseOff + i]);
        }
    }

    static void equal(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] ifTrue, int trueOff,
            int trueStep, float[] ifFalse, int falseOff, int falseStep, float[] out, int outOff, int n) {
        float a0 = a[aOff];
        float b0 = b[bOff];
        float true0 = ifTrue[trueOff];
        float false0 = ifFalse[falseOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) == (bStep == 0 ? b0 : b[bOff + i])
                    ? (trueStep == 0 ? true0 : ifTrue[trueOff + i])
                    : (falseStep == 0 ? false0 : ifFalse[falseOff + i]);
        }
    }

    static void notEqual(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] ifTrue, int trueOff,
            int trueStep, float[] ifFalse, int falseOff, int falseStep, float[] out, int outOff, int n) {
        float a0 = a[aOff];
        float b0 = b[bOff];
        float true0 = ifTrue[trueOff];
        float false0 = ifFalse[falseOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) != (bStep == 0 ? b0 : b[bOff + i])
                    ? (trueStep == 0 ? true0 : ifTrue[trueOff + i])
                    : (falseStep == 0 ? false0 : ifFalse[falseOff + i]);
        }
    }

    static void less(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] ifTrue, int trueOff,
            int trueStep, float[] ifFalse, int falseOff, int falseStep, float[] out, int outOff, int n) {
        float a0 = a[aOff];
        float b0 = b[bOff];
        float true0 = ifTrue[trueOff];
        float false0 = ifFalse[falseOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) < (bStep == 0 ? b0 : b[bOff + i])
                    ? (trueStep == 0 ? true0 : ifTrue[trueOff + i])
                    : (falseStep == 0 ? false0 : ifFalse[falseOff + i]);
        }
    }

    static void lessOrEqual(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] ifTrue, int trueOff,
            int trueStep, float[] ifFalse, int falseOff, int falseStep, float[] out, int outOff, int n) {
        float a0 = a[aOff];
        float b0 = b[bOff];
        float true0 = ifTrue[trueOff];
        float false0 = ifFalse[falseOff];
        for (int i = 0; i < n; i++) {
            out[outOff + i] = (aStep == 0 ? a0 : a[aOff + i]) <= (bStep == 0 ? b0 : b[bOff + i])
                    ? (trueStep == 0 ? true0 : ifTrue[trueOff + i])
                    : (falseStep == 0 ? false0 : ifFalse[falseOff + i]);
        }
    }
}
