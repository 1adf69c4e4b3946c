package dev.cambium.models;

import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.train.Callback;
import dev.cambium.train.Trainer;
import dev.cambium.train.TrainingEvent;
import dev.cambium.train.TrainingListener;

/**
 * Stops training when the loss of the test examples no longer falls, as Keras's {@code EarlyStopping} does.
 *
 * @param patience
 *            how many epochs in a row may pass without an improvement
 * @param minImprovement
 *            by how much the loss must fall below the best one so far to count as improved
 */
@Part(name = "early-stopping", description = "stops when the test loss no longer falls")
public record EarlyStopping(
        @Setting(doc = "how many epochs in a row may pass without an improvement", defaultValue = "3",
                min = 1) int patience,
        @Setting(doc = "by how much the loss must fall to count as improved", defaultValue = "0",
                min = 0) double minImprovement)
        implements Callback {

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException
     *             if the patience is not positive or the improvement negative
     */
    public EarlyStopping {
        Require.atLeast("patience", patience, 1);
        Require.notNegative("minImprovement", minImprovement);
    }

    @Override
    public TrainingListener listener(Trainer trainer) {
        return new TrainingListener() {
            private double best = Double.POSITIVE_INFINITY;
            private int waited;

            @Override
            public void on(TrainingEvent event) {
                if (event instanceof TrainingEvent.EpochEnded ended) {
                    if (ended.test().loss() < best - minImprovement) {
                        best = ended.test().loss();
                        waited = 0;
                    } else if (++waited >= patience) {
                        trainer.stop();
                    }
                }
            }
        };
    }
}
