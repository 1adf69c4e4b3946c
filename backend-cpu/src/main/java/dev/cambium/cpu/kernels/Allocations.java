package dev.cambium.cpu.kernels;

import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;

/** What loops allocate, which is nothing unless the JIT compiler left vectors as objects. */
final class Allocations {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocations() {}

    /** Runs a loop, and returns the bytes that this thread allocated meanwhile. */
    static long bytes(Runnable loop) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        loop.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
