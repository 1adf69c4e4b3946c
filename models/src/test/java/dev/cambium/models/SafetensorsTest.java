package dev.cambium.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.cambium.CambiumException;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;

class SafetensorsTest {
    private static final String PAIR = """
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[4],"data_offsets":[8,12]}}""";

    @TempDir
    Path folder;

    private Path file(String header, int dataBytes) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return file(text.length, text, dataBytes);
    }

    private Path file(long length, byte[] header, int dataBytes) throws IOException {
        var bytes = ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(length).put(header);
        while (bytes.hasRemaining()) {
            bytes.put((byte) bytes.remaining());
        }
        return Files.write(folder.resolve("weights.safetensors"), bytes.array());
    }

    private void refuses(Path file, String message) {
        assertThatThrownBy(() -> Safetensors.read(file)).isInstanceOf(CambiumException.class)
                .hasMessage(file + " " + message);
    }

    private static NdArray counting(TensorType type) {
        byte[] bytes = new byte[Math.toIntExact(type.shape().size() * type.dtype().bytes())];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = type.dtype() == DType.BOOL ? (byte) (i % 2) : (byte) (i * 37);
        }
        return NdArray.of(type, MemorySegment.ofArray(bytes));
    }

    @Test
    void equal_contents_make_equal_files() throws IOException {
        Map<String, NdArray> tensors = Map.of("a", NdArray.of(Shape.of(1), 1f));
        var forwards = new LinkedHashMap<String, String>();
        forwards.put("network", "n");
        forwards.put("settings", "s");
        var backwards = new LinkedHashMap<String, String>();
        backwards.put("settings", "s");
        backwards.put("network", "n");
        Safetensors.write(folder.resolve("1"), tensors, forwards);
        Safetensors.write(folder.resolve("2"), tensors, backwards);
        assertThat(folder.resolve("2")).hasSameBinaryContentAs(folder.resolve("1"));
    }

    @Test
    void all_element_types_shapes_and_metadata_come_back() {
        var tensors = new LinkedHashMap<String, NdArray>();
        for (DType dtype : DType.values()) {
            tensors.put(dtype + ".odd", counting(new TensorType(dtype, Shape.of(3, 1, 5))));
            tensors.put(dtype + ".scalar", counting(new TensorType(dtype, Shape.scalar())));
            tensors.put(dtype + ".empty", counting(new TensorType(dtype, Shape.of(0, 4))));
        }
        tensors.put("größe \"quoted\" \u2028\n", NdArray.scalar(1f));
        var metadata = Map.of("format", "pt", "zwölf", "a\tb\"c\u0001");
        Path file = folder.resolve("all.safetensors");
        Safetensors.write(file, tensors, metadata);
        Safetensors.Contents contents = Safetensors.read(file);
        assertThat(contents.tensors()).isEqualTo(tensors);
        assertThat(contents.metadata()).isEqualTo(metadata);
    }

    @Test
    void tensors_keep_their_order_and_large_elements_come_first_so_that_all_are_aligned() throws IOException {
        var tensors = new LinkedHashMap<String, NdArray>();
        tensors.put("bytes", NdArray.ofUnsignedBytes(Shape.of(3), (byte) 1, (byte) 2, (byte) 3));
        tensors.put("z", NdArray.scalar(1f));
        tensors.put("long", NdArray.scalar(1L));
        tensors.put("a", NdArray.scalar(2f));
        Path file = folder.resolve("order.safetensors");
        Safetensors.write(file, tensors, Map.of());
        assertThat(Safetensors.read(file).tensors().keySet()).containsExactly("long", "z", "a", "bytes");
        byte[] bytes = Files.readAllBytes(file);
        assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8).isZero();
    }

    @Test
    void the_bytes_are_those_of_the_format() throws IOException {
        Path file = folder.resolve("format.safetensors");
        Safetensors.write(file, Map.of("w", NdArray.of(Shape.of(1, 2), 1f, 2f)), Map.of("k", "v"));
        String header = "{\"__metadata__\":{\"k\":\"v\"},\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}} ";
        byte[] text = header.stripTrailing().getBytes(StandardCharsets.UTF_8);
        int padded = Math.ceilDiv(text.length, 8) * 8;
        var expected = ByteBuffer.allocate(8 + padded + 8).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(text);
        while (expected.position() < 8 + padded) {
            expected.put((byte) ' ');
        }
        expected.putFloat(1).putFloat(2);
        assertThat(Files.readAllBytes(file)).isEqualTo(expected.array());
    }

    @Test
    void a_file_of_the_formats_own_library_is_read() throws IOException {
        // what version 0.8.0 of the Python package writes
        String header = "{\"__metadata__\":{\"format\":\"pt\"},\"a\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
                + "\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]},"
                + "\"y\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[16,18]},"
                + "\"z\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[18,21]}}";
        var bytes = ByteBuffer.allocate(8 + 0xf8 + 21).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(0xf8).put(header.getBytes(StandardCharsets.UTF_8));
        bytes.putLong(9).putFloat(1.5f).putFloat(-2).putShort((short) 0x3f80).put(new byte[] {'a', 'b', 'c'});
        Path file = Files.write(folder.resolve("python.safetensors"), bytes.array());
        Safetensors.Contents contents = Safetensors.read(file);
        assertThat(contents.metadata()).isEqualTo(Map.of("format", "pt"));
        assertThat(contents.tensors().keySet()).containsExactly("a", "x", "y", "z");
        assertThat(contents.tensors()).containsEntry("a", NdArray.scalar(9L))
                .containsEntry("x", NdArray.of(Shape.of(2), 1.5f, -2f))
                .containsEntry("z", NdArray.ofUnsignedBytes(Shape.of(3), (byte) 'a', (byte) 'b', (byte) 'c'));
        assertThat(Objects.requireNonNull(contents.tensors().get("y")).item()).isEqualTo(1);
    }

    @Test
    void spaces_unknown_members_and_unordered_offsets_are_read() throws IOException {
        Path file = file("{ \"later\" : {\"data_offsets\":[4,12],\"new\":[{}],\"shape\":[2],\"dtype\":\"F32\"},"
                + "\"first\":{\"dtype\":\"BF16\",\"shape\":[2,1],\"data_offsets\":[0,4]}}   ", 12);
        Safetensors.Contents contents = Safetensors.read(file);
        assertThat(contents.tensors().keySet()).containsExactly("later", "first");
        assertThat(Objects.requireNonNull(contents.tensors().get("first")).type()).hasToString("bfloat16[2, 1]");
        assertThat(contents.metadata()).isEmpty();
    }

    @Test
    void something_else_is_no_safetensors_file() throws IOException {
        refuses(Files.write(folder.resolve("empty"), new byte[0]),
                "is no safetensors file: it has only 0 bytes, too few for a header");
        String message = "is no safetensors file: it does not start with the length of a header, at most 100 MB, and that"
                + " header";
        refuses(Files.writeString(folder.resolve("text"), "This is a text of some length."), message);
        refuses(file(1 << 28, PAIR.getBytes(StandardCharsets.UTF_8), 12), message);
        refuses(file(-1, PAIR.getBytes(StandardCharsets.UTF_8), 12), message);
        refuses(file("[" + PAIR.substring(1), 12), message);
    }

    @Test
    void a_truncated_file_is_refused_wherever_it_ends() throws IOException {
        byte[] whole = Files.readAllBytes(file(PAIR, 12));
        for (int length = 0; length < whole.length; length++) {
            Path file = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Safetensors.read(file)).isInstanceOf(CambiumException.class);
        }
        refuses(Files.write(folder.resolve("cut"), Arrays.copyOf(whole, whole.length - 3)),
                "is damaged: it is truncated: tensor 'b' ends at byte 12, but only 9 are there");
        refuses(Files.write(folder.resolve("cut"), Arrays.copyOf(whole, 50)),
                "is damaged: its header has %d bytes, but only 42 are there".formatted(PAIR.length()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            textBlock = """
                    [2],"data_offsets":[0,8]  | [2],"data_offsets":[0,7]   | tensor 'a' float32[2] takes 8 bytes, but its data_offsets [0, 7] hold 7
                    [2],"data_offsets":[0,8]  | [2],"data_offsets":[8,0]   | tensor 'a' has the impossible data_offsets [8, 0]
                    [2],"data_offsets":[0,8]  | [2],"data_offsets":[-8,0]  | tensor 'a' has the impossible data_offsets [-8, 0]
                    [2],"data_offsets":[0,8]  | [2],"data_offsets":[0]     | tensor 'a' has the impossible data_offsets [0]
                    [2],"data_offsets":[0,8]  | [2],"data_offsets":[4,12]  | no tensor owns the bytes 0 to 4
                    [2],"data_offsets":[0,8]  | [1],"data_offsets":[0,4]   | no tensor owns the bytes 4 to 8
                    [4],"data_offsets":[8,12] | [4],"data_offsets":[4,8]   | tensor 'b' overlaps another: it begins at byte 4, the other ends at 8
                    [4],"data_offsets":[8,12] | [5],"data_offsets":[8,13]  | it is truncated: tensor 'b' ends at byte 13, but only 12 are there
                    [4],"data_offsets":[8,12] | [3],"data_offsets":[8,11]  | 1 bytes too many stand at its end
                    "shape":[2]               | "shape":[-2]               | tensor 'a' has the impossible shape [-2]
                    "shape":[2]               | "shape":[4294967298]       | tensor 'a' has the impossible shape [4294967298]
                    "shape":[2]               | "shape":[2147483647,2147483647,9] | tensor 'a' has the impossible shape [2147483647, 2147483647, 9]
                    "shape":[2],              | ``                         | tensor 'a' lacks its dtype, shape or data_offsets
                    "F32"                     | "I16"                      | tensor 'a' has elements of type 'I16'; known are BOOL, U8, I32, I64, F16, BF16, F32, F64
                    "b"                       | "a"                        | two tensors are named 'a'
                    "b"                       | "__metadata__"             | the metadata 'shape' is no text
                    """)
    void a_header_that_contradicts_itself_is_refused(String part, String changed, String message) throws IOException {
        assertThat(PAIR).contains(part);
        refuses(file(PAIR.replaceFirst(Pattern.quote(part), changed), 12), "is damaged: " + message);
    }

    @Test
    void a_header_that_is_no_json_is_refused() throws IOException {
        for (String garbage : List.of("{garbage}", "{'a':1}", "{\"a\":1}", "{\"a\":{\"shape\":[1.5]}}",
                "{\"a\":{\"shape\":[1e400]}}", "{\"a\":", PAIR + ",", PAIR + "{}", "{\"a\":[[[[[[",
                "{" + "\"x\":{".repeat(5_000))) {
            assertThatThrownBy(() -> Safetensors.read(file(garbage, 12))).isInstanceOf(CambiumException.class)
                    .hasMessageContaining(
                            "weights.safetensors is damaged: its header is not the JSON that is wanted: ");
        }
        byte[] latin = PAIR.replace('b', 'ä').getBytes(StandardCharsets.ISO_8859_1);
        refuses(file(latin.length, latin, 12), "is damaged: its header is not UTF-8");
    }

    @Test
    void metadata_must_be_texts_and_stand_there_once() throws IOException {
        refuses(file("{\"__metadata__\":{\"a\":1}}", 0), "is damaged: the metadata 'a' is no text");
        refuses(file("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0),
                "is damaged: the metadata 'a' stands there twice");
        refuses(file("{\"__metadata__\":{},\"__metadata__\":{}}", 0), "is damaged: '__metadata__' stands there twice");
    }

    @Test
    void a_missing_file_and_a_folder_are_refused() {
        Path missing = folder.resolve("missing.safetensors");
        assertThatThrownBy(() -> Safetensors.read(missing)).isInstanceOf(CambiumException.class)
                .hasMessage("can't read " + missing + ": no such file or folder");
        assertThatThrownBy(() -> Safetensors.read(folder)).isInstanceOf(CambiumException.class)
                .hasMessageStartingWith("can't read " + folder + ": ");
    }

    @Test
    void a_file_is_replaced_whole_and_a_failed_write_leaves_nothing_behind() throws IOException {
        Path file = folder.resolve("weights.safetensors");
        Safetensors.write(file, Map.of("a", NdArray.scalar(1f)), Map.of());
        Safetensors.write(file, Map.of("a", NdArray.scalar(2f)), Map.of());
        assertThat(Safetensors.read(file).tensors()).isEqualTo(Map.of("a", NdArray.scalar(2f)));
        Path taken = Files.createDirectory(folder.resolve("taken"));
        Files.createFile(taken.resolve("inside"));
        assertThatThrownBy(() -> Safetensors.write(taken, Map.of("a", NdArray.scalar(1f)), Map.of()))
                .isInstanceOf(CambiumException.class).hasMessageStartingWith("can't write " + taken + ": ");
        Path nowhere = folder.resolve("missing").resolve("weights.safetensors");
        assertThatThrownBy(() -> Safetensors.write(nowhere, Map.of("a", NdArray.scalar(1f)), Map.of()))
                .isInstanceOf(CambiumException.class)
                .hasMessage("can't write " + nowhere + ": no such file or folder");
        assertThatThrownBy(() -> Safetensors.write(file, Map.of("__metadata__", NdArray.scalar(1f)), Map.of()))
                .isInstanceOf(CambiumException.class)
                .hasMessage("a tensor of a safetensors file can't be named '__metadata__'");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactlyInAnyOrder(file, taken);
        }
    }

    @Test
    void a_tensor_larger_than_the_buffer_comes_back() {
        float[] values = new float[600_001];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        NdArray large = NdArray.of(Shape.of(values.length), values);
        Path file = folder.resolve("large.safetensors");
        Safetensors.write(file, Map.of("large", large), Map.of());
        assertThat(Safetensors.read(file).tensors()).containsEntry("large", large);
    }
}
