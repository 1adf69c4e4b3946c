package dev.cambium.cpu.kernels;

import dev.cambium.tensor.Philox;

/** Counter-based random bits, the same as {@link Philox#bits} defines them. */
public final class RandomBits {
    private static final int BLOCK = 4;
    private static final long LOW = 0xFFFFFFFFL;

    static final long MULTIPLIER_0 = 0xD2511F53L;
    static final long MULTIPLIER_1 = 0xCD9E8D57L;
    static final int WEYL_0 = 0x9E3779B9;
    static final int WEYL_1 = 0xBB67AE85;
    static final int ROUNDS = 10;

    private static final LanesInUse LANES = new LanesInUse(LanesWarmUp::random);

    private RandomBits() {}

    /**
     * Runs the vector loop of this class until the JIT compiler has compiled it, some tenths of a second, and only then takes
     * it into use; until then a scalar one runs. Results are the same. Returns whether it is in use. To be submitted to {@link WarmUps}.
     */
    public static boolean warmUp() {
        return LANES.warmUp();
    }

    /**
     * Elements [from, from + n) of a draw: {@code out[outOff + i] = Philox.bits(seed, stream, step, from + i)}. Fastest where
     * {@code from} is a multiple of 4.
     */
    public static void fill(long seed, int stream, long step, long from, int[] out, int outOff, int n) {
        int i = 0;
        for (; i < n && (from + i) % BLOCK != 0; i++) {
            out[outOff + i] = Philox.bits(seed, stream, step, from + i);
        }
        int blocks = (n - i) / BLOCK;
        LANES.get().randomBlocks(seed, stream, step, (int) ((from + i) / BLOCK), out, outOff + i, blocks);
        for (i += blocks * BLOCK; i < n; i++) {
            out[outOff + i] = Philox.bits(seed, stream, step, from + i);
        }
    }

    /** {@link Lanes#randomBlocks} in plain Java. */
    static void blocks(long seed, int stream, long step, int block, int[] out, int outOff, int blocks) {
        for (int i = 0; i < blocks; i++) {
            int c0 = block + i;
            int c1 = stream;
            int c2 = (int) step;
            int c3 = (int) (step >>> 32);
            int key0 = (int) seed;
            int key1 = (int) (seed >>> 32);
            for (int round = 0; round < ROUNDS; round++) {
                long product0 = MULTIPLIER_0 * (c0 & LOW);
                long product1 = MULTIPLIER_1 * (c2 & LOW);
                c0 = (int) (product1 >>> 32) ^ c1 ^ key0;
                c1 = (int) product1;
                c2 = (int) (product0 >>> 32) ^ c3 ^ key1;
                c3 = (int) product0;
                key0 += WEYL_0;
                key1 += WEYL_1;
            }
            int at = outOff + i * BLOCK;
            out[at] = c0;
            out[at + 1] = c1;
            out[at + 2] = c2;
            out[at + 3] = c3;
        }
    }
}
