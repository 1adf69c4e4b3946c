package dev.cambium.cpu.kernels;

import dev.cambium.tensor.Philox;

/** Counter-based random bits. */
public final class RandomBits {
    private RandomBits() {}

    /** Elements [from, from + n) of a draw: {@code out[outOff + i] = Philox.bits(seed, stream, step, from + i)}. */
    public static void fill(long seed, int stream, long step, long from, int[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = Philox.bits(seed, stream, step, from + i);
        }
    }
}
