package dev.cambium.cpu;

import java.util.concurrent.atomic.AtomicBoolean;

import dev.cambium.cpu.kernels.Elementwise;
import dev.cambium.cpu.kernels.Pooling;
import dev.cambium.cpu.kernels.Products;
import dev.cambium.cpu.kernels.RandomBits;
import dev.cambium.cpu.kernels.Reductions;
import dev.cambium.cpu.kernels.WarmUps;

/**
 * Has the kernels compiled by the JVM once in a process, on a thread of its own, while data loads and graphs compile: interpreted
 * vector code is slower than compiled code by orders of magnitude.
 */
final class WarmUp {
    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private WarmUp() {}

    /** Starts it unless it was started before. */
    static void start() {
        if (!STARTED.getAndSet(true)) {
            WarmUps.submitAwaited(WarmUp::run, Long.MAX_VALUE);
        }
    }

    /**
     * What graphs ask for in the meantime comes before what may never be needed. That comes all the same, and soon: loops that are
     * compiled late, when vectors of other widths have been about, keep their vectors as objects more often.
     */
    private static void run() {
        Products.best().warmUp();
        WarmUps.submit(Reductions::warmUp, 0);
        WarmUps.submit(Pooling::warmUp, 0);
        WarmUps.submit(RandomBits::warmUp, 0);
        WarmUps.submit(Elementwise::warmUp, 0);
        WarmUps.submit(Products.best()::warmUpTransposition, 0);
    }
}
