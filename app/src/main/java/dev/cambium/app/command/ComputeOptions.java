package dev.cambium.app.command;

import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.cambium.CambiumException;
import dev.cambium.app.wiring.ChosenPart;
import dev.cambium.app.wiring.PartChoice;
import dev.cambium.app.wiring.Platform;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.BackendProvider;
import dev.cambium.backend.Backends;
import dev.cambium.part.Parts;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What to compute with. */
final class ComputeOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(names = "--backend", paramLabel = PartOption.LABEL, converter = Converters.Part.class,
            description = "What computes, see 'cambium backends'. Default: the best that can be used here.")
    private @Nullable PartChoice backend;

    @Option(names = "--device", paramLabel = "DEVICE",
            description = "auto (a GPU if there is one), cpu, gpu or one such as gpu:1. Default: auto.")
    private @Nullable String device;

    @Option(names = "--threads", paramLabel = "N", converter = Converters.Threads.class,
            description = "Processor threads, 0 for one on each core; results don't depend on it. Default: 0.")
    private @Nullable Integer threads;

    /**
     * The backend named, if one was.
     *
     * @throws ParameterException
     *             if there is none of that name and settings
     */
    Optional<PartChoice> backend(Platform platform) {
        Optional<PartChoice> choice = Optional.ofNullable(backend);
        choice.ifPresent(named -> create(named, platform, "--backend"));
        return choice;
    }

    /**
     * What computes: the backend named or, without a name, the best that can be used here and has the device.
     *
     * @throws CambiumException
     *             if none can be used or has the device
     */
    ChosenPart<BackendProvider> choose(Platform platform) {
        return choose(platform, Optional.empty());
    }

    /**
     * The same where an experiment may say what these options don't.
     *
     * @param usual
     *            the experiment's backend
     */
    ChosenPart<BackendProvider> choose(Platform platform, Optional<BackendProvider> usual) {
        Parts parts = platform.parts();
        return Optional.ofNullable(backend)
                .or(() -> usual.map(part -> PartChoice.of(ChosenPart.of(parts, BackendProvider.class, part))))
                .map(named -> create(withOptions(named), platform,
                        backend != null ? "--backend" : device != null ? "--device" : "--threads"))
                .orElseGet(() -> ChosenPart.of(parts, BackendProvider.class,
                        Backends.choose(parts, Optional.empty(),
                                new BackendOptions(Objects.requireNonNullElse(device, "auto"),
                                        Objects.requireNonNullElse(threads, 0)))));
    }

    private PartChoice withOptions(PartChoice named) {
        var settings = new LinkedHashMap<>(named.settings());
        if (device != null) {
            settings.put("device", device);
        }
        if (threads != null) {
            settings.put("threads", threads);
        }
        return new PartChoice(named.name(), settings);
    }

    private ChosenPart<BackendProvider> create(PartChoice named, Platform platform, String option) {
        boolean known = platform.parts().all(BackendProvider.class).stream()
                .anyMatch(type -> type.name().equals(named.name()));
        if (known) {
            Backends.named(platform.parts(), named.name()); // one that can't be used is no wrong usage
        }
        try {
            return named.create(platform.parts(), BackendProvider.class);
        } catch (CambiumException e) {
            throw new ParameterException(command.commandLine(), "Invalid value for option '%s': %s%s"
                    .formatted(option, e.getMessage(), known ? "" : platform.offers().hint()), e);
        }
    }
}
