package dev.cambium.app.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.cambium.CambiumException;
import dev.cambium.app.terminal.Numbers;
import dev.cambium.part.Suggestion;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** What a person is told when something goes wrong, and with which exit code the program ends. */
final class Failures {
    /** What was asked for could not be done. */
    static final int FAILED = 1;
    /** The command line is wrong. */
    static final int USAGE = 2;
    /** A defect of the program; {@code EX_SOFTWARE} of BSD's sysexits. */
    static final int DEFECT = 70;

    private Failures() {}

    /** Runs a command; errors, which picocli would let through, are reported like exceptions. */
    static int run(ParseResult parsed) {
        try {
            return new RunLast().execute(parsed);
        } catch (Error e) {
            throw new ExecutionException(parsed.commandSpec().commandLine(), "a command failed", e);
        }
    }

    static int reportUsage(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("cambium: " + (e instanceof UnmatchedArgumentException unmatched ? unmatched(unmatched, command)
                : e.getMessage()));
        err.println("'%s --help' says what can be asked for.".formatted(command.getCommandSpec().qualifiedName()));
        err.flush();
        return USAGE;
    }

    private static String unmatched(UnmatchedArgumentException e, CommandLine command) {
        String argument = e.getUnmatched().getFirst();
        if (argument.startsWith("-")) {
            String name = argument.replaceFirst("=.*", "");
            var options = new ArrayList<String>();
            command.getCommandSpec().options().forEach(option -> options.addAll(List.of(option.names())));
            return "unknown option '%s'%s".formatted(name, Suggestion.of(name, options));
        }
        return command.getSubcommands().isEmpty() ? "'%s' is one argument too many".formatted(argument)
                : "unknown command '%s'%s".formatted(argument,
                        Suggestion.of(argument, command.getSubcommands().keySet()));
    }

    static int report(Exception e, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        Throwable failure = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        int code = switch (failure) {
            case CambiumException mistake -> {
                err.println("cambium: " + mistake.getMessage());
                yield FAILED;
            }
            case OutOfMemoryError _ -> {
                err.println("cambium: out of memory: Java may use %s here. A smaller --batch-size needs less; "
                        .formatted(Numbers.bytes(Runtime.getRuntime().maxMemory()))
                        + "CAMBIUM_JAVA_OPTS=-Xmx8g allows 8 GB.");
                yield FAILED;
            }
            default -> defect(failure, err);
        };
        err.flush();
        return code;
    }

    private static int defect(Throwable failure, PrintWriter err) {
        var trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        err.println("cambium: this should not have happened: " + failure);
        try {
            Path file = Files.createTempFile("cambium-", ".txt");
            Files.writeString(file, trace.toString());
            err.println("It is a defect of Cambium or of a plugin; %s says where.".formatted(file));
        } catch (IOException _) {
            err.println(trace);
        }
        return DEFECT;
    }
}
