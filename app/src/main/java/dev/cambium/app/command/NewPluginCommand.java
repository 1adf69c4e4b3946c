package dev.cambium.app.command;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

import dev.cambium.app.scaffold.PluginProject;
import dev.cambium.app.wiring.Platform;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "new", mixinStandardHelpOptions = true,
        description = "Writes a small Maven project for a plugin: a part, its tests and what else belongs to it.")
final class NewPluginCommand implements Runnable {
    private final Supplier<Platform> platform;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Parameters(paramLabel = "NAME", description = "The part's name, such as my-layer.")
    private String name = "";

    @Option(names = "--kind", paramLabel = "KIND", defaultValue = "layer",
            description = "What the part is: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private PluginProject.Kind kind = PluginProject.Kind.LAYER;

    @Option(names = "--out", paramLabel = "DIR", description = "The project's folder. Default: NAME.")
    private Optional<Path> out = Optional.empty();

    NewPluginCommand(Supplier<Platform> platform) {
        this.platform = platform;
    }

    @Override
    public void run() {
        Path folder = out.orElse(Path.of(name));
        try {
            new PluginProject(name, kind).write(folder);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
        }
        platform.get().terminal().line("%s is there; 'mvn verify' in it builds and tests the plugin".formatted(folder));
    }
}
