package dev.cambium.cpu.kernels;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Runs what has the JIT compiler compile loops, one after the other: side by side they would only take each other's time, and that of
 * the first steps of training. Those that most work waits for come first. What returns that its loops are not compiled well, because
 * the compiler had no time or left vectors as objects, is run again when the others are done.
 */
public final class WarmUps {
    private static final Executor QUEUE = queue();
    private static final AtomicLong COUNT = new AtomicLong();
    /** What waits in a step below which compiled loops would not be missed; C2 would be, by other loops. */
    private static final long LEAST_WORK = 1 << 15;
    private static final int ATTEMPTS = 3;
    /** Tasks whose first attempt is not over. */
    private static final AtomicInteger OPEN = new AtomicInteger();
    /** Of what the loops have had their first attempt. */
    private static final Set<Object> BEGUN = ConcurrentHashMap.newKeySet();
    private static final Object LOCK = new Object();
    /** Tasks that are awaited and not done. */
    private static int awaited;

    private WarmUps() {}

    /** What came first of equals is first. */
    private record Task(Object loops, BooleanSupplier warmUp, long work, boolean awaited, long number, int attempt)
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
                boolean isNext = attempt > 1 || BEGUN.add(loops);
                if (isNext && !warmUp.getAsBoolean() && attempt < ATTEMPTS) {
                    QUEUE.execute(new Task(loops, warmUp, 0, false, COUNT.getAndIncrement(), attempt + 1));
                }
            } finally {
                if (attempt == 1) {
                    OPEN.decrementAndGet();
                }
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
     * Adds a task to the queue, if that is worth it. Of several for the same loops the first is run. The thread that runs it ends when there
     * are no more.
     *
     * @param loops which they are: an object or a class of theirs
     * @param warmUp returns whether its loops are compiled
     * @param work what waits for it in a step: elements times operations
     */
    public static void submit(Object loops, BooleanSupplier warmUp, long work) {
        if (work >= LEAST_WORK) {
            begin(new Task(loops, warmUp, work, false, COUNT.getAndIncrement(), 1));
        }
    }

    private static void begin(Task task) {
        OPEN.incrementAndGet();
        QUEUE.execute(task);
    }

    /** Returns whether there are tasks that have not been run yet, and so the JIT compiler is busy. */
    public static boolean areBusy() {
        return OPEN.get() > 0;
    }

    /**
     * Adds a task for which {@link #await} waits.
     *
     * @param loops which they are
     * @param warmUp returns whether its loops are compiled
     * @param work what waits for it in a step: elements times operations
     */
    public static void submitAwaited(Object loops, BooleanSupplier warmUp, long work) {
        count(1);
        begin(new Task(loops, warmUp, work, true, COUNT.getAndIncrement(), 1));
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
