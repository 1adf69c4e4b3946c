package dev.cambium.datasets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;

import dev.cambium.data.DataEnvironment;
import dev.cambium.data.DataProgress;
import dev.cambium.tensor.Shape;

/** A dataset of six and three images of 4×5 pixels, in the form of MNIST. */
final class TinyData {
    static final IdxFile TRAIN_IMAGES = file("train-images-idx3-ubyte", 6, 4, 5);
    static final IdxFile TRAIN_LABELS = file("train-labels-idx1-ubyte", 6);
    static final IdxFile TEST_IMAGES = file("t10k-images-idx3-ubyte", 3, 4, 5);
    static final IdxFile TEST_LABELS = file("t10k-labels-idx1-ubyte", 3);
    static final List<IdxFile> FILES = List.of(TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS);

    private TinyData() {}

    static IdxImages from(Source... sources) {
        return new IdxImages("tiny", TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS, List.of("a", "b"),
                List.of(sources));
    }

    private static IdxFile file(String name, int... dims) {
        return new IdxFile(name, Shape.of(dims), sha256(contents(dims)));
    }

    /** The bytes of a file, the values of which are 3, 10, 17, … modulo 256. */
    static byte[] contents(IdxFile file) {
        return contents(file.shape().dims());
    }

    private static byte[] contents(int... dims) {
        int header = 4 + 4 * dims.length;
        ByteBuffer bytes = ByteBuffer.allocate(header + (int) Shape.of(dims).size());
        bytes.putInt(0x800 + dims.length);
        for (int dim : dims) {
            bytes.putInt(dim);
        }
        for (int i = 0; bytes.hasRemaining(); i++) {
            bytes.put(value(i));
        }
        return bytes.array();
    }

    static byte value(int index) {
        return (byte) (3 + 7 * index);
    }

    /** Writes all four files, plain. */
    static Path writeTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (IdxFile file : FILES) {
            Files.write(folder.resolve(file.name()), contents(file));
        }
        return folder;
    }

    static byte[] gzip(byte[] bytes) {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An environment without a folder of the user's. */
    static DataEnvironment environment(Path cache, DataProgress progress) {
        return new DataEnvironment(Optional.empty(), cache, progress);
    }

    /** Keeps what it is told, from any thread. */
    static final class Told implements DataProgress {
        final List<String> notes = new CopyOnWriteArrayList<>();
        final List<String> transfers = new CopyOnWriteArrayList<>();

        @Override
        public void note(String message) {
            notes.add(message);
        }

        @Override
        public void transferred(String what, long done, long total) {
            transfers.add("%s %d/%d".formatted(what, done, total));
        }
    }
}
