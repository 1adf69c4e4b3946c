package dev.cambium.app.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.cambium.CambiumException;
import dev.cambium.app.terminal.Table;
import dev.cambium.app.terminal.Table.Column;
import dev.cambium.app.terminal.Terminal;
import dev.cambium.app.terminal.Terminal.Style;
import dev.cambium.app.wiring.Platform;
import dev.cambium.backend.Backends;
import dev.cambium.backend.Device;
import dev.cambium.part.Parts;
import picocli.CommandLine.Command;

@Command(name = "backends", mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "[add | remove]",
        description = "Lists what can compute here, and why something can't.")
final class BackendsCommand implements Runnable {
    private final Supplier<Platform> platform;

    BackendsCommand(Supplier<Platform> platform) {
        this.platform = platform;
    }

    @Override
    public void run() {
        Platform chosen = platform.get();
        Terminal terminal = chosen.terminal();
        var problems = new ArrayList<String>();
        var table = new Table(Column.text("name"), Column.text("version"), Column.number("priority"),
                Column.text("devices"), Column.text("description"));
        List<Backends.Candidate> candidates = Backends.among(chosen.parts());
        if (candidates.isEmpty()) {
            problems.add(
                    "there is none: put the jar of one, such as cambium-backend-cpu, on the class path or module path");
        }
        for (Backends.Candidate candidate : candidates) {
            table.row(candidate.name(), candidate.version().orElse("-"),
                    candidate.priority().isPresent() ? Integer.toString(candidate.priority().getAsInt()) : "-",
                    devices(candidate, problems), candidate.type().description());
            candidate.problem().ifPresent(
                    problem -> problems.add("%s can't be used here: %s".formatted(candidate.name(), problem)));
        }
        for (Parts.Refusal refusal : chosen.parts().refusals()) {
            problems.add("%s was refused: %s".formatted(refusal.what(), refusal.reason()));
            chosen.addOns().names().stream()
                    .filter(name -> refusal.what().equals(chosen.addOns().folder(name).toString()))
                    .forEach(name -> problems.add("  'cambium backends remove %s' takes it away".formatted(name)));
        }
        terminal.heading("Backends, the default first");
        table.print(terminal);
        problems.forEach(problem -> terminal.line(terminal.paint(Style.YELLOW, problem)));
        chosen.offers().names().stream().filter(name -> !chosen.addOns().names().contains(name))
                .forEach(name -> terminal.line(terminal.paint(Style.DIM,
                        "%s can be added: 'cambium backends add %s' fetches it.".formatted(name, name))));
    }

    private static String devices(Backends.Candidate candidate, List<String> problems) {
        try {
            List<Device> devices = candidate.devices();
            return devices.isEmpty() ? "none"
                    : devices.stream().map(device -> "%s (%s)".formatted(device.id(), device.description()))
                            .collect(Collectors.joining(", "));
        } catch (CambiumException e) {
            problems.add(Objects.requireNonNull(e.getMessage()));
            return "?";
        }
    }
}
