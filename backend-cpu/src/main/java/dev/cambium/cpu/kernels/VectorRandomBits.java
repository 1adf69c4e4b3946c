package dev.cambium.cpu.kernels;

import static dev.cambium.cpu.kernels.RandomBits.*;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Philox for many blocks at once, one a lane: a word of the state is the low half of a long, since vectors can multiply two words
 * to a long. The high halves hold rubbish, which is masked off before each product.
 */
final class VectorRandomBits {
    private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;
    private static final Class<?> LONGS = SPECIES.vectorType();
    private static final int L = SPECIES.length();
    private static final long LOW = 0xFFFFFFFFL;
    /** Takes the first, then the second halves of two vectors, alternating between them. */
    private static final VectorShuffle<Long> FIRST = VectorShuffle.fromOp(SPECIES, i -> (i & 1) * L + i / 2);
    private static final VectorShuffle<Long> SECOND = VectorShuffle.fromOp(SPECIES, i -> (i & 1) * L + (L + i) / 2);

    private VectorRandomBits() {}

    /** As in {@link Vectors}: what goes round a loop would else stay an object in some processes. */
    private static LongVector exact(LongVector vector) {
        return (LongVector) LONGS.cast(vector);
    }

    static void blocks(long seed, int stream, long step, int block, int[] out, int outOff, int blocks) {
        int i = 0;
        for (; i <= blocks - L; i += L) {
            LongVector c0 = exact(LongVector.broadcast(SPECIES, block + i).addIndex(1));
            LongVector c1 = exact(LongVector.broadcast(SPECIES, stream));
            LongVector c2 = exact(LongVector.broadcast(SPECIES, step));
            LongVector c3 = exact(LongVector.broadcast(SPECIES, step >>> 32));
            int key0 = (int) seed;
            int key1 = (int) (seed >>> 32);
            for (int round = 0; round < ROUNDS; round++) {
                LongVector product0 = c0.and(LOW).mul(MULTIPLIER_0);
                LongVector product1 = c2.and(LOW).mul(MULTIPLIER_1);
                c0 = exact(product1.lanewise(VectorOperators.LSHR, 32).lanewise(VectorOperators.XOR, c1)
                        .lanewise(VectorOperators.XOR, key0));
                c1 = exact(product1);
                c2 = exact(product0.lanewise(VectorOperators.LSHR, 32).lanewise(VectorOperators.XOR, c3)
                        .lanewise(VectorOperators.XOR, key1));
                c3 = exact(product0);
                key0 += WEYL_0;
                key1 += WEYL_1;
            }
            LongVector front = c0.and(LOW).or(c1.lanewise(VectorOperators.LSHL, 32));
            LongVector back = c2.and(LOW).or(c3.lanewise(VectorOperators.LSHL, 32));
            int at = outOff + i * 4;
            front.rearrange(FIRST, back).reinterpretAsInts().intoArray(out, at);
            front.rearrange(SECOND, back).reinterpretAsInts().intoArray(out, at + 2 * L);
        }
        RandomBits.blocks(seed, stream, step, block + i, out, outOff + i * 4, blocks - i);
    }
}
