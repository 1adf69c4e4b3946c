package dev.cambium.app.command;

import java.util.function.Supplier;

import dev.cambium.app.experiment.Kind;
import dev.cambium.app.experiment.ReferencePage;
import dev.cambium.app.terminal.Table;
import dev.cambium.app.terminal.Table.Column;
import dev.cambium.app.terminal.Terminal;
import dev.cambium.app.terminal.Terminal.Style;
import dev.cambium.app.wiring.Platform;
import dev.cambium.part.PartType;
import dev.cambium.part.Parts;
import picocli.CommandLine.Command;

@Command(name = "plugins", mixinStandardHelpOptions = true,
        description = "Lists all parts, from datasets and layers to backends, with their settings and where they come from.")
final class PluginsCommand implements Runnable {
    private final Supplier<Platform> platform;

    PluginsCommand(Supplier<Platform> platform) {
        this.platform = platform;
    }

    @Override
    public void run() {
        Platform chosen = platform.get();
        Terminal terminal = chosen.terminal();
        Parts parts = chosen.parts();
        for (Kind kind : Kind.ALL) {
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
                setting.defaultValue().isPresent() ? "default " + ReferencePage.defaultOf(setting) : "required");
    }
}
