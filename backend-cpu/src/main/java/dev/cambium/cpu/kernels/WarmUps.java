package dev.cambium.cpu.kernels;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs what has the JIT compiler compile loops, one after the other in the order in which it comes: side by side they would only take
 * each other's time, and that of the first steps of training.
 */
public final class WarmUps {
    private static final Executor QUEUE = queue();

    private WarmUps() {}

    private static Executor queue() {
        var queue = new ThreadPoolExecutor(1, 1, 100, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("cambium-warm-up").factory());
        queue.allowCoreThreadTimeOut(true);
        return queue;
    }

    /** Adds a task to the queue. The thread that runs it ends when there are no more. */
    public static void submit(Runnable warmUp) {
        QUEUE.execute(warmUp);
    }
}
