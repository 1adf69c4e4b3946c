package dev.cambium.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;

import dev.cambium.data.Batch;
import dev.cambium.data.DataEnvironment;
import dev.cambium.data.Examples;
import dev.cambium.data.Splits;
import org.junit.jupiter.api.Test;

class TransformsTest {
    private static final Splits DIGITS = new SyntheticDigits(3, 20, 10).load(DataEnvironment.standard());

    private static float[] image(Examples examples, int epoch, int index) {
        return examples.batch(epoch, index).inputs().toFloatArray();
    }

    @Test
    void normalize_moves_and_scales_both_splits() {
        Splits normalized = new Normalize(0.5, 0.25).apply(DIGITS);
        for (boolean train : new boolean[] {true, false}) {
            float[] before = image(train ? DIGITS.train() : DIGITS.test(), 0, 4);
            float[] after = image(train ? normalized.train() : normalized.test(), 0, 4);
            for (int i = 0; i < before.length; i++) {
                assertThat(after[i]).isEqualTo((before[i] - 0.5f) * 4);
            }
        }
        assertThat(normalized.train().size()).isEqualTo(20);
        assertThat(normalized.train().classNames()).isEqualTo(DIGITS.train().classNames());
    }

    @Test
    void random_shift_moves_each_image_as_a_whole_and_leaves_tests_alone() {
        Splits shifted = new RandomShift(2, 9).apply(DIGITS);
        assertThat(image(shifted.test(), 0, 4)).isEqualTo(image(DIGITS.test(), 0, 4));
        int moved = 0;
        for (int index = 0; index < 20; index++) {
            float[] before = image(DIGITS.train(), 1, index);
            float[] after = image(shifted.train(), 1, index);
            int found = (int) IntStream.range(0, 25)
                    .filter(shift -> isShifted(before, after, shift / 5 - 2, shift % 5 - 2)).count();
            assertThat(found).as("image %d is the original, shifted", index).isEqualTo(1);
            moved += isShifted(before, after, 0, 0) ? 0 : 1;
        }
        assertThat(moved).isGreaterThan(10);
    }

    private static boolean isShifted(float[] before, float[] after, int down, int right) {
        for (int row = 0; row < 28; row++) {
            for (int column = 0; column < 28; column++) {
                int y = row - down;
                int x = column - right;
                float wanted = y >= 0 && y < 28 && x >= 0 && x < 28 ? before[28 * y + x] : 0;
                if (after[28 * row + column] != wanted) {
                    return false;
                }
            }
        }
        return true;
    }

    @Test
    void shifts_follow_from_seed_epoch_and_index_alone() {
        Examples shifted = new RandomShift(3, 1).apply(DIGITS).train();
        Batch together = shifted.batch(2, 5, 6);
        assertThat(shifted.batch(2, 6).inputs().toFloatArray())
                .isEqualTo(java.util.Arrays.copyOfRange(together.inputs().toFloatArray(), 784, 1568));
        assertThat(image(new RandomShift(3, 1).apply(DIGITS).train(), 2, 5)).isEqualTo(image(shifted, 2, 5));
    }

    @Test
    void settings_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> new Normalize(0, 0)).hasMessageContaining("deviation above 0");
        assertThatThrownBy(() -> new RandomShift(-1, 0)).hasMessage("pixels is -1, but must be at least 0");
    }
}
