package dev.cambium.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A contender's process, seen from the parent. */
final class Child implements AutoCloseable {
    /** The slowest contender takes four minutes for an epoch on two idle cores. */
    private static final int PATIENCE_MINUTES = 30;

    /** A contender that can't go on: the message is for the table. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1;

        Failure(String message) {
            super(message);
        }
    }

    private final Path log;
    private final Process process;
    private final PrintStream questions;
    private final BufferedReader answers;
    private final long start;

    private Child(Path log, Process process, long start) {
        this.log = log;
        this.process = process;
        this.start = start;
        questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Starts a contender.
     *
     * @param peers
     *            the folder of all contenders' modules
     * @param task
     *            what it is to train
     */
    static Child start(Entrant entrant, Path peers, Task task) throws IOException, Failure {
        Path target = peers.resolve(entrant.folder()).resolve("target");
        Path classPath = target.resolve("class-path");
        if (!Files.exists(classPath)) {
            throw new Failure("was not built: see " + peers.resolve("target").resolve("build.log"));
        }
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // As the program `cambium` runs, which says why.
                "-XX:+UseG1GC", "-Xmn32m", "-XX:MaxTenuringThreshold=1", "-XX:GCTimeRatio=1",
                "-XX:InitialRAMPercentage=12.5",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        if (hasLargePagesOnRequest()) {
            command.add("-XX:+UseTransparentHugePages");
        }
        command.addAll(entrant.options());
        command.addAll(List.of("-cp", target.resolve("classes") + ":" + Files.readString(classPath).strip(),
                "dev.cambium.peers." + entrant.main()));
        command.addAll(task.arguments());
        command.addAll(entrant.arguments());
        Path log = peers.resolve("target").resolve(entrant.name() + ".log");
        Files.createDirectories(log.getParent());
        var builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().put("OMP_NUM_THREADS", Integer.toString(task.threads()));
        long start = System.nanoTime();
        Process process = builder.start();
        // Whoever stops the parent means the children, too.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new Child(log, process, start);
    }

    private static boolean hasLargePagesOnRequest() {
        try {
            return Files.readString(Path.of("/sys/kernel/mm/transparent_hugepage/enabled")).contains("[madvise]");
        } catch (IOException e) {
            return false; // not on Linux, or without them
        }
    }

    double secondsSinceStart() {
        return (System.nanoTime() - start) / 1e9;
    }

    /** Waits for the answer. */
    String ask(String question) throws Failure {
        questions.println(question);
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(this::nextAnswer);
        try {
            return answer.get(PATIENCE_MINUTES, TimeUnit.MINUTES);
        } catch (TimeoutException | ExecutionException e) {
            throw new Failure("did not answer '%s': %ssee %s".formatted(question, complaint(), log));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("was interrupted");
        }
    }

    /** What the process said of its end, if it did. */
    private String complaint() {
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> line.matches("(Exception in |Caused by: |Error).*")).findFirst()
                    .map(line -> line + "; ").orElse("");
        } catch (IOException | UncheckedIOException e) {
            return "";
        }
    }

    double number(String question) throws Failure {
        return Double.parseDouble(ask(question));
    }

    private String nextAnswer() {
        return answers.lines().filter(line -> line.startsWith(Serving.ANSWER)).findFirst().orElseThrow()
                .substring(Serving.ANSWER.length());
    }

    /**
     * Holds the process to as many cores, if the machine has more: a session of TensorFlow computes on the thread that calls it besides
     * those that it is given, and a JVM compiles and collects on others.
     */
    void holdTo(int cores) throws IOException, Failure {
        if (cores >= Runtime.getRuntime().availableProcessors()) {
            return;
        }
        String said = "";
        for (int attempt = 0; attempt < 3; attempt++) { // a thread that ends meanwhile makes it fail
            Process taskset = new ProcessBuilder("taskset", "--all-tasks", "--cpu-list", "--pid", "0-" + (cores - 1),
                    Long.toString(process.pid())).redirectErrorStream(true).start();
            said = new String(taskset.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (taskset.onExit().join().exitValue() == 0) {
                return;
            }
        }
        throw new Failure("can't be held to %d cores: %s".formatted(cores, said.strip()));
    }

    /** The most memory that the process has had at once, in megabytes; −1 where the system does not tell. */
    long peakMegabytes() throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(status)) {
            return -1;
        }
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:")).findFirst()
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10).orElse(-1L);
        }
    }

    @Override
    public void close() {
        questions.println("quit");
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
