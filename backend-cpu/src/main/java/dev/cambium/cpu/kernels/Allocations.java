package dev.cambium.cpu.kernels;

import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;

/** What loops allocate, which is nothing unless the JIT compiler left their vectors as objects. */
final class Allocations {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocations() {}

    /** Runs a loop, and returns whether this thread allocated nothing meanwhile. */
    static boolean none(Runnable loop) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        loop.run();
        return THREADS.getCurrentThreadAllocatedBytes() == before;
    }
}
