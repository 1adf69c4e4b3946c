package dev.cambium.datasets;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

import dev.cambium.tensor.Shape;

/**
 * A file of unsigned bytes in the IDX format, the contents of which are known beforehand. The format is that of the
 * MNIST page: two zero bytes, the element type (0x08 for unsigned bytes), the number of dimensions, each dimension as a
 * big-endian 32-bit number, then the values, row-major.
 *
 * <p>
 * As the shape is known, nothing a file says about its size is believed before it is compared, and no file makes this
 * class allocate more than the file should hold. The digest is taken at every read, from the cache too: SHA-256 of
 * MNIST's 55 MB takes some 70 ms in a cold JVM, less than finding out later why a model learns badly.
 *
 * @param name
 *            the usual name, such as {@code train-images-idx3-ubyte}
 * @param shape
 *            the shape of the values, at least one dimension
 * @param sha256
 *            the digest of the whole uncompressed file, header included, in lower-case hexadecimal digits
 */
record IdxFile(String name, Shape shape, String sha256) {
    private static final int UNSIGNED_BYTE = 0x08;
    private static final short GZIP = 0x1f8b;

    /** This file in a folder: under its usual name or with a dot (train-images.idx3-ubyte), plain or gzipped. */
    Optional<Path> in(Path folder) {
        return Stream.of(name, name.replace("-idx", ".idx"))
                .flatMap(spelling -> Stream.of(spelling, spelling + ".gz"))
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** The size of the whole file, uncompressed, in bytes. */
    int bytes() {
        return Math.toIntExact(headerBytes() + shape.size());
    }

    /**
     * The values, of which there are as many as the shape has. A plain file is mapped, a gzipped one (told by its first
     * bytes, whatever its name) is unpacked into memory.
     *
     * @throws DamagedFileException
     *             if the file is not exactly the one expected
     */
    ByteBuffer read(Path file) throws IOException {
        ByteBuffer contents = verified(file);
        return contents.slice(headerBytes(), contents.capacity() - headerBytes());
    }

    /**
     * Puts a file, verified, uncompressed and under its usual name, into a folder, in one atomic step. The caller sees
     * to it that no other thread or process does the same at the same time.
     *
     * @throws DamagedFileException
     *             if the file is not exactly the one expected; the folder is then left as it was
     */
    void install(Path file, Path folder) throws IOException {
        ByteBuffer contents = verified(file);
        Path temporary = folder.resolve(name + ".tmp");
        try {
            try (var out = FileChannel.open(temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                while (contents.hasRemaining()) {
                    out.write(contents);
                }
                out.force(true);
            }
            Files.move(temporary, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private int headerBytes() {
        return 4 + 4 * shape.rank();
    }

    private ByteBuffer verified(Path file) throws IOException {
        ByteBuffer contents = contents(file);
        String digest = sha256(contents);
        if (!digest.equals(sha256)) {
            throw new DamagedFileException("%s has the right size, but the wrong digest: SHA-256 %s, expected %s"
                    .formatted(file, digest, sha256));
        }
        return contents;
    }

    private ByteBuffer contents(Path file) throws IOException {
        try (var channel = FileChannel.open(file)) {
            long size = channel.size();
            ByteBuffer header = ByteBuffer.allocate((int) Math.min(size, headerBytes()));
            while (header.hasRemaining() && channel.read(header) >= 0) {}
            if (size >= 2 && header.getShort(0) == GZIP) {
                return unpacked(file);
            }
            checkHeader(file, header.array());
            if (size < bytes()) {
                throw new DamagedFileException("%s is cut short: it has %d bytes, expected %d; the last %d are missing"
                        .formatted(file, size, bytes(), bytes() - size));
            }
            if (size > bytes()) {
                throw new DamagedFileException("%s is too long: it has %d bytes, expected %d; %d follow the last value"
                        .formatted(file, size, bytes(), size - bytes()));
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
        }
    }

    private ByteBuffer unpacked(Path file) throws IOException {
        int done = 0;
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file), 1 << 16)) {
            byte[] header = in.readNBytes(headerBytes());
            done = header.length;
            checkHeader(file, header);
            byte[] contents = Arrays.copyOf(header, bytes());
            int count;
            while (done < contents.length && (count = in.read(contents, done, contents.length - done)) > 0) {
                done += count;
            }
            if (done < contents.length) {
                throw new DamagedFileException(
                        "%s is cut short: it unpacks to %d bytes, expected %d; the last %d are missing"
                                .formatted(file, done, contents.length, contents.length - done));
            }
            if (in.read() >= 0) {
                throw new DamagedFileException("%s is too long: it unpacks to more than the %d bytes expected"
                        .formatted(file, contents.length));
            }
            return ByteBuffer.wrap(contents).asReadOnlyBuffer();
        } catch (EOFException e) {
            throw new DamagedFileException("%s is cut short: its gzip stream ends after %d of %d unpacked bytes"
                    .formatted(file, done, bytes()));
        } catch (ZipException e) {
            throw new DamagedFileException(
                    "%s is damaged: its gzip stream is invalid after %d of %d unpacked bytes (%s)"
                            .formatted(file, done, bytes(), e.getMessage()));
        }
    }

    private void checkHeader(Path file, byte[] header) throws DamagedFileException {
        if (header.length == 0) {
            throw new DamagedFileException("%s is empty, expected %d bytes".formatted(file, bytes()));
        }
        if (header.length < headerBytes()) {
            throw new DamagedFileException("%s is cut short: it ends at byte %d, within the IDX header of %d bytes"
                    .formatted(file, header.length, headerBytes()));
        }
        if (header[0] != 0 || header[1] != 0) {
            throw new DamagedFileException(
                    "%s is not an IDX file: it begins with the bytes %s, expected 00 00 %02x %02x"
                            .formatted(file, HexFormat.ofDelimiter(" ").formatHex(header, 0, 4), UNSIGNED_BYTE,
                                    shape.rank()));
        }
        if (header[2] != UNSIGNED_BYTE) {
            throw new DamagedFileException("%s holds elements of type 0x%02x (byte 2), expected 0x%02x, unsigned bytes"
                    .formatted(file, header[2], UNSIGNED_BYTE));
        }
        if (header[3] != shape.rank()) {
            throw new DamagedFileException("%s has %d dimension(s) (byte 3), expected %d"
                    .formatted(file, Byte.toUnsignedInt(header[3]), shape.rank()));
        }
        ByteBuffer sizes = ByteBuffer.wrap(header, 4, header.length - 4).order(ByteOrder.BIG_ENDIAN);
        List<Long> found = IntStream.range(0, shape.rank()).mapToObj(i -> Integer.toUnsignedLong(sizes.getInt()))
                .toList();
        List<Long> expected = Arrays.stream(shape.dims()).mapToObj(Long::valueOf).toList();
        if (!found.equals(expected)) {
            throw new DamagedFileException(
                    "%s has the shape %s (from byte 4), expected %s".formatted(file, found, expected));
        }
    }

    private static String sha256(ByteBuffer bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes.duplicate());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
