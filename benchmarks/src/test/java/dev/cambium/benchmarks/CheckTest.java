package dev.cambium.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;

class CheckTest {
    @Test
    void equal_lists_hold() {
        assertThat(Check.equal("batches", List.of(1, 2), List.of(1, 2)))
                .isEqualTo(new Check("batches", "equal", "equal", true));
    }

    @Test
    void the_first_difference_is_told() {
        assertThat(Check.equal("batches", List.of(1, 2, 3), List.of(1, 4, 5)))
                .isEqualTo(new Check("batches", "equal", "not equal from number 2 on", false));
    }

    @Test
    void a_shorter_list_is_not_equal() {
        assertThat(Check.equal("batches", List.of(1, 2), List.of(1)).held()).isFalse();
    }

    @Test
    void losses_are_compared_relative_to_the_first_run() {
        assertThat(Check.losses("losses", 1e-2, 0, 2, List.of(2.0, 0.5, 1.0), List.of(2.01, 0.504, 9.0)))
                .isEqualTo(new Check("losses", "1e-02", "8.0e-03", true));
        assertThat(Check.losses("losses", 1e-2, 0, 2, List.of(2.0, 0.5), List.of(2.0, 0.506)).held()).isFalse();
    }

    @Test
    void small_losses_are_compared_relative_to_the_floor() {
        assertThat(Check.losses("losses", 2e-2, 0.1, 1, List.of(0.01), List.of(0.0119)).held()).isTrue();
        assertThat(Check.losses("losses", 2e-2, 0.1, 1, List.of(0.01), List.of(0.0121)).held()).isFalse();
    }

    @Test
    void a_loss_that_is_no_number_is_never_within_the_bar() {
        assertThat(Check.losses("losses", 2e-2, 0.1, 2, List.of(1.0, 1.0), List.of(Double.NaN, 1.0)).held()).isFalse();
    }

    @Test
    void accuracies_are_compared_in_points() {
        assertThat(Check.points("accuracy", 0.3, 0.9871, 0.9851))
                .isEqualTo(new Check("accuracy", "0.3 points", "0.20 (98.71 %, 98.51 %)", true));
        assertThat(Check.points("accuracy", 0.3, 0.9871, 0.9840).held()).isFalse();
    }

    @Test
    void predictions_may_differ_where_both_runs_have_a_tie() {
        assertThat(predictions(-0.7f, -0.70001f, -0.70001f, -0.7f))
                .isEqualTo(new Check("predictions", "equal but for ties", "1 equal, 1 ties, 0 others", true));
    }

    @Test
    void predictions_may_not_differ_where_one_run_is_sure() {
        assertThat(predictions(-0.6f, -0.8f, -0.70001f, -0.7f)).isEqualTo(
                new Check("predictions", "equal but for ties", "1 equal, 0 ties, 1 others (up to 2.0e-01 apart)",
                        false));
    }

    /** Of two examples with two classes: the first is clear. */
    private static Check predictions(float first0, float first1, float second0, float second1) {
        return Check.predictions("predictions", NdArray.of(Shape.of(2, 2), -0.1f, -2.4f, first0, first1),
                NdArray.of(Shape.of(2, 2), -0.1f, -2.4f, second0, second1));
    }
}
