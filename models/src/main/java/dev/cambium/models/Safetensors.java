package dev.cambium.models;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.UUID;

import dev.cambium.CambiumException;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.TensorType;

/**
 * Files of named tensors in Hugging Face's safetensors format, which there are readers and writers of for PyTorch, TensorFlow and
 * JAX as well: 8 bytes with the length of the header, the header in JSON, then the elements, all little-endian.
 */
public final class Safetensors {
    private static final int LENGTH_BYTES = 8;
    private static final long MAX_HEADER = 100_000_000; // the format's own limit
    private static final int CHUNK = 1 << 20;

    /**
     * What a file holds.
     *
     * @param tensors
     *            by name, in the header's order
     * @param metadata
     *            free texts by name
     */
    public record Contents(SequencedMap<String, NdArray> tensors, SequencedMap<String, String> metadata) {
        /** Keeps copies of the maps. */
        public Contents {
            tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
            metadata = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(metadata));
        }
    }

    private Safetensors() {}

    /**
     * Writes a file, which appears under its name only when it is whole and on the disk; one that is there is replaced.
     *
     * @param file
     *            where to; its folder must be there
     * @param tensors
     *            by name; they are written in this order, those of larger elements first
     * @param metadata
     *            free texts by name
     * @throws CambiumException
     *             if the file can't be written
     */
    public static void write(Path file, Map<String, NdArray> tensors, Map<String, String> metadata) {
        requireLittleEndian();
        var types = new LinkedHashMap<String, TensorType>();
        tensors.forEach((name, tensor) -> types.put(name, tensor.type()));
        SafetensorsHeader header = SafetensorsHeader.of(types, metadata);
        Path temporary = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try {
                try (var channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE)) {
                    writeFully(channel, MemorySegment.ofArray(lengthAndText(header)));
                    for (SafetensorsHeader.Entry entry : header.entries()) {
                        writeFully(channel, Objects.requireNonNull(tensors.get(entry.name())).segment());
                    }
                    channel.force(true);
                }
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new CambiumException("can't write %s: %s".formatted(file, reason(e)), e);
        }
    }

    /**
     * Reads a whole file into memory.
     *
     * @throws CambiumException
     *             if the file can't be read, is no safetensors file, is damaged (truncated, overlapping or missing data, garbage in
     *             its header) or has elements of a type that the platform doesn't know; the message names the file and what is wrong
     */
    public static Contents read(Path file) {
        requireLittleEndian();
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long headerLength = headerLength(file, channel);
            long dataStart = LENGTH_BYTES + headerLength;
            SafetensorsHeader header = header(file, channel, headerLength, channel.size() - dataStart);
            var tensors = new LinkedHashMap<String, NdArray>();
            for (SafetensorsHeader.Entry entry : header.entries()) {
                MemorySegment memory = Arena.ofAuto().allocate(entry.end() - entry.begin(), Long.BYTES);
                readFully(channel, dataStart + entry.begin(), memory);
                tensors.put(entry.name(), NdArray.of(entry.type(), memory));
            }
            return new Contents(tensors, header.metadata());
        } catch (IOException e) {
            throw new CambiumException("can't read %s: %s".formatted(file, reason(e)), e);
        }
    }

    private static long headerLength(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < LENGTH_BYTES + 2) {
            throw new CambiumException(
                    "%s is no safetensors file: it has only %d bytes, too few for a header".formatted(file, size));
        }
        ByteBuffer start = ByteBuffer.allocate(LENGTH_BYTES + 1).order(ByteOrder.LITTLE_ENDIAN);
        readFully(channel, 0, MemorySegment.ofBuffer(start));
        long length = start.getLong(0);
        if (length < 2 || length > MAX_HEADER || start.get(LENGTH_BYTES) != '{') {
            throw new CambiumException(
                    "%s is no safetensors file: it does not start with the length of a header, at most 100 MB, and that header"
                            .formatted(file));
        }
        if (length > size - LENGTH_BYTES) {
            throw new CambiumException("%s is damaged: its header has %d bytes, but only %d are there".formatted(file,
                    length, size - LENGTH_BYTES));
        }
        return length;
    }

    private static SafetensorsHeader header(Path file, FileChannel channel, long length, long dataSize)
            throws IOException {
        byte[] text = new byte[Math.toIntExact(length)];
        readFully(channel, LENGTH_BYTES, MemorySegment.ofArray(text));
        try {
            String json = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
            return SafetensorsHeader.parse(json, dataSize);
        } catch (CharacterCodingException e) {
            throw new CambiumException("%s is damaged: its header is not UTF-8".formatted(file), e);
        } catch (CambiumException e) {
            throw new CambiumException("%s is damaged: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** The length of the header and the header, which spaces fill up so that the elements behind it are aligned. */
    private static byte[] lengthAndText(SafetensorsHeader header) {
        byte[] text = header.toJson().getBytes(StandardCharsets.UTF_8);
        int length = Math.ceilDiv(text.length, Long.BYTES) * Long.BYTES;
        byte[] bytes = new byte[LENGTH_BYTES + length];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length).put(text);
        Arrays.fill(bytes, LENGTH_BYTES + text.length, bytes.length, (byte) ' ');
        return bytes;
    }

    /** Goes through a buffer, since a channel takes no memory of float arrays. */
    private static void writeFully(FileChannel channel, MemorySegment memory) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(CHUNK, memory.byteSize()));
        for (long offset = 0; offset < memory.byteSize(); offset += buffer.capacity()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), memory.byteSize() - offset));
            MemorySegment.ofBuffer(buffer).copyFrom(memory.asSlice(offset, buffer.limit()));
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
    }

    private static void readFully(FileChannel channel, long position, MemorySegment memory) throws IOException {
        for (long offset = 0; offset < memory.byteSize(); offset += CHUNK) {
            ByteBuffer buffer = memory.asSlice(offset, Math.min(CHUNK, memory.byteSize() - offset)).asByteBuffer();
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, position + offset + buffer.position()) < 0) {
                    throw new EOFException("it became shorter while it was read");
                }
            }
        }
    }

    private static void requireLittleEndian() {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new CambiumException("safetensors files can't be read or written on a big-endian machine");
        }
    }

    /** The message of a failure, completed where Java gives the file's name alone. */
    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "no such file or folder";
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }
}
