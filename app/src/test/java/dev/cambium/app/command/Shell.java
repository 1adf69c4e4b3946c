package dev.cambium.app.command;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.cambium.app.parts.TinyParts;
import dev.cambium.app.terminal.Terminal;
import dev.cambium.app.wiring.Platform;
import dev.cambium.data.DataEnvironment;
import dev.cambium.data.DataProgress;
import dev.cambium.models.StockParts;
import dev.cambium.part.Parts;

/**
 * Runs commands as a shell would, over the stock models and the tiny datasets.
 *
 * @param folder
 *            holds the runs and the cache
 */
record Shell(Path folder) {
    /** What came of a command. */
    record Result(int code, String out, String err) {}

    Result run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var environment = new DataEnvironment(Optional.empty(), folder.resolve("cache"), DataProgress.silent());
        var platform = new Platform(Terminal.plain(new PrintWriter(out), true),
                Parts.of(List.of(new StockParts(), new TinyParts())), environment, runs());
        int code = Cambium.commandLine(() -> platform).setOut(new PrintWriter(out)).setErr(new PrintWriter(err))
                .execute(arguments);
        return new Result(code, out.toString(), err.toString());
    }

    Path runs() {
        return folder.resolve("runs");
    }
}
