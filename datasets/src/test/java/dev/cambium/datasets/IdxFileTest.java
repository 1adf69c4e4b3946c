package dev.cambium.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFileTest {
    /** Three images of 4×5 pixels: 16 bytes of header, 60 of values. */
    private static final IdxFile FILE = TinyData.TEST_IMAGES;
    private static final byte[] GOOD = TinyData.contents(FILE);

    @TempDir
    Path folder;

    @Test
    void a_plain_file_gives_its_values() throws IOException {
        assertThat(bytes(FILE.read(write(GOOD)))).hasSize(60).startsWith(3, 10, 17).isEqualTo(
                Arrays.copyOfRange(GOOD, 16, 76));
    }

    @Test
    void a_gzipped_file_gives_the_same_values_whatever_its_name() throws IOException {
        assertThat(bytes(FILE.read(write(TinyData.gzip(GOOD))))).isEqualTo(Arrays.copyOfRange(GOOD, 16, 76));
    }

    @Test
    void values_cannot_be_written_to() throws IOException {
        assertThat(FILE.read(write(GOOD)).isReadOnly()).isTrue();
        assertThat(FILE.read(write(TinyData.gzip(GOOD))).isReadOnly()).isTrue();
    }

    @Test
    void a_folder_may_use_either_spelling_plain_or_gzipped() throws IOException {
        for (String name : new String[] {"t10k-images-idx3-ubyte", "t10k-images-idx3-ubyte.gz",
                "t10k-images.idx3-ubyte",
                "t10k-images.idx3-ubyte.gz"}) {
            Path file = folder.resolve(name);
            assertThat(FILE.in(folder)).isEmpty();
            Files.write(file, GOOD);
            assertThat(FILE.in(folder)).contains(file);
            Files.delete(file);
        }
    }

    @Test
    void zero_bytes_are_an_empty_file() throws IOException {
        assertDamaged(new byte[0], "%s is empty, expected 76 bytes");
    }

    @Test
    void an_empty_gzip_stream_is_an_empty_file() throws IOException {
        assertDamaged(TinyData.gzip(new byte[0]), "%s is empty, expected 76 bytes");
    }

    @Test
    void a_file_cut_within_its_header_says_where() throws IOException {
        String message = "%s is cut short: it ends at byte 11, within the IDX header of 16 bytes";
        assertDamaged(Arrays.copyOf(GOOD, 11), message);
        assertDamaged(TinyData.gzip(Arrays.copyOf(GOOD, 11)), message);
    }

    @Test
    void a_web_page_is_not_an_idx_file() throws IOException {
        assertDamaged("<!DOCTYPE html><html>".getBytes(StandardCharsets.UTF_8),
                "%s is not an IDX file: it begins with the bytes 3c 21 44 4f, expected 00 00 08 03");
    }

    @Test
    void elements_of_another_type_are_named() throws IOException {
        assertDamaged(with(2, 0x0d), "%s holds elements of type 0x0d (byte 2), expected 0x08, unsigned bytes");
    }

    @Test
    void labels_in_place_of_images_have_too_few_dimensions() throws IOException {
        assertDamaged(with(3, 1), "%s has 1 dimension(s) (byte 3), expected 3");
    }

    @Test
    void absurd_sizes_are_refused_before_anything_is_allocated() throws IOException {
        byte[] absurd = GOOD.clone();
        Arrays.fill(absurd, 4, 16, (byte) 0xff);
        String message = "%s has the shape [4294967295, 4294967295, 4294967295] (from byte 4), expected [3, 4, 5]";
        assertDamaged(absurd, message);
        assertDamaged(TinyData.gzip(absurd), message);
    }

    @Test
    void a_truncated_file_names_the_missing_bytes() throws IOException {
        assertDamaged(Arrays.copyOf(GOOD, 70),
                "%s is cut short: it has 70 bytes, expected 76; the last 6 are missing");
        assertDamaged(TinyData.gzip(Arrays.copyOf(GOOD, 70)),
                "%s is cut short: it unpacks to 70 bytes, expected 76; the last 6 are missing");
    }

    @Test
    void an_oversized_file_names_the_surplus() throws IOException {
        assertDamaged(Arrays.copyOf(GOOD, 80), "%s is too long: it has 80 bytes, expected 76; 4 follow the last value");
        assertDamaged(TinyData.gzip(Arrays.copyOf(GOOD, 80)),
                "%s is too long: it unpacks to more than the 76 bytes expected");
    }

    @Test
    void a_gzip_stream_that_ends_early_says_so() throws IOException {
        byte[] packed = TinyData.gzip(GOOD);
        assertDamaged(Arrays.copyOf(packed, 12),
                "%s is cut short: its gzip stream ends after 0 of 76 unpacked bytes");
        assertDamaged(Arrays.copyOf(packed, packed.length - 3),
                "%s is cut short: its gzip stream ends after 76 of 76 unpacked bytes");
    }

    @Test
    void a_damaged_gzip_stream_says_what_is_wrong() throws IOException {
        byte[] packed = TinyData.gzip(GOOD);
        packed[packed.length - 6] ^= 1; // in the check sum
        assertDamaged(packed,
                "%s is damaged: its gzip stream is invalid after 76 of 76 unpacked bytes (Corrupt GZIP trailer)");
        packed[10] = 0x07; // a deflate block of the type that does not exist
        assertDamaged(packed,
                "%s is damaged: its gzip stream is invalid after 0 of 76 unpacked bytes (invalid block type)");
    }

    @Test
    void one_changed_bit_changes_the_digest() throws IOException {
        byte[] changed = with(40, GOOD[40] ^ 1);
        String message = "%s has the right size, but the wrong digest: SHA-256 " + TinyData.sha256(changed)
                + ", expected " + FILE.sha256();
        assertDamaged(changed, message);
        assertDamaged(TinyData.gzip(changed), message);
    }

    @Test
    void installing_unpacks() throws IOException {
        Path cache = Files.createDirectory(folder.resolve("cache"));
        FILE.install(write(TinyData.gzip(GOOD)), cache);
        assertThat(cache).isDirectoryContaining("glob:**/" + FILE.name()).isDirectoryNotContaining("glob:**.tmp");
        assertThat(cache.resolve(FILE.name())).hasBinaryContent(GOOD);
    }

    @Test
    void installing_a_damaged_file_leaves_the_folder_as_it_was() throws IOException {
        Path cache = Files.createDirectory(folder.resolve("cache"));
        Path bad = write(with(40, 0));
        assertThatThrownBy(() -> FILE.install(bad, cache)).isInstanceOf(DamagedFileException.class);
        assertThat(cache).isEmptyDirectory();
    }

    private void assertDamaged(byte[] contents, String message) throws IOException {
        Path file = write(contents);
        assertThatThrownBy(() -> FILE.read(file)).isInstanceOf(DamagedFileException.class)
                .hasMessage(message.formatted(file));
    }

    private Path write(byte[] contents) throws IOException {
        return Files.write(folder.resolve("file-" + HexFormat.of().toHexDigits(Arrays.hashCode(contents))), contents);
    }

    private static byte[] with(int position, int value) {
        byte[] changed = GOOD.clone();
        changed[position] = (byte) value;
        return changed;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
