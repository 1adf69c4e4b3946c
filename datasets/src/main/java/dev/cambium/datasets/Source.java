package dev.cambium.datasets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.cambium.data.DataProgress;

/** A place from which the cache is filled. */
sealed interface Source permits Source.Folder, Mirror, NpmPackage {
    /**
     * Puts files into the cache, each as soon as it is there and verified. Fails after a few seconds when the source
     * can't be reached. No other thread or process does the same at the same time.
     *
     * @param cache
     *            an existing folder
     * @throws IOException
     *             if a file could not be had; the message is the reason in words, and files put there before it stay
     */
    void fetch(List<IdxFile> files, Path cache, DataProgress progress) throws IOException;

    /** The source as a person would name it. */
    @Override
    String toString();

    /** A folder where a package of the operating system puts the files. */
    record Folder(Path path) implements Source {
        @Override
        public void fetch(List<IdxFile> files, Path cache, DataProgress progress) throws IOException {
            if (!Files.isDirectory(path)) {
                throw new IOException("no such folder");
            }
            for (IdxFile file : files) {
                Optional<Path> found = file.in(path);
                if (found.isEmpty()) {
                    throw new IOException("it has no " + file.name());
                }
                file.install(found.get(), cache);
            }
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }
}
