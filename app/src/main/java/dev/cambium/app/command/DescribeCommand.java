package dev.cambium.app.command;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.cambium.app.experiment.JsonSchema;
import dev.cambium.app.experiment.Kind;
import dev.cambium.app.experiment.ReferencePage;
import dev.cambium.app.terminal.Table;
import dev.cambium.app.terminal.Table.Column;
import dev.cambium.app.terminal.Terminal;
import dev.cambium.app.wiring.Platform;
import dev.cambium.part.PartType;
import dev.cambium.part.PartType.SettingInfo;
import dev.cambium.part.Suggestion;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "describe", mixinStandardHelpOptions = true,
        description = {"Says what can stand in an experiment: every part with its settings, their defaults and ranges.",
                "Such as 'cambium describe', 'cambium describe layer' or 'cambium describe layer conv2d'."})
final class DescribeCommand implements Runnable {
    private static final String EXPERIMENT = "experiment";

    private final Supplier<Platform> platform;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "KIND", arity = "0..1",
            description = "experiment, dataset, transform, layer, initializer, loss, optimizer, schedule, metric, callback or backend. Default: all.")
    private @Nullable String kind;

    @Parameters(index = "1", paramLabel = "NAME", arity = "0..1", description = "A part. Default: all of the kind.")
    private @Nullable String name;

    @ArgGroup
    private Form form = new Form();

    /** What it is written as instead of tables. */
    static final class Form {
        @Option(names = "--schema",
                description = "Writes a JSON Schema of experiments, by which editors complete and check them.")
        private boolean schema;

        @Option(names = "--markdown", description = "Writes all of it as a page in Markdown.")
        private boolean markdown;
    }

    DescribeCommand(Supplier<Platform> platform) {
        this.platform = platform;
    }

    @Override
    public void run() {
        Platform chosen = platform.get();
        Terminal terminal = chosen.terminal();
        if (form.schema || form.markdown) {
            terminal.out().print(form.schema ? JsonSchema.of(chosen.parts()) : ReferencePage.of(chosen.parts()));
            terminal.out().flush();
            return;
        }
        if (kind == null || kind.equals(EXPERIMENT)) {
            terminal.heading(EXPERIMENT);
            print(terminal, ReferencePage.experiment());
        }
        for (Kind each : kinds()) {
            if (name != null) {
                print(terminal, chosen.parts().find(each.type(), name));
            } else {
                terminal.heading(each.title());
                chosen.parts().all(each.type()).forEach(type -> print(terminal, type));
            }
        }
    }

    private List<Kind> kinds() {
        if (kind == null) {
            return Kind.ALL;
        }
        String wanted = kind.toLowerCase(Locale.ROOT);
        List<String> words = Kind.ALL.stream().map(Kind::word).toList();
        if (!wanted.equals(EXPERIMENT) && !words.contains(wanted)) {
            throw new ParameterException(command.commandLine(), "unknown kind '%s'%s; there are: %s, %s".formatted(kind,
                    Suggestion.of(wanted, words), EXPERIMENT, String.join(", ", words)));
        }
        return Kind.ALL.stream().filter(each -> each.word().equals(wanted)).toList();
    }

    private static void print(Terminal terminal, PartType<?> type) {
        terminal.line();
        terminal.line(type.toString());
        if (!type.settings().isEmpty()) {
            var table = new Table(Column.text("setting"), Column.text("value"), Column.text("default"),
                    Column.text("meaning"));
            for (SettingInfo setting : type.settings()) {
                table.row(setting.name(), setting.expected(), ReferencePage.defaultOf(setting), setting.doc());
            }
            table.print(terminal);
        }
    }
}
