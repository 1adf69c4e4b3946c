package dev.cambium.app.command;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.cambium.app.terminal.Table;
import dev.cambium.app.terminal.Table.Column;
import dev.cambium.app.terminal.Terminal;
import dev.cambium.app.terminal.Terminal.Style;
import dev.cambium.app.wiring.Platform;
import dev.cambium.backend.BackendProvider;
import dev.cambium.backend.Backends;
import picocli.CommandLine.Command;

@Command(name = "backends", mixinStandardHelpOptions = true,
        description = "Lists what can compute here, and why something can't.")
final class BackendsCommand implements Runnable {
    private final Supplier<Platform> platform;

    BackendsCommand(Supplier<Platform> platform) {
        this.platform = platform;
    }

    @Override
    public void run() {
        Terminal terminal = platform.get().terminal();
        List<Backends.Candidate> candidates = Backends.discover();
        terminal.heading("Backends, the default first");
        var table = new Table(Column.text("name"), Column.text("version"), Column.number("priority"),
                Column.text("devices"), Column.text("description"));
        for (Backends.Candidate candidate : candidates) {
            Optional<BackendProvider> provider = candidate.provider();
            table.row(candidate.name(), provider.map(BackendsCommand::version).orElse("-"),
                    provider.map(found -> Integer.toString(found.priority())).orElse("-"),
                    candidate.problem().isPresent() ? "none" : provider.map(BackendsCommand::devices).orElse("-"),
                    provider.map(BackendProvider::description).orElse("-"));
        }
        table.print(terminal);
        for (Backends.Candidate candidate : candidates) {
            candidate.problem().ifPresent(problem -> terminal.line(terminal.paint(Style.YELLOW,
                    "%s can't be used here: %s".formatted(candidate.name(), problem))));
        }
    }

    private static String devices(BackendProvider provider) {
        return provider.devices().stream().map(device -> "%s (%s)".formatted(device.id(), device.description()))
                .collect(Collectors.joining(", "));
    }

    /** The version of the provider's module; a jar on the class path has none. */
    private static String version(BackendProvider provider) {
        return Optional.ofNullable(provider.getClass().getModule().getDescriptor())
                .flatMap(java.lang.module.ModuleDescriptor::rawVersion).orElse("-");
    }
}
