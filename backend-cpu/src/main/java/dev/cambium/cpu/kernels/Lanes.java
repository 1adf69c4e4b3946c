package dev.cambium.cpu.kernels;

import dev.cambium.tensor.Op.BinaryKind;
import dev.cambium.tensor.Op.CompareKind;
import dev.cambium.tensor.Op.UnaryKind;

/**
 * The loops over floats that the JIT compiler does not vectorise by itself. This is the only door to vectorised code beside
 * {@link Products}: there is an implementation over {@code jdk.incubator.vector} for JVMs that have that module, and a scalar
 * twin. Both give the same bits (of NaNs, only that they are NaNs), so that it does not matter to results when one takes over from
 * the other. Operands are as in {@link Elementwise}, n and channels at least 1.
 */
sealed interface Lanes permits ScalarLanes, VectorLanes {
    /** The fastest implementation that this JVM can run, see {@link Products#limitation}. */
    static Lanes best() {
        return Products.limitation().isEmpty() ? new VectorLanes() : new ScalarLanes();
    }

    /** {@link Elementwise#unary} of floats. */
    void unary(UnaryKind kind, float[] x, int xOff, float[] out, int outOff, int n);

    /** {@link Elementwise#binary} of floats. */
    void binary(BinaryKind kind, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] out,
            int outOff, int n);

    /** {@link Elementwise#compare} of floats. */
    void compare(CompareKind kind, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, byte[] out,
            int outOff, int n);

    /** {@link Elementwise#select} of floats. */
    void select(byte[] condition, int conditionOff, int conditionStep, float[] ifTrue, int trueOff,
            int trueStep, float[] ifFalse, int falseOff, int falseStep, float[] out, int outOff, int n);

    /** {@link Elementwise#selectCompare}. */
    void selectCompare(CompareKind kind, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep,
            float[] ifTrue, int trueOff, int trueStep, float[] ifFalse, int falseOff, int falseStep, float[] out,
            int outOff, int n);

    /** Whole blocks of four words of {@link RandomBits#fill}, the first with the counter {@code block}. */
    void randomBlocks(long seed, int stream, long step, int block, int[] out, int outOff, int blocks);

    /** The largest of a run of elements. */
    float max(float[] x, int xOff, int n);

    /** The sum of a run of elements, see {@link ScalarReductions#sum}. */
    double sum(float[] x, int xOff, int n);

    /** The smallest of a run of elements. */
    float min(float[] x, int xOff, int n);

    /** Sums of columns, see {@link ScalarReductions#sumRows}. */
    void sumRows(float[] x, int xOff, int[] dims, int[] strides, float[] out, int outOff, int columns);

    /**
     * The largest of one window in each of {@code channels} neighbours, of equals the first: the window's element (r, c) is
     * {@code x[xOff + r·rowStep + c·columnStep]}, and it has at least one.
     */
    void maxPool(float[] x, int xOff, int rowStep, int columnStep, int rows, int columns, int channels,
            float[] out, int outOff);

    /** Adds dy, one value a channel, to the places in dx that correspond to those in x that win in {@link #maxPool}. */
    void maxPoolGradient(float[] x, int xOff, int rowStep, int columnStep, int rows, int columns, int channels,
            float[] dy, int dyOff, float[] dx, int dxOff);

    /** What stands in values at the places that correspond to those in x that win in {@link #maxPool}. */
    void maxPoolPick(float[] x, int xOff, int rowStep, int columnStep, int rows, int columns, int channels,
            float[] values, int valuesOff, float[] out, int outOff);

    /** {@link #maxPool} of a row of windows of 2 by 2 places, {@code placeStep} apart. */
    void maxPoolQuads(float[] x, int xOff, int rowStep, int placeStep, int places, int channels, float[] out,
            int outOff);

    /** The gradient of {@link #maxPoolQuads}, if windows don't overlap: writes dy and zeros over the windows' places in dx. */
    void maxPoolQuadsGradient(float[] x, int xOff, int rowStep, int placeStep, int places, int channels,
            float[] dy, int dyOff, float[] dx, int dxOff);

    /** {@link #maxPoolQuads} that also writes, as a float, which place of each window won: 0 to 3, row by row. */
    void maxPoolQuadsWinners(float[] x, int xOff, int rowStep, int placeStep, int places, int channels, float[] out,
            int outOff, float[] winners, int winnersOff);

    /** {@link #maxPoolQuadsGradient} that is told which places won. */
    void maxPoolQuadsScatter(float[] winners, int winnersOff, int rowStep, int placeStep, int places, int channels,
            float[] dy, int dyOff, float[] dx, int dxOff);
}
