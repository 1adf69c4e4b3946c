package dev.cambium.cpu.kernels;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op.BinaryKind;
import dev.cambium.tensor.Op.CompareKind;
import dev.cambium.tensor.Op.UnaryKind;

/**
 * {@link Lanes} over the Vector API. An operation is called through an interface that has many implementations, not in a switch: there C2 would
 * write several loops into one method, and where that has grown too large, their vectors are objects.
 */
final class VectorLanes implements Lanes {
    private interface Unary {
        void run(float[] x, int xOff, float[] out, int outOff, int n);
    }

    private interface Binary {
        void run(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] out, int outOff, int n);
    }

    private interface Compare {
        void run(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, byte[] out, int outOff, int n);
    }

    private interface Select {
        void run(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] ifTrue, int trueOff,
                int trueStep, float[] ifFalse, int falseOff, int falseStep, float[] out, int outOff, int n);
    }

    @Override
    public void unary(UnaryKind kind, float[] x, int xOff, float[] out, int outOff, int n) {
        loop(kind).run(x, xOff, out, outOff, n);
    }

    private static Unary loop(UnaryKind kind) {
        return switch (kind) {
            case NEG -> VectorArithmetic::neg;
            case ABS -> VectorArithmetic::abs;
            case SIGN -> VectorArithmetic::sign;
            case EXP -> VectorFunctions::exp;
            case EXPM1 -> VectorFunctions::expm1;
            case LOG -> VectorFunctions::log;
            case LOG1P -> VectorFunctions::log1p;
            case SQRT -> VectorArithmetic::sqrt;
            case RSQRT -> VectorArithmetic::rsqrt;
            case RECIPROCAL -> VectorArithmetic::reciprocal;
            case SIN -> VectorFunctions::sin;
            case COS -> VectorFunctions::cos;
            case TANH -> VectorFunctions::tanh;
            case SIGMOID -> VectorFunctions::sigmoid;
            case ERF -> VectorFunctions::erf;
            case FLOOR -> VectorArithmetic::floor;
            case CEIL -> VectorArithmetic::ceil;
            case ROUND -> VectorArithmetic::round;
            case NOT -> throw Elementwise.undefined(kind, DType.FLOAT32);
        };
    }

    @Override
    public void binary(BinaryKind kind, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] out,
            int outOff, int n) {
        loop(kind).run(a, aOff, aStep, b, bOff, bStep, out, outOff, n);
    }

    private static Binary loop(BinaryKind kind) {
        return switch (kind) {
            case ADD -> VectorArithmetic::add;
            case SUB -> VectorArithmetic::sub;
            case MUL -> VectorArithmetic::mul;
            case DIV -> VectorArithmetic::div;
            case POW -> ScalarLanes::pow;
            case MAX -> VectorArithmetic::max;
            case MIN -> VectorArithmetic::min;
            case AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT -> throw Elementwise.undefined(kind, DType.FLOAT32);
        };
    }

    @Override
    public void compare(CompareKind kind, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, byte[] out,
            int outOff, int n) {
        Compare loop = switch (kind) {
            case EQ -> VectorChoices::equal;
            case NE -> VectorChoices::notEqual;
            case LT, GT -> VectorChoices::less;
            case LE, GE -> VectorChoices::lessOrEqual;
        };
        boolean turned = isTurned(kind);
        loop.run(turned ? b : a, turned ? bOff : aOff, turned ? bStep : aStep, turned ? a : b, turned ? aOff : bOff,
                turned ? aStep : bStep, out, outOff, n);
    }

    /** Whether a comparison is made with its operands exchanged; by the same call, which two loops alone would not keep from being inlined. */
    private static boolean isTurned(CompareKind kind) {
        return kind == CompareKind.GT || kind == CompareKind.GE;
    }

    @Override
    public void select(byte[] condition, int conditionOff, int conditionStep, float[] ifTrue, int trueOff, int trueStep,
            float[] ifFalse, int falseOff, int falseStep, float[] out, int outOff, int n) {
        VectorChoices.select(condition, conditionOff, conditionStep, ifTrue, trueOff, trueStep, ifFalse, falseOff,
                falseStep, out, outOff, n);
    }

    @Override
    public void selectCompare(CompareKind kind, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep,
            float[] ifTrue, int trueOff, int trueStep, float[] ifFalse, int falseOff, int falseStep, float[] out,
            int outOff, int n) {
        Select loop = switch (kind) {
            case EQ -> VectorChoices::equal;
            case NE -> VectorChoices::notEqual;
            case LT, GT -> VectorChoices::less;
            case LE, GE -> VectorChoices::lessOrEqual;
        };
        boolean turned = isTurned(kind);
        loop.run(turned ? b : a, turned ? bOff : aOff, turned ? bStep : aStep, turned ? a : b, turned ? aOff : bOff,
                turned ? aStep : bStep, ifTrue, trueOff, trueStep, ifFalse, falseOff, falseStep, out, outOff, n);
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
