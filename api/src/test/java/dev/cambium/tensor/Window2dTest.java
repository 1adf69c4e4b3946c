package dev.cambium.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class Window2dTest {
    @Test
    void the_output_counts_the_places_of_the_window() {
        assertThat(Window2d.square(3, 1).outputHeight(28)).isEqualTo(26);
        assertThat(Window2d.square(2, 2).outputHeight(5)).isEqualTo(2);
        assertThat(Window2d.square(3, 2).padded(1).outputWidth(5)).isEqualTo(3);
        assertThat(new Window2d(3, 2, 1, 3, 2, 4, 0, 1, 2, 0).outputHeight(6)).isEqualTo(3);
        assertThat(new Window2d(3, 2, 1, 3, 2, 4, 0, 1, 2, 0).outputWidth(7)).isEqualTo(2);
    }

    @Test
    void a_window_larger_than_the_image_has_no_place() {
        assertThat(Window2d.square(3, 1).outputHeight(2)).isZero();
        assertThat(Window2d.square(5, 3).outputHeight(1)).isNegative();
    }

    @Test
    void dilation_spreads_the_window() {
        var window = new Window2d(3, 1, 1, 1, 4, 5, 0, 0, 0, 0);
        assertThat(window.spanHeight()).isEqualTo(9);
        assertThat(window.spanWidth()).isEqualTo(1);
    }

    /** As torch.nn.Conv2d(padding="same") has it: dilation · (kernel − 1) in all, the odd one below and to the right. */
    @Test
    void same_padding_with_stride_1_keeps_the_size_for_every_window_and_dilation() {
        for (int size = 1; size <= 6; size++) {
            for (int dilation = 1; dilation <= 3; dilation++) {
                var window = new Window2d(size, size, 1, 1, dilation, dilation, 0, 0, 0, 0).samePadding();
                assertThat(window.outputHeight(7)).isEqualTo(7);
                assertThat(window.outputWidth(4)).isEqualTo(4);
                assertThat(window.top() + window.bottom()).isEqualTo(dilation * (size - 1));
                assertThat(window.bottom() - window.top()).isBetween(0, 1);
                assertThat(window.right()).isEqualTo(window.bottom());
            }
        }
    }

    @Test
    void same_padding_divides_sizes_that_the_stride_divides() {
        for (int size = 1; size <= 5; size++) {
            for (int stride = 1; stride <= 4; stride++) {
                assertThat(Window2d.square(size, stride).samePadding().outputHeight(12)).isEqualTo(12 / stride);
            }
        }
    }

    @Test
    void sizes_must_be_positive_and_padding_not_negative() {
        assertThatIllegalArgumentException().isThrownBy(() -> Window2d.square(0, 1)).withMessage(
                "window, stride and dilation must be at least 1: window 0×0, stride 1×1, dilation 1×1");
        assertThatIllegalArgumentException().isThrownBy(() -> Window2d.square(2, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> Window2d.square(2, 1).padded(-1))
                .withMessage("padding can't be negative: -1, -1, -1, -1");
    }

    @Test
    void windows_and_padding_beyond_all_images_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Window2d(5, 1, 1, 1, 1 << 30, 1, 0, 0, 0, 0))
                .withMessage("window and padding are too large: window 5×1, dilation 1073741824×1, padding 0, 0, 0, 0");
        assertThatIllegalArgumentException().isThrownBy(() -> Window2d.square(1, 1).padded(Integer.MAX_VALUE));
    }
}
