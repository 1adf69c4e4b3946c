package dev.cambium.app.command;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.cambium.app.wiring.BackendChoice;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.Backends;
import dev.cambium.part.Suggestion;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What to compute with. */
final class ComputeOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(names = "--backend", paramLabel = "NAME",
            description = "What computes, see 'cambium backends'. Default: the best that can be used here.")
    private @Nullable String backend;

    @Option(names = "--device", paramLabel = "DEVICE", defaultValue = "auto",
            description = "auto (a GPU if there is one), cpu, gpu or one such as gpu:1. Default: ${DEFAULT-VALUE}.")
    private String device = "";

    @Option(names = "--threads", paramLabel = "N", defaultValue = "0", converter = Converters.Threads.class,
            description = "Processor threads, 0 for one on each core; results don't depend on it. Default: ${DEFAULT-VALUE}.")
    private int threads;

    /**
     * The choice made.
     *
     * @throws ParameterException
     *             if there is no backend of that name
     */
    BackendChoice choice() {
        if (backend != null) {
            List<String> names = Backends.discover().stream().map(Backends.Candidate::name).toList();
            if (!names.contains(backend)) {
                throw new ParameterException(command.commandLine(),
                        "Invalid value for option '--backend': unknown backend '%s'%s; there are: %s".formatted(backend,
                                Suggestion.of(backend, names), String.join(", ", names)));
            }
        }
        return new BackendChoice(Optional.ofNullable(backend), new BackendOptions(device, threads));
    }
}
