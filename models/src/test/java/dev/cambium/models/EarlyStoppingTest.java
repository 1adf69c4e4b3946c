package dev.cambium.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Backends;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;
import dev.cambium.train.Evaluation;
import dev.cambium.train.Model;
import dev.cambium.train.Trainer;
import dev.cambium.train.TrainingEvent;
import dev.cambium.train.TrainingListener;
import org.junit.jupiter.api.Test;

class EarlyStoppingTest {
    /** After how many epochs with these test losses a trainer is told to stop; 0 for never. */
    private static int epochs(EarlyStopping callback, double... losses) {
        try (Backend backend = Backends.open();
                Model model = Model.create(new Linear(1), new TensorType(DType.FLOAT32, Shape.of(1)), backend, 1);
                Trainer trainer = new Trainer(model, new CrossEntropy(), new Sgd(0.1), 1)) {
            TrainingListener listener = callback.listener(trainer);
            for (int epoch = 1; epoch <= losses.length; epoch++) {
                var scores = new Evaluation(1, losses[epoch - 1], new LinkedHashMap<>());
                listener.on(new TrainingEvent.EpochEnded(epoch, epoch, scores, scores));
                if (trainer.stopping()) {
                    return epoch;
                }
            }
            return 0;
        }
    }

    @Test
    void stops_after_patience_epochs_without_improvement() {
        assertThat(epochs(new EarlyStopping(2, 0), 5, 4, 4, 4)).isEqualTo(4);
        assertThat(epochs(new EarlyStopping(2, 0), 5, 6, 4, 5, 3, 4)).isZero();
    }

    @Test
    void small_improvements_do_not_count_if_so_wanted() {
        assertThat(epochs(new EarlyStopping(2, 0.5), 5, 4.9, 4.8)).isEqualTo(3);
        assertThat(epochs(new EarlyStopping(2, 0), 5, 4.9, 4.8)).isZero();
    }

    @Test
    void loss_that_is_no_number_is_no_improvement() {
        assertThat(epochs(new EarlyStopping(1, 0), 5, Double.NaN)).isEqualTo(2);
    }

    @Test
    void each_run_is_judged_afresh() {
        var callback = new EarlyStopping(1, 0);
        assertThat(List.of(epochs(callback, 1, 2), epochs(callback, 3, 2))).containsExactly(2, 0);
    }
}
