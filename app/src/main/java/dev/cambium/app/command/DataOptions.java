package dev.cambium.app.command;

import java.nio.file.Path;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.cambium.app.wiring.PartChoice;
import dev.cambium.app.wiring.Platform;
import dev.cambium.data.Dataset;
import dev.cambium.part.Parts;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which data, and where it lies. */
final class DataOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(names = "--dataset", paramLabel = PartOption.LABEL, converter = Converters.Part.class,
            description = "The dataset. Default: mnist or, where it can't be had, synthetic-digits.")
    private @Nullable PartChoice dataset;

    @Option(names = "--data", paramLabel = "DIR",
            description = "A folder with the dataset's files, looked at first. Default: what CAMBIUM_DATA names.")
    private @Nullable Path data;

    /**
     * The dataset named, if one was.
     *
     * @throws picocli.CommandLine.ParameterException
     *             if there is none of that name and settings
     */
    Optional<PartChoice> dataset(Parts parts) {
        Optional<PartChoice> choice = Optional.ofNullable(dataset);
        choice.ifPresent(named -> PartOption.create(command, "--dataset", named, parts, Dataset.class));
        return choice;
    }

    /** The folder named, if one was. */
    Optional<Path> folder() {
        return Optional.ofNullable(data);
    }

    /** The platform that looks for data where the user says. */
    Platform applyTo(Platform platform) {
        return folder().map(platform::withData).orElse(platform);
    }
}
