package dev.cambium.cpu.kernels;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op.BinaryKind;
import dev.cambium.tensor.Op.CompareKind;
import dev.cambium.tensor.Op.UnaryKind;

/** {@link Lanes} over the Vector API. */
final class VectorLanes implements Lanes {

    @Override
    public void unary(UnaryKind kind, float[] x, int xOff, float[] out, int outOff, int n) {
        switch (kind) {
            case NEG -> VectorArithmetic.neg(x, xOff, out, outOff, n);
            case ABS -> VectorArithmetic.abs(x, xOff, out, outOff, n);
            case SIGN -> VectorArithmetic.sign(x, xOff, out, outOff, n);
            case EXP -> VectorFunctions.exp(x, xOff, out, outOff, n);
            case EXPM1 -> VectorFunctions.expm1(x, xOff, out, outOff, n);
            case LOG -> VectorFunctions.log(x, xOff, out, outOff, n);
            case LOG1P -> VectorFunctions.log1p(x, xOff, out, outOff, n);
            case SQRT -> VectorArithmetic.sqrt(x, xOff, out, outOff, n);
            case RSQRT -> VectorArithmetic.rsqrt(x, xOff, out, outOff, n);
            case RECIPROCAL -> VectorArithmetic.reciprocal(x, xOff, out, outOff, n);
            case SIN -> VectorFunctions.sin(x, xOff, out, outOff, n);
            case COS -> VectorFunctions.cos(x, xOff, out, outOff, n);
            case TANH -> VectorFunctions.tanh(x, xOff, out, outOff, n);
            case SIGMOID -> VectorFunctions.sigmoid(x, xOff, out, outOff, n);
            case ERF -> VectorFunctions.erf(x, xOff, out, outOff, n);
            case FLOOR -> VectorArithmetic.floor(x, xOff, out, outOff, n);
            case CEIL -> VectorArithmetic.ceil(x, xOff, out, outOff, n);
            case ROUND -> VectorArithmetic.round(x, xOff, out, outOff, n);
            case NOT -> throw Elementwise.undefined(kind, DType.FLOAT32);
        }
    }

    @Override
    public void binary(BinaryKind kind, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] out,
            int outOff, int n) {
        switch (kind) {
            case ADD -> VectorArithmetic.add(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case SUB -> VectorArithmetic.sub(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case MUL -> VectorArithmetic.mul(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case DIV -> VectorArithmetic.div(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case POW -> ScalarLanes.pow(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case MAX -> VectorArithmetic.max(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case MIN -> VectorArithmetic.min(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT -> throw Elementwise.undefined(kind, DType.FLOAT32);
        }
    }

    @Override
    public void compare(CompareKind kind, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, byte[] out,
            int outOff, int n) {
        switch (kind) {
            case EQ -> VectorChoices.equal(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case NE -> VectorChoices.notEqual(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case LT -> VectorChoices.less(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case LE -> VectorChoices.lessOrEqual(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
            case GT -> VectorChoices.less(b, bOff, bStep, a, aOff, aStep, out, outOff, n);
            case GE -> VectorChoices.lessOrEqual(b, bOff, bStep, a, aOff, aStep, out, outOff, n);
        }
    }

    @Override
    public void select(byte[] condition, int conditionOff, int conditionStep, float[] ifTrue, int trueOff, int trueStep,
            float[] ifFalse, int falseOff, int falseStep, float[] out, int outOff, int n) {
        VectorChoices.select(condition, conditionOff, conditionStep, ifTrue, trueOff, trueStep, ifFalse, falseOff,
                falseStep, out, outOff, n);
    }

    @Override
    public void selectCompare(CompareKind kind, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep,
            float[] ifTrue,
            int trueOff, int trueStep, float[] ifFalse, int falseOff, int falseStep, float[] out, int outOff, int n) {
        switch (kind) {
            case EQ -> VectorChoices.equal(a, aOff, aStep, b, bOff, bStep, ifTrue, trueOff, trueStep, ifFalse, falseOff,
                    falseStep, out, outOff, n);
            case NE -> VectorChoices.notEqual(a, aOff, aStep, b, bOff, bStep, ifTrue, trueOff, trueStep, ifFalse,
                    falseOff, falseStep, out, outOff, n);
            case LT -> VectorChoices.less(a, aOff, aStep, b, bOff, bStep, ifTrue, trueOff, trueStep, ifFalse, falseOff,
                    falseStep, out, outOff, n);
            case LE -> VectorChoices.lessOrEqual(a, aOff, aStep, b, bOff, bStep, ifTrue, trueOff, trueStep, ifFalse,
                    falseOff, falseStep, out, outOff, n);
            case GT -> VectorChoices.less(b, bOff, bStep, a, aOff, aStep, ifTrue, trueOff, trueStep, ifFalse, falseOff,
                    falseStep, out, outOff, n);
            case GE -> VectorChoices.lessOrEqual(b, bOff, bStep, a, aOff, aStep, ifTrue, trueOff, trueStep, ifFalse,
                    falseOff, falseStep, out, outOff, n);
        }
    }

    @Override
    public float min(float[] x, int xOff, int n) {
        return VectorReductions.min(x, xOff, n);
    }

    @Override
    public double sum(float[] x, int xOff, int n) {
        return VectorReductions.sum(x, xOff, n);
    }

    @Override
    public float max(float[] x, int xOff, int n) {
        return VectorReductions.max(x, xOff, n);
    }

    @Override
    public void sumRows(float[] x, int xOff, int[] dims, int[] strides, float[] out, int outOff, int columns) {
        VectorReductions.sumRows(x, xOff, dims, strides, out, outOff, columns);
    }

    @Override
    public void maxPoolPick(float[] x, int xOff, int rowStep, int columnStep, int rows, int columns, int channels,
            float[] values, int valuesOff, float[] out, int outOff) {
        VectorPooling.maxPick(x, xOff, rowStep, columnStep, rows, columns, channels, values, valuesOff, out, outOff);
    }

    @Override
    public void maxPoolGradient(float[] x, int xOff, int rowStep, int columnStep, int rows, int columns, int channels,
            float[] dy, int dyOff, float[] dx, int dxOff) {
        VectorPooling.maxGradient(x, xOff, rowStep, columnStep, rows, columns, channels, dy, dyOff, dx, dxOff);
    }

    @Override
    public void maxPool(float[] x, int xOff, int rowStep, int columnStep, int rows, int columns, int channels,
            float[] out,
            int outOff) {
        VectorPooling.max(x, xOff, rowStep, columnStep, rows, columns, channels, out, outOff);
    }

    @Override
    public void maxPoolQuadsGradient(float[] x, int xOff, int rowStep, int placeStep, int places, int channels,
            float[] dy,
            int dyOff, float[] dx, int dxOff) {
        VectorPooling.maxQuadsGradient(x, xOff, rowStep, placeStep, places, channels, dy, dyOff, dx, dxOff);
    }

    @Override
    public void maxPoolQuadsWinners(float[] x, int xOff, int rowStep, int placeStep, int places, int channels,
            float[] out, int outOff, float[] winners, int winnersOff) {
        VectorPooling.maxQuadsWinners(x, xOff, rowStep, placeStep, places, channels, out, outOff, winners, winnersOff);
    }

    @Override
    public void maxPoolQuadsScatter(float[] winners, int winnersOff, int rowStep, int placeStep, int places,
            int channels, float[] dy, int dyOff, float[] dx, int dxOff) {
        VectorPooling.maxQuadsScatter(winners, winnersOff, rowStep, placeStep, places, channels, dy, dyOff, dx, dxOff);
    }

    @Override
    public void maxPoolQuads(float[] x, int xOff, int rowStep, int placeStep, int places, int channels, float[] out,
            int outOff) {
        VectorPooling.maxQuads(x, xOff, rowStep, placeStep, places, channels, out, outOff);
    }

    @Override
    public void randomBlocks(long seed, int stream, long step, int block, int[] out, int outOff, int blocks) {
        VectorRandomBits.blocks(seed, stream, step, block, out, outOff, blocks);
    }
}
