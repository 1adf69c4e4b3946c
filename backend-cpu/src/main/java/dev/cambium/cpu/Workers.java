package dev.cambium.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * A fixed pool of threads that work on one task at a time, together with the thread that asks. Waiting threads spin for a moment, since
 * the next task usually follows within microseconds, and then park.
 */
final class Workers implements AutoCloseable {
    /** Parts of a task, taken by threads one by one. */
    interface Task {
        /** The number of parts. */
        int parts();

        /**
         * Does one part.
         *
         * @param part
         *            which
         * @param lane
         *            the number of the thread, 0 for the one that asked
         */
        void run(int part, int lane);
    }

    private static final int SPINS = 20_000;

    private final BooleanSupplier needsCore;
    /** How often a waiting thread looks before it gives way: not at all where the one that it waits for may need its core. */
    private final int spins;
    private final Thread[] threads;
    /** For each lane the parts that are left of its share, as {@link #range}. */
    private final AtomicLongArray left;
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicInteger round = new AtomicInteger();
    private volatile boolean closed;
    private @Nullable Task task;
    private @Nullable Throwable failure;
    private volatile int failedPart;

    /**
     * Starts the threads.
     *
     * @param count
     *            how many, the asking one included
     * @param needsCore
     *            whether another thread needs one of their cores, for a while, so that one of them had better rest
     */
    Workers(int count, BooleanSupplier needsCore) {
        this.needsCore = needsCore;
        spins = count <= Runtime.getRuntime().availableProcessors() ? SPINS : 0;
        left = new AtomicLongArray(count);
        threads = new Thread[count - 1];
        for (int i = 0; i < threads.length; i++) {
            int lane = i + 1;
            threads[i] = Thread.ofPlatform().daemon().name("cambium-cpu-" + lane).start(() -> loop(lane));
        }
    }

    /** The number of threads, the asking one included. */
    int count() {
        return threads.length + 1;
    }

    /**
     * Runs all parts of a task. If some fail, the failure of the one with the lowest number is thrown when all threads have stopped: that
     * does not depend on the number of threads, since parts before a failed one are still done. Not to be called by two threads at once.
     *
     * @throws IllegalStateException
     *             if the threads were ended
     */
    void run(Task work) {
        if (closed) {
            throw new IllegalStateException("the threads were ended");
        }
        int parts = work.parts();
        int helpers = helpers();
        if (parts <= 1 || helpers == 0) {
            for (int part = 0; part < parts; part++) {
                work.run(part, 0);
            }
            return;
        }
        task = work;
        failure = null;
        failedPart = parts;
        share(parts);
        busy.set(helpers);
        round.set(next(round.get(), helpers)); // publishes the task
        for (int i = 0; i < helpers; i++) {
            LockSupport.unpark(threads[i]);
        }
        take(work, 0);
        awaitOthers();
        task = null;
        switch (failure) {
            case null -> {
            }
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    /** The threads that help with the next task. */
    private int helpers() {
        return needsCore.getAsBoolean() ? Math.max(0, threads.length - 1) : threads.length;
    }

    /** The number of the next round, whose lowest bit says that the last thread has no part in it. */
    private int next(int number, int helpers) {
        return (number | 1) + 1 + (helpers == threads.length ? 0 : 1);
    }

    private static boolean isOfAll(int number) {
        return (number & 1) == 0;
    }

    @SuppressWarnings("ThreadPriorityCheck") // the others are at their last parts: yielding only lets them have the core
    private void awaitOthers() {
        int looks = 0;
        while (busy.get() != 0) {
            if (++looks < spins) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    private void loop(int lane) {
        int seen = 0;
        while (true) {
            int looks = 0;
            while (round.get() == seen) {
                if (closed) {
                    return;
                } else if (++looks < spins) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
            seen = round.get();
            if (lane < threads.length || isOfAll(seen)) {
                Task work = task;
                if (work != null) {
                    take(work, lane);
                }
                busy.decrementAndGet();
            }
        }
    }

    /** Gives each lane the parts that it had of a task with as many parts before, so that it finds what it wrote in its caches. */
    private void share(int parts) {
        int lanes = count();
        for (int lane = 0; lane < lanes; lane++) {
            left.set(lane, range(share(parts, lane), share(parts, lane + 1)));
        }
    }

    private int share(int parts, int lane) {
        return (int) ((long) parts * lane / count());
    }

    private static long range(int from, int to) {
        return (long) from << 32 | to;
    }

    private void take(Task work, int lane) {
        for (int part = next(lane); part >= 0; part = next(lane)) {
            if (part < failedPart) {
                try {
                    work.run(part, lane);
                } catch (RuntimeException | Error e) {
                    fail(part, e);
                }
            }
        }
    }

    /** The first part left of a lane's share, or where there is none the last one of another's; -1 if all are taken. */
    private int next(int lane) {
        int part = take(lane, true);
        for (int other = 1; part < 0 && other < count(); other++) {
            part = take((lane + other) % count(), false);
        }
        return part;
    }

    private int take(int lane, boolean first) {
        while (true) {
            long range = left.get(lane);
            int from = (int) (range >> 32);
            int to = (int) range;
            if (from == to) {
                return -1;
            }
            if (left.compareAndSet(lane, range, first ? range(from + 1, to) : range(from, to - 1))) {
                return first ? from : to - 1;
            }
        }
    }

    private synchronized void fail(int part, Throwable e) {
        if (part < failedPart) {
            failedPart = part;
            failure = e;
        }
    }

    /** Ends the threads, after the task that they are at; closing twice does nothing. */
    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
    }
}
