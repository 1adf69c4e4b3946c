package dev.cambium.cpu;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.cambium.cpu.kernels.Elementwise;
import dev.cambium.cpu.kernels.Products;
import dev.cambium.cpu.kernels.WarmUps;

/**
 * Has the kernels compiled by the JVM once in a process, on a thread of its own, while data loads and graphs compile: interpreted
 * vector code is slower than compiled code by orders of magnitude.
 */
final class WarmUp {
    private static final CountDownLatch DONE = new CountDownLatch(1);
    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private WarmUp() {}

    /** Starts it unless it was started before. What warm-ups graphs ask for in the meantime come before those that may never be needed. */
    static void start() {
        if (!STARTED.getAndSet(true)) {
            WarmUps.submit(WarmUp::products, Long.MAX_VALUE);
        }
    }

    /** Waits until the products are compiled. */
    static void await() {
        try {
            DONE.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the run goes on, only slower
        }
    }

    private static void products() {
        try {
            Products.best().warmUp();
        } finally {
            DONE.countDown();
            WarmUps.submit(Elementwise::warmUp, 0);
        }
    }
}
