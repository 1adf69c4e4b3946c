package dev.cambium.app.experiment;

import java.util.List;

import dev.cambium.backend.BackendProvider;
import dev.cambium.data.Dataset;
import dev.cambium.data.Transform;
import dev.cambium.nn.Initializer;
import dev.cambium.nn.Layer;
import dev.cambium.nn.Loss;
import dev.cambium.nn.Metric;
import dev.cambium.nn.Optimizer;
import dev.cambium.nn.Schedule;
import dev.cambium.part.Parts;
import dev.cambium.train.Callback;

/**
 * A kind of parts.
 *
 * @param title
 *            the heading over those of this kind
 * @param type
 *            the interface that they implement
 */
public record Kind(String title, Class<?> type) {
    /** All kinds, in the order in which a newcomer meets them. */
    public static final List<Kind> ALL = List.of(new Kind("Datasets", Dataset.class),
            new Kind("Transforms", Transform.class), new Kind("Networks and layers", Layer.class),
            new Kind("Initializers", Initializer.class), new Kind("Losses", Loss.class),
            new Kind("Optimizers", Optimizer.class),
            new Kind("Schedules", Schedule.class), new Kind("Metrics", Metric.class),
            new Kind("Callbacks", Callback.class), new Kind("Backends", BackendProvider.class));

    /** What messages and the command line call one of it, such as {@code layer}. */
    public String word() {
        return Parts.word(type);
    }
}
