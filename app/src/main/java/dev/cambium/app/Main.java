package dev.cambium.app;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program's entry point. */
@Command(name = "cambium", mixinStandardHelpOptions = true, version = "cambium 0.1.0-SNAPSHOT",
        description = "Trains neural networks on the JVM.")
public final class Main implements Callable<Integer> {

    private Main() {}

    /**
     * Runs one command and exits with its code.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    @Override
    public Integer call() {
        CommandLine.usage(this, System.out);
        return 0;
    }
}
