package dev.cambium.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PhiloxTest {
    private static int[] encrypted(int key0, int key1, int... counter) {
        Philox.encrypt(counter, key0, key1);
        return counter;
    }

    /** The known answers that the authors publish with their library Random123 (philox4x32, 10 rounds). */
    @Test
    void blocks_are_those_of_the_published_known_answers() {
        assertThat(encrypted(0, 0, 0, 0, 0, 0)).containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
        assertThat(encrypted(-1, -1, -1, -1, -1, -1)).containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
        assertThat(encrypted(0xa4093822, 0x299f31d0, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344))
                .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
    }

    @Test
    void bits_are_words_of_blocks_counted_by_index_stream_and_step() {
        long seed = 0x299f31d0_a4093822L;
        long step = 0x03707344_13198a2eL;
        long block = 0x243f6a88L;
        int[] words = {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1};
        for (int word = 0; word < 4; word++) {
            assertThat(Philox.bits(seed, 0x85a308d3, step, 4 * block + word)).isEqualTo(words[word]);
        }
    }
}
