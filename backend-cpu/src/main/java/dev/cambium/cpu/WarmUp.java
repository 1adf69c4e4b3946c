package dev.cambium.cpu;

import java.util.concurrent.atomic.AtomicBoolean;

import dev.cambium.cpu.kernels.Products;
import dev.cambium.cpu.kernels.WarmUps;

/**
 * Has the kernels of products compiled by the JVM once in a process, on a thread of its own, while data loads and graphs compile: interpreted
 * vector code is slower than compiled code by orders of magnitude.
 */
final class WarmUp {
    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private WarmUp() {}

    /** Starts it unless it was started before. */
    static void start() {
        if (!STARTED.getAndSet(true)) {
            WarmUps.submitAwaited(WarmUp.class, WarmUp::run, Long.MAX_VALUE);
        }
    }

    /** What the first steps can do without is left to {@link dev.cambium.cpu.compiler.Program#warmUp}. */
    private static boolean run() {
        Products.best().warmUp();
        return true;
    }
}
