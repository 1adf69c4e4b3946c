package dev.cambium.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Backends;
import dev.cambium.data.Examples;
import dev.cambium.nn.Optimizer;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.train.Model;
import dev.cambium.train.Trainer;
import org.junit.jupiter.api.Test;

class EarlyStoppingTest {
    private static final int PLANNED = 8;
    private static final Examples POINTS = Examples.of(NdArray.of(Shape.of(4, 1), -2f, -1f, 1f, 2f),
            NdArray.of(Shape.of(4), 0L, 0L, 1L, 1L), List.of("below", "above"));

    /** How many epochs of those planned are run. */
    private static int epochs(EarlyStopping callback, Optimizer optimizer) {
        try (Backend backend = Backends.open();
                Model model = Model.create(new Linear(2), POINTS.inputType(), backend, 1);
                Trainer trainer = new Trainer(model, new CrossEntropy(), optimizer, 2)) {
            return trainer.fit(POINTS, POINTS, PLANNED, callback.listener(trainer)).size();
        }
    }

    @Test
    void stops_when_patience_epochs_in_a_row_bring_no_improvement() {
        var standing = new Sgd(0);
        assertThat(epochs(new EarlyStopping(1, 0), standing)).isEqualTo(2);
        assertThat(epochs(new EarlyStopping(3, 0), standing)).isEqualTo(4);
    }

    @Test
    void goes_on_while_the_loss_falls() {
        assertThat(epochs(new EarlyStopping(1, 0), new Sgd(0.1))).isEqualTo(PLANNED);
    }

    @Test
    void small_improvements_do_not_count_if_so_wanted() {
        assertThat(epochs(new EarlyStopping(2, 10), new Sgd(0.1))).isEqualTo(3);
    }

    @Test
    void loss_that_is_no_number_is_no_improvement() {
        assertThat(epochs(new EarlyStopping(2, 0), new Sgd(1e300))).isLessThanOrEqualTo(3);
    }

    @Test
    void each_run_is_judged_afresh() {
        var callback = new EarlyStopping(2, 0);
        assertThat(epochs(callback, new Sgd(0))).isEqualTo(3);
        assertThat(epochs(callback, new Sgd(0))).isEqualTo(3);
    }
}
