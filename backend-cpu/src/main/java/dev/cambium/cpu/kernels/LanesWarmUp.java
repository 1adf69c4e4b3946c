package dev.cambium.cpu.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import dev.cambium.tensor.Op.BinaryKind;
import dev.cambium.tensor.Op.CompareKind;
import dev.cambium.tensor.Op.UnaryKind;

/**
 * Has the JIT compiler compile the loops of a {@link Lanes} before they are needed. Most calls are too short for a vector, which
 * costs next to nothing: what counts is that the compiler sees a loop called often. Enough are long for it to believe in the
 * loop and to inline what it calls, and too few for it to lose its time with the methods of the vector library one by one.
 *
 * <p>
 * A way that no call takes is left out of the compiled code: the first call that takes it later throws the code away, and the loop
 * is slow until it is compiled again. So calls differ in steps, and in whether they fill their last vector.
 */
final class LanesWarmUp {
    private static final long LIMIT_NANOS = 5_000_000_000L;
    /**
     * One call of so many is long, in which a loop goes round three times or more: where it goes round less often than in every fourth call,
     * C2 does not inline functions that are longer than 35 bytecodes (InlineFrequencyRatio, MaxInlineSize), and their vectors are objects.
     */
    private static final int LONG_CALLS = 8;
    /** Fills some vectors of any width. */
    private static final int WHOLE = 48;
    /** Leaves a rest. */
    private static final int REST = 53;
    /** A long call takes less than this once it is compiled, and several times this before. */
    private static final long COMPILED_NANOS = 1_000;
    /**
     * A long call allocates less than this once it is compiled well: where many widths of vectors have been about, one vector a round may stay an
     * object, some 800 bytes a call; where inlining failed, all do, which are 6,500.
     */
    private static final int FEW_BYTES = 2_000;

    private final Lanes lanes;
    private final float[] a = new float[8 * REST];
    private final float[] b = new float[8 * REST];
    private final float[] out = new float[8 * REST];
    private final byte[] mask = new byte[REST];
    private final int[] bits = new int[4 * REST];
    private final int[] oddRows = {2, 3};
    private final int[] evenRows = {2, 2};
    private final int[] strides = {3 * REST, REST};
    private int n;

    private LanesWarmUp(Lanes lanes) {
        this.lanes = lanes;
        for (int i = 0; i < a.length; i++) {
            a[i] = i % 7 - 3;
            b[i] = i % 5 - 2;
        }
    }

    /** Returns whether all loops of a family were compiled before the time was up. */
    static boolean run(Lanes lanes, Function<LanesWarmUp, List<Runnable>> family) {
        var warmUp = new LanesWarmUp(lanes);
        return UntilCompiled.call(family.apply(warmUp), warmUp::call, warmUp::isCompiled, LIMIT_NANOS);
    }

    private void call(Runnable loop, int calls) {
        for (int call = 0; call < calls; call++) {
            n = call % LONG_CALLS != 0 ? 1 : call % (2 * LONG_CALLS) == 0 ? WHOLE : REST;
            loop.run();
        }
    }

    private boolean isCompiled(Runnable loop) {
        n = REST;
        loop.run();
        long start = System.nanoTime();
        loop.run();
        return System.nanoTime() - start < COMPILED_NANOS && Allocations.bytes(loop) < FEW_BYTES;
    }

    /** The loops of {@link Elementwise}. */
    List<Runnable> elementwise() {
        var loops = new ArrayList<Runnable>();
        for (UnaryKind kind : UnaryKind.values()) {
            if (kind != UnaryKind.NOT) {
                loops.add(() -> lanes.unary(kind, a, 0, out, 0, n));
            }
        }
        for (BinaryKind kind : List.of(BinaryKind.ADD, BinaryKind.SUB, BinaryKind.MUL, BinaryKind.DIV, BinaryKind.MAX,
                BinaryKind.MIN)) {
            loops.add(() -> binary(kind));
        }
        for (CompareKind kind : CompareKind.values()) {
            loops.add(() -> compare(kind));
            loops.add(() -> selectCompare(kind));
        }
        loops.add(this::select);
        return loops;
    }

    /** The loop of {@link RandomBits}. */
    List<Runnable> random() {
        return List.of(() -> lanes.randomBlocks(1, 2, 3, 4, bits, 0, n));
    }

    /** The loops of {@link Reductions}. */
    List<Runnable> reductions() {
        return List.of(() -> lanes.max(a, 0, n), () -> lanes.min(a, 0, n), this::sum, this::sumRows,
                () -> binary(BinaryKind.ADD), () -> binary(BinaryKind.MUL), () -> binary(BinaryKind.MAX),
                () -> binary(BinaryKind.MIN));
    }

    /** The loops of {@link Pooling}. */
    List<Runnable> pooling() {
        return List.of(() -> binary(BinaryKind.ADD), () -> lanes.maxPool(a, 0, 2 * REST, REST, 2, 2, n, out, 0),
                () -> lanes.maxPoolGradient(a, 0, 2 * REST, REST, 2, 2, n, b, 0, out, 0),
                () -> lanes.maxPoolPick(a, 0, 2 * REST, REST, 2, 2, n, b, 0, out, 0),
                () -> lanes.maxPoolQuads(a, 0, 4 * REST, 2 * REST, 2, n, out, 0),
                () -> lanes.maxPoolQuadsGradient(a, 0, 4 * REST, 2 * REST, 2, n, b, 0, out, 0),
                () -> lanes.maxPoolQuadsWinners(a, 0, 4 * REST, 2 * REST, 2, n, out, 0, b, 0),
                () -> lanes.maxPoolQuadsScatter(a, 0, 4 * REST, 2 * REST, 2, n, b, 0, out, 0));
    }

    /** Two calls show the JIT compiler both sides of each branch on a step. */
    private void binary(BinaryKind kind) {
        lanes.binary(kind, a, 0, 0, b, 0, 1, out, 0, n);
        lanes.binary(kind, a, 0, 1, b, 0, 0, out, 0, n);
    }

    private void compare(CompareKind kind) {
        lanes.compare(kind, a, 0, 0, b, 0, 1, mask, 0, n);
        lanes.compare(kind, a, 0, 1, b, 0, 0, mask, 0, n);
    }

    private void select() {
        lanes.select(mask, 0, 1, a, 0, 0, b, 0, 1, out, 0, n);
        lanes.select(mask, 0, 1, a, 0, 1, b, 0, 0, out, 0, n);
    }

    private void selectCompare(CompareKind kind) {
        lanes.selectCompare(kind, a, 0, 1, b, 0, 0, a, 0, 0, b, 0, 1, out, 0, n);
        lanes.selectCompare(kind, a, 0, 0, b, 0, 1, a, 0, 1, b, 0, 0, out, 0, n);
    }

    /** Long calls end with two groups of eight behind the last stripe, with three, and with none. */
    private void sum() {
        out[0] = (float) lanes.sum(a, 0, n);
        out[1] = (float) lanes.sum(a, 0, n == 1 ? 1 : 3 * ScalarReductions.GROUP);
        out[2] = (float) lanes.sum(a, 0, n == 1 ? 1 : 2 * ScalarReductions.STRIPE);
    }

    private void sumRows() {
        lanes.sumRows(a, 0, oddRows, strides, out, 0, n);
        lanes.sumRows(a, 0, evenRows, strides, out, 0, n);
    }
}
