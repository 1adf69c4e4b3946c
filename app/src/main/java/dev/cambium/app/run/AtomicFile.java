package dev.cambium.app.run;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

import dev.cambium.CambiumException;

/** Files that are there whole or not at all. */
public final class AtomicFile {
    /** What a file is to hold. */
    @FunctionalInterface
    public interface Content {
        /** Writes all of it; the stream is buffered, and closed by the caller. */
        void writeTo(OutputStream out) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Writes a file under a temporary name beside its place, forces it to the disk and renames it.
     *
     * @param file
     *            the file, which is replaced if it exists
     * @param content
     *            writes what it is to hold
     * @throws CambiumException
     *             if it can't be written; what was there before is still there, and nothing else
     */
    public static void write(Path file, Content content) {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".partial");
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                var out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CambiumException("can't write %s: %s".formatted(file, FileProblem.of(e)), e);
        } finally {
            delete(temporary);
        }
    }

    private static void delete(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw new CambiumException("can't delete %s: %s".formatted(temporary, FileProblem.of(e)), e);
        }
    }
}
