package dev.cambium.datasets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

import dev.cambium.CambiumException;
import dev.cambium.data.DataEnvironment;
import dev.cambium.data.DataProgress;
import dev.cambium.data.DataUnavailableException;
import dev.cambium.data.DataUnavailableException.Attempt;
import dev.cambium.data.Splits;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;

/**
 * An image classification dataset in four IDX files, as MNIST and its kin are, and how they are found: in a folder that
 * the user named, else in the cache, else fetched into the cache from the first source that has them.
 *
 * <p>
 * The cache keeps the files uncompressed: mapping and checking the 55 MB of MNIST takes half the time that unpacking
 * and checking them would. A file of the user's that is damaged is an error, as other data than was asked for would be
 * worse than none; a damaged file in the cache is set aside and fetched again.
 *
 * @param name
 *            the name of the dataset, and of its folder in the cache
 * @param sources
 *            where the files come from when the cache lacks them, in order
 */
record IdxImages(String name, IdxFile trainImages, IdxFile trainLabels, IdxFile testImages, IdxFile testLabels,
        List<String> classNames, List<Source> sources) {
    /** Held beside the lock file, which keeps out other processes, but not other threads. */
    private static final ReentrantLock FETCHING = new ReentrantLock();

    /**
     * Finds, verifies and opens the four files.
     *
     * @throws DataUnavailableException
     *             if no source has them
     * @throws CambiumException
     *             if the folder that the user named does not exist or holds a damaged file
     */
    Splits load(DataEnvironment environment) {
        DataProgress progress = environment.progress();
        var attempts = new ArrayList<Attempt>();
        return environment.directory().flatMap(directory -> fromDirectory(directory, attempts, progress))
                .or(() -> fromCache(environment.cache().resolve(name), attempts, progress))
                .orElseThrow(() -> new DataUnavailableException(name, attempts,
                        ("Put %s (plain or .gz) into a folder and name it with --data or CAMBIUM_DATA, "
                                + "or use synthetic-digits.").formatted(names(files()))));
    }

    /** The type of one image. */
    TensorType inputType() {
        return new TensorType(DType.FLOAT32,
                Shape.of(1, trainImages.shape().dim(1), trainImages.shape().dim(2)));
    }

    private List<IdxFile> files() {
        return List.of(trainImages, trainLabels, testImages, testLabels);
    }

    /** A folder may hold several datasets, each in a folder of its name, as they have the same file names. */
    private Optional<Splits> fromDirectory(Path directory, List<Attempt> attempts, DataProgress progress) {
        if (!Files.isDirectory(directory)) {
            throw new CambiumException(
                    "the data folder %s does not exist. Name a folder that holds %s (plain or .gz), or none."
                            .formatted(directory, names(files())));
        }
        for (Path folder : List.of(directory.resolve(name), directory)) {
            if (absentIn(folder).isEmpty()) {
                try {
                    return Optional.of(open(folder));
                } catch (IOException e) {
                    throw new CambiumException("%s. Put a sound copy of %s there, or name another folder."
                            .formatted(reason(e), name), e);
                }
            }
        }
        pass(new Attempt(directory.toString(), "it has no " + names(absentIn(directory))), attempts, progress);
        return Optional.empty();
    }

    private Optional<Splits> fromCache(Path cache, List<Attempt> attempts, DataProgress progress) {
        try {
            if (absentIn(cache).isEmpty()) {
                return Optional.of(open(cache));
            }
        } catch (DamagedFileException e) {
            progress.note("a file of " + name + " in the cache is damaged and will be fetched again");
        } catch (IOException e) {
            attempts.add(new Attempt(cache.toString(), reason(e)));
            return Optional.empty();
        }
        FETCHING.lock();
        try {
            Files.createDirectories(cache);
            try (var channel = FileChannel.open(cache.resolve("lock"), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
                    var _ = lock(channel, progress)) {
                setDamagedAside(cache, attempts, progress);
                return fill(cache, attempts, progress) ? Optional.of(open(cache)) : Optional.empty();
            }
        } catch (IOException e) {
            pass(new Attempt(cache.toString(), reason(e)), attempts, progress);
            return Optional.empty();
        } finally {
            FETCHING.unlock();
        }
    }

    private FileLock lock(FileChannel channel, DataProgress progress) throws IOException {
        FileLock lock = channel.tryLock();
        if (lock == null) {
            progress.note("another process is fetching " + name + "; waiting for it");
            lock = channel.lock();
        }
        return lock;
    }

    private void setDamagedAside(Path cache, List<Attempt> attempts, DataProgress progress) throws IOException {
        for (IdxFile file : files()) {
            Optional<Path> found = file.in(cache);
            if (found.isPresent()) {
                try {
                    file.read(found.get());
                } catch (DamagedFileException e) {
                    Path aside = cache.resolve(found.get().getFileName() + ".damaged");
                    Files.move(found.get(), aside, StandardCopyOption.REPLACE_EXISTING);
                    pass(new Attempt(cache.toString(), e.getMessage() + "; it is set aside as " + aside.getFileName()),
                            attempts,
                            progress);
                }
            }
        }
    }

    /** Fetches what the cache lacks; whether it then lacks nothing. */
    private boolean fill(Path cache, List<Attempt> attempts, DataProgress progress) {
        List<IdxFile> absent = absentIn(cache);
        if (!absent.isEmpty()) {
            attempts.add(new Attempt(cache.toString(), "it has no " + names(absent)));
        }
        for (Source source : sources) {
            if (absent.isEmpty()) {
                break;
            }
            progress.note("looking for %s in %s".formatted(name, source));
            try {
                source.fetch(absent, cache, progress);
            } catch (IOException e) {
                pass(new Attempt(source.toString(), reason(e)), attempts, progress);
            }
            absent = absentIn(cache);
        }
        return absent.isEmpty();
    }

    private Splits open(Path folder) throws IOException {
        return new Splits(open(folder, trainImages, trainLabels), open(folder, testImages, testLabels));
    }

    private LabelledImages open(Path folder, IdxFile images, IdxFile labels) throws IOException {
        return new LabelledImages(read(images, folder), read(labels, folder), images.shape().dim(1),
                images.shape().dim(2),
                classNames);
    }

    private static ByteBuffer read(IdxFile file, Path folder) throws IOException {
        return file.read(
                file.in(folder).orElseThrow(() -> new NoSuchFileException(folder.resolve(file.name()).toString())));
    }

    private List<IdxFile> absentIn(Path folder) {
        return files().stream().filter(file -> file.in(folder).isEmpty()).toList();
    }

    private static void pass(Attempt attempt, List<Attempt> attempts, DataProgress progress) {
        attempts.add(attempt);
        progress.note(attempt.source() + ": " + attempt.reason());
    }

    private static String names(List<IdxFile> files) {
        return files.stream().map(IdxFile::name).collect(Collectors.joining(", "));
    }

    /** The message of a failure, completed where Java gives the file's name alone. */
    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case NoSuchFileException absent -> absent.getFile() + ": no such file";
            case FileAlreadyExistsException other -> other.getFile() + ": not a folder";
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }
}
