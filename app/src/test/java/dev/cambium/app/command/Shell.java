package dev.cambium.app.command;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.cambium.CambiumException;
import dev.cambium.app.addon.AddOns;
import dev.cambium.app.addon.ArtifactSource;
import dev.cambium.app.addon.Offers;
import dev.cambium.app.parts.TinyParts;
import dev.cambium.app.terminal.Terminal;
import dev.cambium.app.wiring.Platform;
import dev.cambium.backend.BackendProvider;
import dev.cambium.data.DataEnvironment;
import dev.cambium.data.DataProgress;
import dev.cambium.models.StockParts;
import dev.cambium.part.PartType;
import dev.cambium.part.Parts;

/**
 * Runs commands as a shell would, over the stock models and the tiny datasets.
 *
 * @param folder
 *            holds the runs, the cache, the add-ons and what can be added
 * @param source
 *            where what add-ons need comes from
 */
record Shell(Path folder, ArtifactSource source) {
    /** Those of before any test loads a plugin. */
    private static final List<PartType<?>> BACKENDS = List.copyOf(Parts.discover().all(BackendProvider.class));

    /** A shell of someone who is offline. */
    Shell(Path folder) {
        this(folder, (coordinates, _, _) -> {
            throw new CambiumException("can't fetch " + coordinates);
        });
    }

    /** What came of a command. */
    record Result(int code, String out, String err) {}

    Result run(String... arguments) {
        return runWith(List.of(), arguments);
    }

    /** Where there are more parts than the stock ones and {@link TinyParts}. */
    Result runWith(List<PartType<?>> more, String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var environment = new DataEnvironment(Optional.empty(), folder.resolve("cache"), DataProgress.silent());
        var platform = new Platform(Terminal.plain(new PrintWriter(out), true),
                Parts.of(List.of(new StockParts(), new TinyParts())).with("the path", BACKENDS)
                        .with("a test", more),
                environment, runs(),
                new AddOns(folder.resolve("backends")), new Offers(folder.resolve("optional"), source));
        int code = Cambium.commandLine(() -> platform).setOut(new PrintWriter(out)).setErr(new PrintWriter(err))
                .execute(arguments);
        return new Result(code, out.toString(), err.toString());
    }

    Path runs() {
        return folder.resolve("runs");
    }
}
