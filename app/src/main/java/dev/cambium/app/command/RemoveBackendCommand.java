package dev.cambium.app.command;

import java.util.List;
import java.util.function.Supplier;

import dev.cambium.app.addon.AddOns;
import dev.cambium.app.wiring.Platform;
import dev.cambium.part.Suggestion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "remove", mixinStandardHelpOptions = true,
        description = "Takes away a backend that was added; what Maven keeps in its local repository stays there.")
final class RemoveBackendCommand implements Runnable {
    private final Supplier<Platform> platform;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Parameters(paramLabel = "NAME", description = "The backend, such as tensorflow.")
    private String name = "";

    RemoveBackendCommand(Supplier<Platform> platform) {
        this.platform = platform;
    }

    @Override
    public void run() {
        Platform chosen = platform.get();
        AddOns addOns = chosen.addOns();
        List<String> names = addOns.names();
        if (!names.contains(name)) {
            throw new ParameterException(command.commandLine(), "no backend '%s' was added%s; %s".formatted(name,
                    Suggestion.of(name, names),
                    names.isEmpty() ? "none was" : "these were: " + String.join(", ", names)));
        }
        addOns.remove(name);
        chosen.terminal().line("%s was taken away".formatted(name));
    }
}
