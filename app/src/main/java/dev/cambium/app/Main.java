package dev.cambium.app;

import dev.cambium.app.command.Cambium;
import dev.cambium.app.terminal.Terminal;
import dev.cambium.app.wiring.Platform;

/** The program's entry point. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the process with its exit code: 0 only if all that was asked for was done. */
    public static void main(String[] arguments) {
        System.exit(Cambium.commandLine(Platform::standard).setOut(Terminal.writer(System.out))
                .setErr(Terminal.writer(System.err)).execute(arguments));
    }
}
