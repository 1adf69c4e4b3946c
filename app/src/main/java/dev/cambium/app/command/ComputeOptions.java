package dev.cambium.app.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.cambium.CambiumException;
import dev.cambium.app.wiring.BackendChoice;
import dev.cambium.app.wiring.Platform;
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

    @Option(names = "--device", paramLabel = "DEVICE",
            description = "auto (a GPU if there is one), cpu, gpu or one such as gpu:1. Default: auto.")
    private @Nullable String device;

    @Option(names = "--threads", paramLabel = "N", converter = Converters.Threads.class,
            description = "Processor threads, 0 for one on each core; results don't depend on it. Default: 0.")
    private @Nullable Integer threads;

    /**
     * The choice made; from now on the add-ons are among the backends that are found.
     *
     * @throws ParameterException
     *             if there is no backend of that name
     * @throws CambiumException
     *             if that backend was added, but can't be loaded
     */
    BackendChoice choice(Platform platform) {
        return choice(platform, Optional.empty(), "auto", 0);
    }

    /**
     * The same where an experiment says what no option does.
     *
     * @throws CambiumException
     *             also if there is no backend that the experiment names
     */
    BackendChoice choice(Platform platform, Optional<String> usualBackend, String usualDevice, int usualThreads) {
        Map<String, String> problems = platform.addOns().load();
        Optional<String> name = Optional.ofNullable(backend).or(() -> usualBackend);
        name.ifPresent(wanted -> requireKnown(wanted, problems, platform));
        return new BackendChoice(name, new BackendOptions(Objects.requireNonNullElse(device, usualDevice),
                Objects.requireNonNullElse(threads, usualThreads)));
    }

    private void requireKnown(String wanted, Map<String, String> problems, Platform platform) {
        List<String> names = Backends.discover().stream().map(Backends.Candidate::name).distinct().toList();
        if (names.contains(wanted)) {
            return;
        }
        if (problems.containsKey(wanted)) {
            throw new CambiumException("backend '%s' can't be used here: %s".formatted(wanted, problems.get(wanted)));
        }
        String message = unknown(wanted, names, platform.offers().names());
        if (backend == null) {
            throw new CambiumException("experiment.backend: " + message);
        }
        throw new ParameterException(command.commandLine(), "Invalid value for option '--backend': " + message);
    }

    private static String unknown(String name, List<String> names, List<String> offered) {
        var known = new ArrayList<>(names);
        known.addAll(offered);
        String there = names.isEmpty() ? "there are none" : "there are: " + String.join(", ", names);
        return "unknown backend '%s'%s; %s%s".formatted(name,
                offered.contains(name) ? "" : Suggestion.of(name, known), there,
                offered.stream().map("; 'cambium backends add %1$s' fetches %1$s"::formatted)
                        .collect(Collectors.joining()));
    }
}
