package dev.cambium.datasets;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

import dev.cambium.data.DataProgress;

/**
 * A web folder that holds the gzipped files. What arrives goes into a file with the ending {@code .part} in the cache,
 * from which a later try goes on, in this run or the next.
 *
 * @param base
 *            the address of the folder, ending in a slash
 * @param patience
 *            how long to wait for the first byte (finding the host, connecting and the answer's headers together) and
 *            between one byte and the next
 */
record Mirror(URI base, Duration patience) implements Source {
    private static final int MOST_RESUMPTIONS = 3;
    private static final long POLL_MILLIS = 100;

    Mirror(String base) {
        this(URI.create(base), Duration.ofSeconds(4));
    }

    @Override
    public void fetch(List<IdxFile> files, Path cache, DataProgress progress) throws IOException {
        for (IdxFile file : files) {
            fetch(file, cache, progress);
        }
    }

    private void fetch(IdxFile file, Path cache, DataProgress progress) throws IOException {
        Path part = cache.resolve(file.name() + ".gz.part");
        boolean begunEarlier = Files.exists(part);
        try {
            download(file, part, progress);
            file.install(part, cache);
            Files.delete(part);
        } catch (DamagedFileException e) {
            Files.delete(part);
            if (!begunEarlier) {
                throw e;
            }
            progress.note("what an earlier download of " + file.name() + " had left is of no use: starting anew");
            fetch(file, cache, progress);
        }
    }

    private void download(IdxFile file, Path part, DataProgress progress) throws IOException {
        for (int resumptions = 0;; resumptions++) {
            long before = size(part);
            try {
                transfer(file, part, progress);
                return;
            } catch (DamagedFileException e) {
                throw e;
            } catch (IOException e) {
                if (resumptions == MOST_RESUMPTIONS || size(part) <= before) {
                    throw e;
                }
                progress.note("%s: %s; going on from byte %d".formatted(file.name(), e.getMessage(), size(part)));
            }
        }
    }

    /**
     * One request for what is still missing. Its client is shut down at the end, so that nothing writes to the part
     * later.
     */
    private void transfer(IdxFile file, Path part, DataProgress progress) throws IOException {
        long offset = size(part);
        var request = HttpRequest.newBuilder(base.resolve(file.name() + ".gz"));
        if (offset > 0) {
            request.header("Range", "bytes=" + offset + "-");
        }
        var total = new AtomicLong(-1);
        HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
        try {
            var response = client.sendAsync(request.build(), head -> {
                long length = head.headers().firstValueAsLong("Content-Length").orElse(-1);
                return switch (head.statusCode()) {
                    case 200 -> {
                        total.set(length);
                        yield BodySubscribers.ofFile(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                                StandardOpenOption.TRUNCATE_EXISTING);
                    }
                    case 206 -> {
                        total.set(length < 0 ? -1 : offset + length);
                        yield BodySubscribers.ofFile(part, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
                    }
                    default -> BodySubscribers.replacing(part);
                };
            });
            int status = watch(response, file, part, total, progress).statusCode();
            // 416: there is nothing after the bytes that are here already, so the digest decides.
            if (status != 200 && status != 206 && !(status == 416 && offset > 0)) {
                throw new IOException("HTTP status " + status + " for " + file.name() + ".gz");
            }
            progress.transferred(file.name(), size(part), size(part));
        } finally {
            client.shutdownNow();
            awaitEnd(client);
        }
    }

    /**
     * Waits for a response while its body grows. One clock covers all: no timeout of {@link HttpClient} covers finding
     * the host, and none covers a body that stops coming.
     */
    private HttpResponse<Path> watch(CompletableFuture<HttpResponse<Path>> response, IdxFile file, Path part,
            AtomicLong total,
            DataProgress progress) throws IOException {
        long seen = size(part);
        long seenAt = System.nanoTime();
        while (true) {
            try {
                return response.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                long size = size(part);
                if (size != seen) {
                    seen = size;
                    seenAt = System.nanoTime();
                    progress.transferred(file.name(), size, total.get());
                } else if (System.nanoTime() - seenAt > patience.toNanos()) {
                    response.cancel(true);
                    throw new IOException("nothing came for " + patience.toMillis() + " ms");
                }
                if (size > file.bytes() + (1 << 16)) {
                    response.cancel(true);
                    throw new DamagedFileException(
                            "%s.gz is longer than the %d bytes it should unpack to".formatted(file.name(),
                                    file.bytes()));
                }
            } catch (ExecutionException e) {
                throw new IOException(reason(e.getCause() == null ? e : e.getCause()), e);
            } catch (InterruptedException e) {
                response.cancel(true);
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }
    }

    private String reason(Throwable failure) {
        if (failure instanceof ConnectException) {
            return failure.getCause() instanceof UnresolvedAddressException
                    ? "the host " + base.getHost() + " is unknown"
                    : "can't connect to " + base.getHost();
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private static void awaitEnd(HttpClient client) {
        try {
            client.awaitTermination(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long size(Path part) throws IOException {
        return Files.exists(part) ? Files.size(part) : 0;
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
