package dev.cambium.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cambium.CambiumException;
import dev.cambium.data.DataEnvironment;
import dev.cambium.data.DataUnavailableException;
import dev.cambium.data.Splits;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;

class IdxImagesTest {
    private static final String ALL_NAMES = "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, "
            + "t10k-labels-idx1-ubyte";

    @TempDir
    Path temp;
    private Path user;
    private Path cache;
    private final TinyData.Told told = new TinyData.Told();

    @BeforeEach
    void name_the_folders() {
        user = temp.resolve("user");
        cache = temp.resolve("cache");
    }

    @Test
    void the_users_folder_is_enough() throws IOException {
        TinyData.writeTo(user);
        Splits splits = TinyData.from().load(environmentWithUser());
        assertThat(splits.train().size()).isEqualTo(6);
        assertThat(splits.test().size()).isEqualTo(3);
        assertThat(splits.test().classNames()).containsExactly("a", "b");
        assertThat(splits.test().batch(0, 0, 2).targets()).isEqualTo(NdArray.of(Shape.of(2), 3L, 17L));
        assertThat(splits.train().batch(0, 5).inputs().getDouble(19)).isEqualTo((TinyData.value(119) & 0xff) / 255f);
        assertThat(cache).doesNotExist();
        assertThat(told.notes).isEmpty();
    }

    @Test
    void the_users_folder_may_hold_the_dataset_in_a_folder_of_its_name() throws IOException {
        TinyData.writeTo(user.resolve("tiny"));
        Files.writeString(user.resolve("train-images-idx3-ubyte"), "another dataset's");
        assertThat(TinyData.from().load(environmentWithUser()).train().size()).isEqualTo(6);
    }

    @Test
    void a_folder_that_does_not_exist_is_refused() {
        assertThatThrownBy(() -> TinyData.from().load(environmentWithUser()))
                .isExactlyInstanceOf(CambiumException.class)
                .hasMessage("the data folder %s does not exist. Name a folder that holds %s (plain or .gz), or none.",
                        user, ALL_NAMES);
    }

    @Test
    void a_damaged_file_in_the_users_folder_is_an_error_even_if_the_cache_is_sound() throws IOException {
        TinyData.writeTo(user);
        TinyData.writeTo(cache.resolve("tiny"));
        byte[] changed = TinyData.contents(TinyData.TEST_LABELS);
        changed[9] ^= 4;
        Path file = Files.write(user.resolve(TinyData.TEST_LABELS.name()), changed);
        assertThatThrownBy(() -> TinyData.from().load(environmentWithUser()))
                .isExactlyInstanceOf(CambiumException.class)
                .hasMessage("%s has the right size, but the wrong digest: SHA-256 %s, expected %s. "
                        + "Put a sound copy of tiny there, or name another folder.", file, TinyData.sha256(changed),
                        TinyData.TEST_LABELS.sha256());
    }

    @Test
    void a_users_folder_that_lacks_files_is_passed_over_with_a_note() throws IOException {
        TinyData.writeTo(user);
        Files.delete(user.resolve(TinyData.TEST_LABELS.name()));
        TinyData.writeTo(cache.resolve("tiny"));
        assertThat(TinyData.from().load(environmentWithUser()).test().size()).isEqualTo(3);
        assertThat(told.notes).containsExactly(user + ": it has no t10k-labels-idx1-ubyte");
    }

    @Test
    void a_sound_cache_is_opened_as_it_is() throws IOException {
        TinyData.writeTo(cache.resolve("tiny"));
        assertThat(TinyData.from().load(environment()).train().size()).isEqualTo(6);
        assertThat(told.notes).isEmpty();
        assertThat(cache.resolve("tiny/lock")).doesNotExist();
    }

    @Test
    void an_empty_cache_is_filled_from_a_folder_of_the_system_uncompressed() throws IOException {
        Path system = Files.createDirectories(temp.resolve("system"));
        for (IdxFile file : TinyData.FILES) {
            Files.write(system.resolve(file.name() + ".gz"), TinyData.gzip(TinyData.contents(file)));
        }
        IdxImages dataset = TinyData.from(new Source.Folder(temp.resolve("elsewhere")), new Source.Folder(system));
        assertThat(dataset.load(environment()).train().size()).isEqualTo(6);
        for (IdxFile file : TinyData.FILES) {
            assertThat(cache.resolve("tiny").resolve(file.name())).hasBinaryContent(TinyData.contents(file));
        }
        assertThat(told.notes).containsExactly("looking for tiny in " + temp.resolve("elsewhere"),
                temp.resolve("elsewhere") + ": no such folder", "looking for tiny in " + system);
        assertThat(TinyData.from().load(environment()).train().size()).isEqualTo(6);
    }

    @Test
    void a_damaged_file_in_the_cache_is_set_aside_and_fetched_again() throws IOException {
        Path folder = TinyData.writeTo(cache.resolve("tiny"));
        byte[] cut = {0, 0, 8, 1, 0};
        Path file = Files.write(folder.resolve(TinyData.TRAIN_LABELS.name()), cut);
        Path system = TinyData.writeTo(temp.resolve("system"));
        assertThat(TinyData.from(new Source.Folder(system)).load(environment()).train().size()).isEqualTo(6);
        assertThat(file).hasBinaryContent(TinyData.contents(TinyData.TRAIN_LABELS));
        assertThat(folder.resolve("train-labels-idx1-ubyte.damaged")).hasBinaryContent(cut);
        assertThat(told.notes).containsExactly("a file of tiny in the cache is damaged and will be fetched again",
                folder + ": " + file + " is cut short: it ends at byte 5, within the IDX header of 8 bytes; "
                        + "it is set aside as train-labels-idx1-ubyte.damaged",
                "looking for tiny in " + system);
    }

    @Test
    void files_of_several_sources_add_up() throws IOException {
        Path one = TinyData.writeTo(temp.resolve("one"));
        Files.delete(one.resolve(TinyData.TEST_IMAGES.name()));
        Path two = TinyData.writeTo(temp.resolve("two"));
        Files.write(two.resolve(TinyData.TRAIN_IMAGES.name()), new byte[0]);
        IdxImages dataset = TinyData.from(new Source.Folder(one), new Source.Folder(two));
        assertThat(dataset.load(environment()).test().size()).isEqualTo(3);
        assertThat(told.notes).contains(one + ": it has no t10k-images-idx3-ubyte");
    }

    @Test
    void when_nothing_helps_every_source_is_listed_with_its_reason() throws IOException {
        Files.createDirectories(user);
        Path broken = TinyData.writeTo(temp.resolve("broken"));
        Path file = Files.write(broken.resolve(TinyData.TRAIN_IMAGES.name()), new byte[0]);
        IdxImages dataset = TinyData.from(new Source.Folder(broken), new Source.Folder(temp.resolve("none")));
        assertThatThrownBy(() -> dataset.load(environmentWithUser()))
                .isInstanceOf(DataUnavailableException.class)
                .hasMessage("""
                        dataset 'tiny' can't be had from any source:
                          %s: it has no %s
                          %s: it has no %s
                          %s: %s is empty, expected 136 bytes
                          %s: no such folder
                        Put %s (plain or .gz) into a folder and name it with --data or CAMBIUM_DATA, \
                        or use synthetic-digits.""", user, ALL_NAMES, cache.resolve("tiny"), ALL_NAMES, broken, file,
                        temp.resolve("none"), ALL_NAMES);
        assertThat(cache.resolve("tiny")).isDirectoryNotContaining("glob:**ubyte*");
    }

    @Test
    void a_cache_that_cannot_be_made_is_a_source_that_failed() throws IOException {
        Files.writeString(cache, "a file where the folder should be");
        assertThatThrownBy(() -> TinyData.from().load(environment())).isInstanceOf(DataUnavailableException.class)
                .hasMessageContaining("%s: ", cache.resolve("tiny"));
    }

    private DataEnvironment environment() {
        return TinyData.environment(cache, told);
    }

    private DataEnvironment environmentWithUser() {
        return environment().withDirectory(user);
    }
}
