package dev.cambium.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;

import org.junit.jupiter.api.Test;

import dev.cambium.tensor.Philox;

class RandomBitsTest {
    @Test
    void each_element_is_the_word_that_philox_defines() {
        var random = new Random(1);
        for (int n = 0; n < 150; n++) {
            long seed = random.nextLong();
            int stream = random.nextInt();
            long step = random.nextLong();
            long from = n % 3 == 0 ? random.nextInt(100) : random.nextLong(1L << 34);
            int[] out = new int[n + 7];
            RandomBits.fill(seed, stream, step, from, out, 5, n);
            for (int i = 0; i < n; i++) {
                assertThat(out[5 + i]).isEqualTo(Philox.bits(seed, stream, step, from + i));
            }
            assertThat(out[4]).isZero();
            assertThat(out[5 + n]).isZero();
        }
    }

    @Test
    void cutting_a_draw_changes_nothing() {
        int[] whole = new int[1000];
        int[] parts = new int[1000];
        RandomBits.fill(1, 2, 3, 0, whole, 0, 1000);
        for (int from = 0; from < 1000; from += 77) {
            RandomBits.fill(1, 2, 3, from, parts, from, Math.min(77, 1000 - from));
        }
        assertThat(parts).isEqualTo(whole);
    }
}
