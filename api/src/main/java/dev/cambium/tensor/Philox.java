package dev.cambium.tensor;

import static dev.cambium.Stability.Level.STABLE;

import dev.cambium.Stability;

/**
 * Counter-based random numbers: Philox 4×32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011). The same
 * counter and key give the same bits on every backend, machine and number of threads.
 */
@Stability(value = STABLE, since = "0.1")
public final class Philox {
    private static final int MULTIPLIER_0 = 0xD2511F53;
    private static final int MULTIPLIER_1 = 0xCD9E8D57;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;

    private Philox() {}

    /**
     * One word of the platform's random bits: word {@code index mod 4} of the block with the counter (index / 4, stream, low and
     * high half of step) and the key (low and high half of seed).
     *
     * @param seed
     *            the run's seed
     * @param stream
     *            which draw of the run, see {@link RandomStream}
     * @param step
     *            the run's step
     * @param index
     *            which element of the draw, 0 … 2³⁴ − 1
     */
    public static int bits(long seed, int stream, long step, long index) {
        int[] block = {(int) (index >>> 2), stream, (int) step, (int) (step >>> 32)};
        encrypt(block, (int) seed, (int) (seed >>> 32));
        return block[(int) (index & 3)];
    }

    /** Replaces a counter of four words by the four random words of that counter under the key. */
    public static void encrypt(int[] counter, int key0, int key1) {
        int c0 = counter[0];
        int c1 = counter[1];
        int c2 = counter[2];
        int c3 = counter[3];
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = (MULTIPLIER_0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
            long product1 = (MULTIPLIER_1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
            c0 = (int) (product1 >>> 32) ^ c1 ^ (key0 + round * WEYL_0);
            c1 = (int) product1;
            c2 = (int) (product0 >>> 32) ^ c3 ^ (key1 + round * WEYL_1);
            c3 = (int) product0;
        }
        counter[0] = c0;
        counter[1] = c1;
        counter[2] = c2;
        counter[3] = c3;
    }
}
