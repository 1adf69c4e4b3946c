package dev.cambium.app.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.cambium.app.plugin.Plugins;
import dev.cambium.app.run.Version;
import dev.cambium.app.wiring.Platform;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program {@code cambium}, which does nothing without one of its commands. */
@Command(name = "cambium", mixinStandardHelpOptions = true, versionProvider = Cambium.VersionProvider.class,
        synopsisSubcommandLabel = "COMMAND", description = "Trains neural networks on the JVM.",
        footer = {"", "Start with:", "  cambium show       what the data looks like",
                "  cambium train      learn to read digits",
                "  cambium predict    try it on a picture of your own", "",
                "Exit codes: 0 all done, 1 it could not be done, 2 wrong usage, 70 a defect."})
public final class Cambium implements Runnable {
    @Spec
    private CommandSpec command = CommandSpec.create();

    @Option(names = "--plugins", paramLabel = "DIR", scope = ScopeType.INHERIT,
            description = "Folder of plugins: jars, or folders of jars. Default: ./plugins, if it is there.")
    private @Nullable Path plugins;

    private Cambium() {}

    /**
     * The command line with all commands.
     *
     * @param standard
     *            what the commands work with, but for plugins; asked for when one runs
     */
    public static CommandLine commandLine(Supplier<Platform> standard) {
        var program = new Cambium();
        Supplier<Platform> platform = () -> program.withPlugins(standard.get());
        CommandLine cambium = new CommandLine(program).addSubcommand(new TrainCommand(platform))
                .addSubcommand(new EvaluateCommand(platform)).addSubcommand(new PredictCommand(platform))
                .addSubcommand(new ShowCommand(platform)).addSubcommand(new SummaryCommand(platform))
                .addSubcommand(backends(platform, standard)).addSubcommand(new PluginsCommand(platform))
                .addSubcommand(new DescribeCommand(platform))
                .addSubcommand(new CommandLine(new PluginCommand()).addSubcommand(new NewPluginCommand(platform)))
                .addSubcommand("completion", new AutoComplete.GenerateCompletion())
                .setExecutionStrategy(Failures::run).setExecutionExceptionHandler(Failures::report)
                .setParameterExceptionHandler(Failures::reportUsage).setUsageHelpAutoWidth(true);
        cambium.getSubcommands().values().forEach(Cambium::configure);
        return cambium;
    }

    /** What is changed must not be loaded, for where a file in use can't be deleted. */
    private static CommandLine backends(Supplier<Platform> platform, Supplier<Platform> standard) {
        return new CommandLine(new BackendsCommand(platform)).addSubcommand(new AddBackendCommand(standard))
                .addSubcommand(new RemoveBackendCommand(standard));
    }

    private static void configure(CommandLine command) {
        command.getCommandSpec().versionProvider(new VersionProvider()).usageMessage().sortOptions(false)
                .abbreviateSynopsis(true);
        command.getSubcommands().values().forEach(Cambium::configure);
    }

    private Platform withPlugins(Platform standard) {
        if (plugins != null && !Files.isDirectory(plugins)) {
            throw new ParameterException(command.commandLine(),
                    "Invalid value for option '--plugins': there is no folder %s".formatted(plugins));
        }
        var chosen = new Plugins(Objects.requireNonNullElse(plugins, Path.of(Plugins.DEFAULT_FOLDER)));
        var added = new Plugins(standard.addOns().folder());
        return standard.withParts(added.addTo(chosen.addTo(standard.parts())));
    }

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "a command is missing");
    }

    /** Says which version this is. */
    static final class VersionProvider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"cambium " + Version.current()};
        }
    }
}
