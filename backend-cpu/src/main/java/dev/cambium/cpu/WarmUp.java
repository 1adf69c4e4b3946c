package dev.cambium.cpu;

import java.util.concurrent.atomic.AtomicBoolean;

import dev.cambium.cpu.kernels.Products;
import dev.cambium.cpu.kernels.WarmUps;

/**
 * Has the kernels compiled by the JVM once in a process, on a thread of its own, while data loads and graphs compile: interpreted
 * vector code is slower than compiled code by orders of magnitude.
 */
final class WarmUp {
    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private WarmUp() {}

    /** Starts it unless it was started before. Other loops are compiled when a graph needs them. */
    static void start() {
        if (!STARTED.getAndSet(true)) {
            WarmUps.submitAwaited(Products.best()::warmUp, Long.MAX_VALUE);
        }
    }
}
