package dev.cambium.app.command;

import java.util.List;
import java.util.function.Supplier;

import dev.cambium.app.terminal.Table;
import dev.cambium.app.terminal.Table.Column;
import dev.cambium.app.terminal.Terminal;
import dev.cambium.app.terminal.Terminal.Style;
import dev.cambium.app.wiring.Platform;
import dev.cambium.data.Dataset;
import dev.cambium.nn.Layer;
import dev.cambium.nn.Loss;
import dev.cambium.nn.Metric;
import dev.cambium.nn.Optimizer;
import dev.cambium.part.PartType;
import dev.cambium.part.Parts;
import picocli.CommandLine.Command;

@Command(name = "plugins", mixinStandardHelpOptions = true,
        description = "Lists all datasets, networks and layers, losses, optimizers and metrics, with their settings and where they come from.")
final class PluginsCommand implements Runnable {
    private record Kind(String title, Class<?> type) {}

    private static final List<Kind> KINDS = List.of(new Kind("Datasets", Dataset.class),
            new Kind("Networks and layers", Layer.class), new Kind("Losses", Loss.class),
            new Kind("Optimizers", Optimizer.class), new Kind("Metrics", Metric.class));

    private final Supplier<Platform> platform;

    PluginsCommand(Supplier<Platform> platform) {
        this.platform = platform;
    }

    @Override
    public void run() {
        Platform chosen = platform.get();
        Terminal terminal = chosen.terminal();
        Parts parts = chosen.parts();
        for (Kind kind : KINDS) {
            terminal.heading(kind.title());
            var table = new Table(Column.text("name"), Column.text("origin"), Column.text("description and settings"));
            for (Parts.Entry entry : parts.entries()) {
                if (kind.type().isAssignableFrom(entry.type().recordClass())) {
                    table.row(entry.type().name(), entry.origin(), entry.type().description());
                    entry.type().settings().forEach(setting -> table.row("", "", "  " + describe(setting)));
                }
            }
            table.print(terminal);
        }
        if (!parts.refusals().isEmpty()) {
            terminal.heading("Left out");
            parts.refusals().forEach(refusal -> terminal.line(
                    terminal.paint(Style.YELLOW, "%s: %s".formatted(refusal.what(), refusal.reason()))));
        }
    }

    private static String describe(PartType.SettingInfo setting) {
        return "%s: %s; %s".formatted(setting.name(), setting.doc(),
                setting.defaultValue().map(value -> "default " + value).orElse("required"));
    }
}
