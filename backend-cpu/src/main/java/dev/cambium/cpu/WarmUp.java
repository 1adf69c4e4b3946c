package dev.cambium.cpu;

import java.util.concurrent.CountDownLatch;

import dev.cambium.cpu.kernels.Elementwise;
import dev.cambium.cpu.kernels.Products;

/**
 * Has the kernels compiled by the JVM once in a process, on a thread of its own, while data loads and graphs compile: interpreted
 * vector code is slower than compiled code by orders of magnitude.
 */
final class WarmUp {
    private static final CountDownLatch DONE = new CountDownLatch(1);

    private WarmUp() {}

    /** Starts it unless it was started before. */
    static void start() {
        Starter.THREAD.isAlive();
    }

    /** Waits until the products are compiled. */
    static void await() {
        try {
            DONE.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the run goes on, only slower
        }
    }

    private static void run() {
        try {
            Products.best().warmUp();
        } finally {
            DONE.countDown();
        }
        Elementwise.warmUp();
    }

    private static final class Starter {
        static final Thread THREAD = Thread.ofPlatform().daemon().name("cambium-warm-up").start(WarmUp::run);
    }
}
