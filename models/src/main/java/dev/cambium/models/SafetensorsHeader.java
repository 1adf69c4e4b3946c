package dev.cambium.models;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;

import dev.cambium.CambiumException;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.ShapeException;
import dev.cambium.tensor.TensorType;

/**
 * The header of a safetensors file.
 *
 * @param entries
 *            the tensors, in the header's order
 * @param metadata
 *            free texts by name
 */
record SafetensorsHeader(List<Entry> entries, SequencedMap<String, String> metadata) {
    private static final String METADATA = "__metadata__";

    /** A tensor and the place of its bytes, counted from the end of the header. */
    record Entry(String name, TensorType type, long begin, long end) {}

    /** The header of a file in which the tensors follow each other, those of large elements first, so that all are aligned. */
    static SafetensorsHeader of(Map<String, TensorType> tensors, Map<String, String> metadata) {
        var entries = new ArrayList<Entry>();
        long end = 0;
        for (var tensor : tensors.entrySet().stream()
                .sorted(Comparator.comparingInt(tensor -> -tensor.getValue().dtype().bytes())).toList()) {
            if (tensor.getKey().equals(METADATA)) {
                throw new CambiumException("a tensor of a safetensors file can't be named '" + METADATA + "'");
            }
            long begin = end;
            end = Math.addExact(begin, byteSize(tensor.getValue()));
            entries.add(new Entry(tensor.getKey(), tensor.getValue(), begin, end));
        }
        return new SafetensorsHeader(entries, new TreeMap<>(metadata)); // equal contents make equal files
    }

    /** The number of bytes behind the header. */
    long dataSize() {
        return entries.stream().mapToLong(Entry::end).max().orElse(0);
    }

    String toJson() {
        var text = new StringWriter();
        try (var json = new JsonWriter(text)) {
            json.beginObject();
            if (!metadata.isEmpty()) {
                json.name(METADATA).beginObject();
                for (var entry : metadata.entrySet()) {
                    json.name(entry.getKey()).value(entry.getValue());
                }
                json.endObject();
            }
            for (Entry entry : entries) {
                json.name(entry.name()).beginObject().name("dtype").value(code(entry.type().dtype()));
                json.name("shape").beginArray();
                for (int dim : entry.type().shape().dims()) {
                    json.value(dim);
                }
                json.endArray().name("data_offsets").beginArray().value(entry.begin()).value(entry.end()).endArray();
                json.endObject();
            }
            json.endObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return text.toString();
    }

    /**
     * Reads and checks a header: the tensors must fill the data without overlaps and gaps.
     *
     * @param json
     *            the header's text
     * @param dataSize
     *            the number of bytes behind the header
     * @throws CambiumException
     *             if something is wrong; the message tells what, not in which file
     */
    static SafetensorsHeader parse(String json, long dataSize) {
        var entries = new LinkedHashMap<String, Entry>();
        var metadata = new LinkedHashMap<String, String>();
        try (var reader = new JsonReader(new StringReader(json))) {
            reader.setStrictness(Strictness.STRICT);
            boolean metadataSeen = false;
            reader.beginObject();
            while (reader.hasNext()) {
                String name = reader.nextName();
                if (name.equals(METADATA)) {
                    require(!metadataSeen, "'%s' stands there twice", METADATA);
                    metadataSeen = true;
                    readMetadata(reader, metadata);
                } else {
                    require(entries.put(name, readEntry(reader, name)) == null, "two tensors are named '%s'", name);
                }
            }
            reader.endObject();
            require(reader.peek() == JsonToken.END_DOCUMENT, "more text follows its JSON");
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw new CambiumException("its header is not the JSON that is wanted: " + e.getMessage(), e);
        }
        requireFilled(entries.values().stream()
                .sorted(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end)).toList(), dataSize);
        return new SafetensorsHeader(List.copyOf(entries.values()), metadata);
    }

    private static void readMetadata(JsonReader reader, Map<String, String> metadata) throws IOException {
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            require(reader.peek() == JsonToken.STRING, "the metadata '%s' is no text", name);
            require(metadata.put(name, reader.nextString()) == null, "the metadata '%s' stands there twice", name);
        }
        reader.endObject();
    }

    private static Entry readEntry(JsonReader reader, String tensor) throws IOException {
        String code = null;
        long[] shape = null;
        long[] offsets = null;
        reader.beginObject();
        while (reader.hasNext()) {
            switch (reader.nextName()) {
                case "dtype" -> code = reader.nextString();
                case "shape" -> shape = readLongs(reader);
                case "data_offsets" -> offsets = readLongs(reader);
                default -> reader.skipValue(); // room for later versions of the format, as its reference reader leaves it
            }
        }
        reader.endObject();
        return entry(tensor, code, shape, offsets);
    }

    private static long[] readLongs(JsonReader reader) throws IOException {
        var values = new ArrayList<Long>();
        reader.beginArray();
        while (reader.hasNext()) {
            values.add(reader.nextLong());
        }
        reader.endArray();
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private static Entry entry(String name, @Nullable String code, long @Nullable [] dims, long @Nullable [] offsets) {
        if (code == null || dims == null || offsets == null) {
            throw new CambiumException("tensor '%s' lacks its dtype, shape or data_offsets".formatted(name));
        }
        DType dtype = Arrays.stream(DType.values()).filter(known -> code(known).equals(code)).findFirst()
                .orElseThrow(() -> new CambiumException("tensor '%s' has elements of type '%s'; known are %s"
                        .formatted(name, code, Arrays.stream(DType.values()).map(SafetensorsHeader::code)
                                .collect(Collectors.joining(", ")))));
        require(Arrays.stream(dims).allMatch(dim -> dim >= 0 && dim <= Integer.MAX_VALUE),
                "tensor '%s' has the impossible shape %s", name, Arrays.toString(dims));
        require(offsets.length == 2 && offsets[0] >= 0 && offsets[0] <= offsets[1],
                "tensor '%s' has the impossible data_offsets %s", name, Arrays.toString(offsets));
        long bytes;
        TensorType type;
        try {
            type = new TensorType(dtype, Shape.of(Arrays.stream(dims).mapToInt(Math::toIntExact).toArray()));
            bytes = byteSize(type);
        } catch (ArithmeticException | ShapeException e) {
            throw new CambiumException(
                    "tensor '%s' has the impossible shape %s".formatted(name, Arrays.toString(dims)), e);
        }
        require(offsets[1] - offsets[0] == bytes, "tensor '%s' %s takes %d bytes, but its data_offsets %s hold %d",
                name, type, bytes, Arrays.toString(offsets), offsets[1] - offsets[0]);
        return new Entry(name, type, offsets[0], offsets[1]);
    }

    private static void requireFilled(List<Entry> entries, long dataSize) {
        long end = 0;
        for (Entry entry : entries) {
            require(entry.begin() >= end, "tensor '%s' overlaps another: it begins at byte %d, the other ends at %d",
                    entry.name(), entry.begin(), end);
            require(entry.begin() == end, "no tensor owns the bytes %d to %d", end, entry.begin());
            require(entry.end() <= dataSize, "it is truncated: tensor '%s' ends at byte %d, but only %d are there",
                    entry.name(), entry.end(), dataSize);
            end = entry.end();
        }
        require(end == dataSize, "%d bytes too many stand at its end", dataSize - end);
    }

    private static long byteSize(TensorType type) {
        return Math.multiplyExact(type.shape().size(), type.dtype().bytes());
    }

    private static String code(DType dtype) {
        return switch (dtype) {
            case BOOL -> "BOOL";
            case UINT8 -> "U8";
            case INT32 -> "I32";
            case INT64 -> "I64";
            case FLOAT16 -> "F16";
            case BFLOAT16 -> "BF16";
            case FLOAT32 -> "F32";
            case FLOAT64 -> "F64";
        };
    }

    @SuppressWarnings("AnnotateFormatMethod") // that annotation would be a dependency
    private static void require(boolean condition, String message, Object... arguments) {
        if (!condition) {
            throw new CambiumException(message.formatted(arguments));
        }
    }
}
