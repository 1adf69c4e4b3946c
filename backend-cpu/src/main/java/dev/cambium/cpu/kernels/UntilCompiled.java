package dev.cambium.cpu.kernels;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ObjIntConsumer;
import java.util.function.Predicate;

/**
 * Calls loops until the JIT compiler has compiled them. It compiles what was called often (HotSpot's Tier4InvocationThreshold), or far
 * sooner where it is told that some methods are worth it, as the program {@code cambium} does with CompileThresholdScaling. All loops
 * are called in turn until that has begun to show, so that the compiler always has something to do; then they are looked at one after
 * the other, with pauses in proportion to what a look takes, since that is time that the compiler needs.
 */
final class UntilCompiled {
    /** More calls than make C2 compile a method. */
    private static final int CALLS = 5_200;
    /** Calls of a loop between two looks: one that the compiler was too busy to count the calls of needs as many again. */
    private static final int ROUND = 100;
    private static final long SHORTEST_PAUSE_NANOS = 200_000;
    private static final long LONGEST_PAUSE_NANOS = 5_000_000;
    /** How many times as long as a look and the calls behind it the pause is that follows them. */
    private static final int PAUSE_FACTOR = 4;

    private UntilCompiled() {}

    /**
     * Returns whether all loops were compiled before the time was up.
     *
     * @param loops what to call
     * @param call calls a loop some times, mostly with little to do
     * @param isCompiled whether a loop is fast
     * @param limitNanos the time
     */
    static boolean call(List<Runnable> loops, ObjIntConsumer<Runnable> call, Predicate<Runnable> isCompiled,
            long limitNanos) {
        long deadline = System.nanoTime() + limitNanos;
        var waiting = new ArrayDeque<>(loops);
        for (int calls = 0; calls < CALLS && !isCompiled.test(waiting.getFirst()); calls += ROUND) {
            loops.forEach(loop -> call.accept(loop, ROUND));
        }
        while (!waiting.isEmpty() && System.nanoTime() < deadline) {
            long start = System.nanoTime();
            if (isCompiled.test(waiting.getFirst())) {
                waiting.removeFirst();
            } else {
                call.accept(waiting.getFirst(), ROUND);
                LockSupport.parkNanos(Math.clamp(PAUSE_FACTOR * (System.nanoTime() - start), SHORTEST_PAUSE_NANOS,
                        LONGEST_PAUSE_NANOS));
            }
        }
        return waiting.isEmpty();
    }
}
