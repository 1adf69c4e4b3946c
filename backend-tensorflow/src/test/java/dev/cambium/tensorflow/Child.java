package dev.cambium.tensorflow;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.cambium.CambiumException;
import dev.cambium.backend.Backend;
import dev.cambium.tck.TrainingStep;

/** A JVM of its own on the class path, for what happens once in a process: loading TensorFlow. Its program trains for one step. */
final class Child {
    /** How a JVM ended, and what it wrote. */
    record Result(int exitCode, String output, String errors) {}

    private Child() {}

    /** Prints the device, or why the backend can't be opened. */
    public static void main(String[] arguments) {
        try (Backend backend = new TensorFlowBackendProvider("cpu", 2).open()) {
            TrainingStep.all().getFirst().run(backend, 1);
            System.out.println(backend.device().description());
        } catch (CambiumException e) {
            System.out.println(e.getMessage());
        }
    }

    /**
     * Runs a program.
     *
     * @param folder
     *            where its output is kept
     * @param first
     *            what stands before all else on its class path; may be empty
     */
    static Result run(Class<?> program, Path folder, String first, List<String> options)
            throws IOException, InterruptedException {
        Path tests = Path.of(System.getProperty("basedir", "."), "target", "test-classes");
        String path = Stream.of(first, System.getProperty("java.class.path"), System.getProperty("jdk.module.path", ""),
                tests.toString()).filter(each -> !each.isEmpty()).collect(Collectors.joining(File.pathSeparator));
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", path));
        command.addAll(options);
        command.add(program.getName());
        Path output = folder.resolve("output.txt");
        Path errors = folder.resolve("errors.txt");
        var builder = new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
        builder.environment().remove("TF_CPP_MIN_LOG_LEVEL");
        int exitCode = builder.start().waitFor();
        return new Result(exitCode, Files.readString(output, StandardCharsets.UTF_8),
                Files.readString(errors, StandardCharsets.UTF_8));
    }
}
