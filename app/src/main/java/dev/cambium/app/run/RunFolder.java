package dev.cambium.app.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import dev.cambium.CambiumException;
import dev.cambium.app.terminal.Numbers;

/**
 * The folder of one run.
 *
 * @param path
 *            where it is
 * @param made
 *            whether it was made for this run and goes again if nothing comes of it
 */
public record RunFolder(Path path, boolean made) implements AutoCloseable {
    /** The file of the {@link RunSettings}. */
    public static final String SETTINGS = "settings.json";

    /** The file of the {@link MetricsLog}. */
    public static final String METRICS = "metrics.jsonl";

    /** The file of the {@link StepTrace}. */
    public static final String TRACE = "trace.json";

    /** The file of the weights. */
    public static final String WEIGHTS = "model.safetensors";

    /** The picture of how loss and accuracy went. */
    public static final String LEARNING_CURVE = "learning-curve.png";

    /** The picture of which class was taken for which. */
    public static final String CONFUSION_MATRIX = "confusion-matrix.png";

    /** Some test images with what the trained network takes them for. */
    public static final String SAMPLES = "samples.png";

    /**
     * A new run's folder, named by the user.
     *
     * @param path
     *            must not exist yet, or be an empty folder; parents are made as needed
     * @throws CambiumException
     *             if it is something else, or nothing can be written there
     */
    public static RunFolder create(Path path) {
        boolean made = Files.notExists(path);
        try {
            Files.createDirectories(path);
            try (Stream<Path> inside = Files.list(path)) {
                if (inside.findAny().isPresent()) {
                    throw new CambiumException(
                            "%s is not empty: a run needs a folder of its own. Name one that doesn't exist yet with --out"
                                    .formatted(path));
                }
            }
            return writable(path, made);
        } catch (IOException e) {
            throw new CambiumException("can't make the folder %s: %s".formatted(path, FileProblem.of(e)), e);
        }
    }

    /**
     * A new run's folder under a readable name.
     *
     * @param runs
     *            the folder of all runs, made as needed
     * @param name
     *            the name wanted; where it is taken, a number is appended
     * @throws CambiumException
     *             if nothing can be written there
     */
    public static RunFolder create(Path runs, String name) {
        try {
            Files.createDirectories(runs);
            for (int i = 1;; i++) {
                try {
                    return writable(Files.createDirectory(runs.resolve(i == 1 ? name : name + "-" + i)), true);
                } catch (FileAlreadyExistsException _) {
                    // the next number, then
                }
            }
        } catch (IOException e) {
            throw new CambiumException("can't make a folder in %s: %s".formatted(runs, FileProblem.of(e)), e);
        }
    }

    private static RunFolder writable(Path path, boolean made) {
        Path probe = path.resolve(".probe");
        AtomicFile.write(probe, out -> out.write('\n'));
        try {
            Files.delete(probe);
        } catch (IOException e) {
            throw new CambiumException("can't delete %s: %s".formatted(probe, FileProblem.of(e)), e);
        }
        return new RunFolder(path, made);
    }

    /**
     * The folder of a run that was made before.
     *
     * @throws CambiumException
     *             if it is not one
     */
    public static RunFolder open(Path path) {
        if (!Files.isDirectory(path)) {
            throw new CambiumException("there is no run %s: name the folder of one, such as runs/NAME".formatted(path));
        }
        if (!Files.exists(path.resolve(SETTINGS))) {
            throw new CambiumException("%s is not the folder of a run: it has no %s".formatted(path, SETTINGS));
        }
        return new RunFolder(path, false);
    }

    /**
     * The run whose weights were written last.
     *
     * @param runs
     *            the folder of all runs
     * @throws CambiumException
     *             if there is none
     */
    public static RunFolder newest(Path runs) {
        Optional<Path> newest = Optional.empty();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(runs,
                folder -> Files.exists(folder.resolve(WEIGHTS)))) {
            var all = new ArrayList<Dated>();
            for (Path folder : folders) {
                all.add(new Dated(folder, Files.getLastModifiedTime(folder.resolve(WEIGHTS))));
            }
            newest = all.stream().max(Comparator.comparing(Dated::time).thenComparing(Dated::folder))
                    .map(Dated::folder);
        } catch (NoSuchFileException _) {
            // no folder, no run
        } catch (IOException e) {
            throw new CambiumException("can't read %s: %s".formatted(runs, FileProblem.of(e)), e);
        }
        return open(newest.orElseThrow(() -> new CambiumException(
                "there is no trained run in %s yet: make one with 'cambium train', or name one with --model"
                        .formatted(runs))));
    }

    private record Dated(Path folder, FileTime time) {}

    /** The path of one of its files. */
    public Path file(String name) {
        return path.resolve(name);
    }

    /**
     * Checks that there is room for what a run will write.
     *
     * @throws CambiumException
     *             if not; the message says how much is missing
     */
    public void requireSpace(long bytes) {
        try {
            long usable = Files.getFileStore(path).getUsableSpace();
            if (usable < bytes) {
                throw new CambiumException(
                        "%s has no room for the run: it takes some %s, and %s are free".formatted(path,
                                Numbers.bytes(bytes), Numbers.bytes(usable)));
            }
        } catch (IOException e) {
            throw new CambiumException("can't look at the disk of %s: %s".formatted(path, FileProblem.of(e)), e);
        }
    }

    /** Writes the settings. */
    public void writeSettings(RunSettings settings) {
        AtomicFile.write(file(SETTINGS),
                out -> out.write((Json.pretty(settings) + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Reads the settings.
     *
     * @throws CambiumException
     *             if they can't be read or are damaged
     */
    public RunSettings settings() {
        Path file = file(SETTINGS);
        try {
            return Json.read(Files.readString(file), RunSettings.class);
        } catch (IOException e) {
            throw new CambiumException("can't read %s: %s".formatted(file, FileProblem.of(e)), e);
        } catch (RuntimeException e) { // what the checks of the record throw comes wrapped
            String problem = e.getCause() instanceof IllegalArgumentException cause ? cause.getMessage()
                    : e.getMessage();
            throw new CambiumException("%s does not hold the settings of a run: %s".formatted(file, problem), e);
        }
    }

    /** Starts the log of metrics; see {@link MetricsLog}. */
    public MetricsLog metrics(LongSupplier nanoTime) {
        return new MetricsLog(file(METRICS), nanoTime);
    }

    /** Deletes files that are still being written; they have names that start with a dot. */
    public void removeUnfinished() {
        try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(path, ".*")) {
            for (Path file : unfinished) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new CambiumException("can't clear %s: %s".formatted(path, FileProblem.of(e)), e);
        }
    }

    /** Removes what was written, and the folder if it was made for the run, in case training did not come as far as metrics. */
    @Override
    public void close() {
        try {
            Path metrics = file(METRICS);
            if (Files.notExists(metrics) || Files.size(metrics) == 0) {
                Files.deleteIfExists(metrics);
                Files.deleteIfExists(file(SETTINGS));
                if (made) {
                    Files.delete(path);
                }
            }
        } catch (IOException e) {
            throw new CambiumException("can't clear %s: %s".formatted(path, FileProblem.of(e)), e);
        }
    }
}
