package dev.cambium.cpu;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * A fixed pool of threads that work on one job at a time, together with the thread that asks. Which part is done by which thread shows only while
 * the job runs: one that the system has taken the processor from holds up the others only by a part that it has begun. Waiting threads spin for a
 * moment, since the next job usually follows soon, and then park.
 */
final class Workers implements AutoCloseable {
    /** Parts of work, taken by threads one by one. */
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

    /**
     * Tasks of which each begins when all parts of the one before are done. Made once and run many times by one pool, since running it allocates
     * nothing.
     */
    static final class Job {
        private static final int NONE = -1;
        /** That round of the job is over; it may have been begun anew. */
        private static final int LATE = -2;
        private static final int MOST = (1 << 16) - 1;

        private final Task[] tasks;
        private final int[] parts;
        /** Parts that a thread takes at once: one, unless they are too many to be counted. */
        private final int[] atOnce;
        private final int lanes;
        /** For each task and lane what is left of the lane's share, as {@link #range}. */
        private final AtomicLongArray left;
        /** For each task how many takes are not done yet. */
        private final AtomicIntegerArray undone;
        private final boolean ofOneThread;

        private Job(List<? extends Task> tasks, int lanes) {
            this.tasks = tasks.toArray(Task[]::new);
            this.lanes = lanes;
            parts = tasks.stream().mapToInt(Task::parts).toArray();
            atOnce = Arrays.stream(parts).map(count -> Math.max(1, Math.ceilDiv(count, MOST))).toArray();
            left = new AtomicLongArray(tasks.size() * lanes);
            undone = new AtomicIntegerArray(tasks.size());
            ofOneThread = Arrays.stream(parts).allMatch(count -> count <= 1);
        }

        /** Gives each lane the parts that it had before, so that it finds what it wrote in its caches. */
        private void begin(int round) {
            for (int task = 0; task < tasks.length; task++) {
                int count = Math.ceilDiv(parts[task], atOnce[task]);
                undone.set(task, count);
                for (int lane = 0; lane < lanes; lane++) {
                    left.set(task * lanes + lane, range(round, share(count, lane), share(count, lane + 1)));
                }
            }
        }

        /**
         * Leaves nothing of what follows a failure to a thread that is late: the next round forgets the failure, which is all that keeps such a thread
         * from the next task.
         */
        private void end() {
            for (int at = 0; at < left.length(); at++) {
                left.set(at, 0);
            }
        }

        private int share(int count, int lane) {
            return (int) Math.ceilDiv((long) count * lane, lanes);
        }

        /** From where to where, and of which round: a thread that is late does not take what belongs to another. */
        private static long range(int round, int from, int to) {
            return (long) round << 32 | (long) from << 16 | to;
        }

        /** The first that is left of a lane's share, or where there is none the last one of another's. */
        private int next(int task, int lane, int round) {
            int next = take(task, lane, round, true);
            for (int other = 1; next == NONE && other < lanes; other++) {
                next = take(task, (lane + other) % lanes, round, false);
            }
            return next;
        }

        private int take(int task, int lane, int round, boolean first) {
            int at = task * lanes + lane;
            while (true) {
                long range = left.get(at);
                int from = (int) (range >> 16) & MOST;
                int to = (int) range & MOST;
                if (range != range(round, from, to)) {
                    return LATE;
                } else if (from == to) {
                    return NONE;
                } else if (left.compareAndSet(at, range,
                        first ? range(round, from + 1, to) : range(round, from, to - 1))) {
                    return first ? from : to - 1;
                }
            }
        }
    }

    /**
     * How long a thread looks for the next job before it parks: longer than it takes to go from one step of training to the next, since
     * waking a thread of a virtual machine takes some 0.1 ms.
     */
    private static final long SPIN_NANOS = 1_000_000;
    /** How long it looks for the end of parts that others are at before it gives way to them. */
    private static final long SHORT_SPIN_NANOS = 50_000;

    private final BooleanSupplier needsCore;
    /** Whether each thread has a core, so that one that waits takes it from nobody. */
    private final boolean enoughCores;
    private final Thread[] threads;
    private final AtomicInteger round = new AtomicInteger();
    private volatile boolean closed;
    private volatile @Nullable Job current;
    private volatile @Nullable Throwable failure;
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
        enoughCores = count <= Runtime.getRuntime().availableProcessors();
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

    /** A job of some tasks, to be run by these threads. */
    Job job(List<? extends Task> tasks) {
        return new Job(tasks, count());
    }

    /**
     * Runs all tasks of a job. If parts of one fail, the failure of the one with the lowest number is thrown, and the tasks behind it are not begun:
     * that does not depend on the number of threads, since parts before a failed one are still done. Not to be called by two threads at once.
     *
     * @throws IllegalStateException
     *             if the threads were ended
     */
    void run(Job job) {
        if (closed) {
            throw new IllegalStateException("the threads were ended");
        }
        int helpers = helpers();
        if (helpers == 0 || job.ofOneThread) {
            for (int task = 0; task < job.tasks.length; task++) {
                for (int part = 0; part < job.parts[task]; part++) {
                    job.tasks[task].run(part, 0);
                }
            }
            return;
        }
        failure = null;
        failedPart = Integer.MAX_VALUE;
        int number = next(round.get(), helpers);
        job.begin(number);
        current = job;
        round.set(number);
        for (int i = 0; i < helpers; i++) {
            LockSupport.unpark(threads[i]);
        }
        work(job, number, 0);
        current = null;
        Throwable thrown = failure;
        if (thrown != null) {
            job.end();
            switch (thrown) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new IllegalStateException(thrown);
            }
        }
    }

    /** The threads that help with the next job. */
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

    private void loop(int lane) {
        int seen = 0;
        while (true) {
            boolean spins = enoughCores && takesPart(lane, seen);
            long since = System.nanoTime();
            while (round.get() == seen) {
                if (closed) {
                    return;
                } else if (spins && System.nanoTime() - since < SPIN_NANOS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
            seen = round.get();
            Job job = current;
            if (job != null && takesPart(lane, seen)) {
                work(job, seen, lane);
            }
        }
    }

    private boolean takesPart(int lane, int number) {
        return lane < threads.length || isOfAll(number);
    }

    /** Takes part in a job until all of it is done, or one of its parts has failed. */
    private void work(Job job, int number, int lane) {
        for (int task = 0; task < job.tasks.length; task++) {
            int next = job.next(task, lane, number);
            for (; next >= 0; next = job.next(task, lane, number)) {
                run(job, task, next, lane);
                job.undone.decrementAndGet(task);
            }
            if (next == Job.LATE || !awaitAll(job, task, number) || failure != null) {
                return;
            }
        }
    }

    private void run(Job job, int task, int taken, int lane) {
        int to = (int) Math.min(job.parts[task], (taken + 1L) * job.atOnce[task]);
        for (int part = taken * job.atOnce[task]; part < to && part < failedPart; part++) {
            try {
                job.tasks[task].run(part, lane);
            } catch (Throwable e) {
                fail(part, e);
            }
        }
    }

    /** Waits until all parts of a task are done. Returns false for a thread that is late: that round of the job is over. */
    @SuppressWarnings("ThreadPriorityCheck") // yielding only lets those have the core that it waits for
    private boolean awaitAll(Job job, int task, int number) {
        long since = System.nanoTime();
        while (job.undone.get(task) != 0) {
            long waited = System.nanoTime() - since;
            if (round.get() != number) {
                return false;
            } else if (enoughCores && waited < SHORT_SPIN_NANOS) {
                Thread.onSpinWait();
            } else if (waited < SPIN_NANOS) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(this, SHORT_SPIN_NANOS);
            }
        }
        return true;
    }

    private synchronized void fail(int part, Throwable e) {
        if (part < failedPart) {
            failedPart = part;
            failure = e;
        }
    }

    /** Ends the threads, after the job that they are at; closing twice does nothing. */
    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
    }
}
