package dev.cambium.cpu.kernels;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op;

/**
 * A chain of elementwise operations as one vector loop, generated for it: values between operations stay in registers of the
 * processor. Results are those of {@link Elementwise}, bit by bit, so that it does not matter when the JIT compiler has compiled
 * the loop, which until then is of no use: interpreted vector code is slower by a factor of a thousand.
 */
public final class ChainLoop {
    /** Where an operand or result is. */
    public enum Place {
        /** One element in memory stands for all. */
        SPREAD,
        /** In memory, to be read. */
        READ,
        /** In memory, to be written. */
        WRITTEN,
        /** Between operations. */
        WITHIN
    }

    /**
     * An operand or result.
     *
     * @param type its element type
     * @param place where it is
     */
    public record Slot(DType type, Place place) {}

    /**
     * An operation.
     *
     * @param op what it does; a selection by a comparison has four operands
     * @param condition the comparison of a selection that makes it itself
     * @param operands numbers of slots
     * @param target the slot of the result
     */
    public record Operation(Op op, Optional<Op.Compare> condition, List<Integer> operands, int target) {}

    /**
     * Operations, each after those whose results it takes.
     *
     * @param slots what they work on
     */
    public record Chain(List<Slot> slots, List<Operation> operations) {}

    /** A generated loop. */
    interface Body {
        /** Does as many of the elements as fill vectors, and returns how many those are. */
        int run(Object[] arrays, int[] offsets, int n);
    }

    /** Elements times operations that take longer without a loop than it takes to compile it. */
    private static final long AWAITED_WORK = 1 << 24;
    /** Loops are warmed up for at most this long. */
    private static final long LIMIT_NANOS = 3_000_000_000L;
    private static final int LONG_CALLS = 32;
    private static final int WARM_UP = 64;
    /** Some vectors take less than this for each eight operations once they are compiled, and many times this before. */
    private static final long COMPILED_NANOS = 300;
    private static final Map<Chain, ChainLoop> LOOPS = new ConcurrentHashMap<>();

    private final Chain chain;
    private final Body body;
    private long work;
    private volatile boolean compiled;

    private ChainLoop(Chain chain) {
        this.chain = chain;
        body = ChainGenerator.generate(chain);
    }

    /**
     * Returns the loop of a chain, the same one for equal chains, if this JVM can run it and all of its operations can be generated.
     *
     * @param elements how many it will run over in a step, which says how soon it is to be compiled
     */
    public static Optional<ChainLoop> of(Chain chain, long elements) {
        if (Products.limitation().isPresent() || !ChainGenerator.supports(chain)) {
            return Optional.empty();
        }
        ChainLoop loop = LOOPS.computeIfAbsent(chain, ChainLoop::new);
        loop.want(elements * chain.operations().size());
        return Optional.of(loop);
    }

    /** Has it compiled, and sooner if more waits for it than was known before. */
    private synchronized void want(long more) {
        if (more > work) {
            work = more;
            if (work >= AWAITED_WORK) {
                WarmUps.submitAwaited(this, this::warmUp, work);
            } else {
                WarmUps.submit(this, this::warmUp, work);
            }
        }
    }

    /**
     * Runs over elements.
     *
     * @param arrays for each slot in memory its array
     * @param offsets for each slot in memory where its first element lies
     * @param n how many
     * @return how many of them, from the first one on, it has done: none until it is compiled, and no part of a vector
     */
    public int run(Object[] arrays, int[] offsets, int n) {
        return compiled ? body.run(arrays, offsets, n) : 0;
    }

    /** Runs on small arrays until the JIT compiler has compiled it, and takes it into use. Returns whether it did before the time was up. */
    boolean warmUp() {
        Object[] arrays = chain.slots().stream()
                .map(slot -> slot.type() == DType.BOOL ? (Object) new byte[WARM_UP] : new float[WARM_UP]).toArray();
        int[] offsets = new int[arrays.length];
        compiled = UntilCompiled.call(List.of(() -> body.run(arrays, offsets, WARM_UP)),
                (_, calls) -> call(calls, arrays, offsets), this::isFast, LIMIT_NANOS);
        return compiled;
    }

    private void call(int calls, Object[] arrays, int[] offsets) {
        for (int call = 0; call < calls; call++) {
            body.run(arrays, offsets, call % LONG_CALLS == 0 ? WARM_UP : 1);
        }
    }

    private boolean isFast(Runnable longCall) {
        longCall.run();
        long start = System.nanoTime();
        longCall.run();
        return System.nanoTime() - start < COMPILED_NANOS * (1 + ChainGenerator.length(chain) / 8)
                && Allocations.bytes(longCall) == 0;
    }
}
