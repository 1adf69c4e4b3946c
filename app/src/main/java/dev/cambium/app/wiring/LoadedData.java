package dev.cambium.app.wiring;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.cambium.CambiumException;
import dev.cambium.app.terminal.Terminal;
import dev.cambium.app.terminal.Terminal.Style;
import dev.cambium.app.terminal.TransferProgress;
import dev.cambium.data.DataEnvironment;
import dev.cambium.data.DataUnavailableException;
import dev.cambium.data.Dataset;
import dev.cambium.data.Examples;
import dev.cambium.data.Splits;
import dev.cambium.data.Transform;

/**
 * A dataset and its examples, which are images or other inputs with class labels.
 *
 * @param dataset
 *            which one
 * @param transforms
 *            what was done to its examples
 * @param splits
 *            the examples that came of it
 */
public record LoadedData(ChosenPart<Dataset> dataset, List<ChosenPart<Transform>> transforms, Splits splits) {
    private static final PartChoice USUAL = new PartChoice("mnist");
    private static final PartChoice WITHOUT_NETWORK = new PartChoice("synthetic-digits");

    /**
     * Loads the dataset that the user named. If none was named it is MNIST, and where that can't be had, synthetic digits; the
     * terminal says so.
     *
     * @throws CambiumException
     *             if the dataset is unknown, unavailable, damaged or has no classes
     */
    public static LoadedData load(Optional<ChosenPart<Dataset>> choice, List<ChosenPart<Transform>> transforms,
            Platform platform) {
        if (choice.isPresent()) {
            return load(choice.get(), transforms, platform);
        }
        try {
            return load(USUAL.create(platform.parts(), Dataset.class), transforms, platform);
        } catch (DataUnavailableException e) {
            Terminal terminal = platform.terminal();
            terminal.line(terminal.paint(Style.YELLOW, Objects.requireNonNull(e.getMessage())));
            terminal.line(terminal.paint(Style.YELLOW,
                    "No dataset was named, so synthetic digits take its place: '%s' needs neither files nor a network."
                            .formatted(WITHOUT_NETWORK.name())));
            return load(WITHOUT_NETWORK.create(platform.parts(), Dataset.class), transforms, platform);
        }
    }

    private static LoadedData load(ChosenPart<Dataset> dataset, List<ChosenPart<Transform>> transforms,
            Platform platform) {
        var progress = new TransferProgress(platform.terminal());
        DataEnvironment environment = platform.data().withProgress(progress);
        Splits splits = dataset.part().load(environment);
        progress.end();
        if (splits.train().classNames().isEmpty()) {
            throw new CambiumException(
                    "dataset '%s' has no classes, and cambium's commands are about classification"
                            .formatted(dataset.name()));
        }
        for (ChosenPart<Transform> each : transforms) {
            splits = each.part().apply(splits);
        }
        return new LoadedData(dataset, transforms, splits);
    }

    /** The examples to learn from. */
    public Examples train() {
        return splits.train();
    }

    /** The examples to be judged by. */
    public Examples test() {
        return splits.test();
    }
}
