package dev.cambium.cpu.kernels;

import java.util.Comparator;
import java.util.concurrent.Executor;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs what has the JIT compiler compile loops, one after the other: side by side they would only take each other's time, and that of
 * the first steps of training. Those that most work waits for come first.
 */
public final class WarmUps {
    private static final Executor QUEUE = queue();
    private static final AtomicLong COUNT = new AtomicLong();
    /** What waits in a step below which compiled loops would not be missed; C2 would be, by other loops. */
    private static final long LEAST_WORK = 1 << 15;
    /** Tasks that are not done. */
    private static final AtomicInteger OPEN = new AtomicInteger();
    private static final Object LOCK = new Object();
    /** Tasks that are awaited and not done. */
    private static int awaited;

    private WarmUps() {}

    /** What came first of equals is first. */
    private record Task(Runnable warmUp, long work, boolean awaited, long number)
            implements Runnable, Comparable<Task> {
        private static final Comparator<Task> ORDER = Comparator.comparingLong(Task::work).reversed()
                .thenComparingLong(Task::number);

        @Override
        public int compareTo(Task other) {
            return ORDER.compare(this, other);
        }

        @Override
        public void run() {
            try {
                warmUp.run();
            } finally {
                OPEN.decrementAndGet();
                if (awaited) {
                    count(-1);
                }
            }
        }
    }

    private static Executor queue() {
        var queue = new ThreadPoolExecutor(1, 1, 100, TimeUnit.MILLISECONDS, new PriorityBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("cambium-warm-up").factory());
        queue.allowCoreThreadTimeOut(true);
        return queue;
    }

    /**
     * Adds a task to the queue, if that is worth it. The thread that runs it ends when there are no more.
     *
     * @param work what waits for it in a step: elements times operations
     */
    public static void submit(Runnable warmUp, long work) {
        if (work >= LEAST_WORK) {
            execute(new Task(warmUp, work, false, COUNT.getAndIncrement()));
        }
    }

    private static void execute(Task task) {
        OPEN.incrementAndGet();
        QUEUE.execute(task);
    }

    /** Returns whether tasks are not done yet, and so the JIT compiler is busy. */
    public static boolean areBusy() {
        return OPEN.get() > 0;
    }

    /**
     * Adds a task for which {@link #await} waits.
     *
     * @param work what waits for it in a step: elements times operations
     */
    public static void submitAwaited(Runnable warmUp, long work) {
        count(1);
        execute(new Task(warmUp, work, true, COUNT.getAndIncrement()));
    }

    private static void count(int more) {
        synchronized (LOCK) {
            awaited += more;
            LOCK.notifyAll();
        }
    }

    /** Waits until what is awaited is done: running without it takes longer than waiting. */
    public static void await() {
        synchronized (LOCK) {
            try {
                while (awaited > 0) {
                    LOCK.wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // what waits goes on, only slower
            }
        }
    }
}
