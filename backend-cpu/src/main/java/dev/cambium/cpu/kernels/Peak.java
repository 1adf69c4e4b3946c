package dev.cambium.cpu.kernels;

/** Measures how fast a thread can do nothing but multiply-adds. */
final class Peak {
    /** Chains of multiply-adds that run side by side: more than one takes cycles, times the number that start in a cycle. */
    private static final int CHAINS = 12;
    /** Steps of a call: so many that C2 never has a reason to compile the few calls into one loop nest, and spill. */
    private static final int STEPS = 1 << 16;
    private static final long NANOS = 200_000_000;

    private Peak() {}

    /** Makes {@link #STEPS} steps in {@link #CHAINS} chains and returns the sum of all. */
    interface Chains {
        float run(float factor);
    }

    /**
     * Counts the steps from 0 back to 0, as a linear congruential generator of full period. C2 unrolls a loop with a plain
     * counter, and then puts the steps of one chain behind each other until they wait.
     */
    static int next(int state) {
        return state * 5 + 1 & STEPS - 1;
    }

    static double measure(Chains chains, int lanes) {
        double best = 0;
        float sum = 1;
        long start = System.nanoTime();
        long before = start;
        while (before - start < NANOS) {
            // No constant, which C2 would load again for every use of it.
            sum = chains.run(Math.min(sum, 1));
            long now = System.nanoTime();
            best = Math.max(best, 2.0e9 * CHAINS * STEPS * lanes / (now - before));
            before = now;
        }
        return sum > 0 ? best : 0;
    }
}
