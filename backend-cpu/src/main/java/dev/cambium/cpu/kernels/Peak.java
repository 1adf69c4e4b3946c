package dev.cambium.cpu.kernels;

/** Measures how fast a thread can do nothing but multiply-adds. */
final class Peak {
    /** Chains of multiply-adds to run side by side: more than one takes cycles, times the number that start in a cycle. */
    static final int CHAINS = 12;

    private static final int STEPS = 20_000;
    private static final long NANOS = 50_000_000;

    private Peak() {}

    /** Runs {@link #CHAINS} chains of so many steps and returns a number that depends on all of them. */
    interface Chains {
        float run(int steps);
    }

    static double measure(Chains chains, int lanes) {
        double best = 0;
        long start = System.nanoTime();
        long before = start;
        while (before - start < NANOS) {
            float sum = chains.run(STEPS);
            long now = System.nanoTime();
            if (sum > 0) {
                best = Math.max(best, 2.0e9 * CHAINS * STEPS * lanes / (now - before));
            }
            before = now;
        }
        return best;
    }
}
