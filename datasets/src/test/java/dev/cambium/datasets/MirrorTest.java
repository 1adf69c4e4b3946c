package dev.cambium.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.cambium.data.DataUnavailableException;
import dev.cambium.data.Splits;

/** Downloads from a server in this process. */
@Timeout(60)
class MirrorTest {
    /** Long enough for a busy machine to send a request. */
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofSeconds(30);

    /** What the server does with a request. */
    private interface Answer {
        void to(HttpExchange exchange, byte[] file) throws IOException;
    }

    @TempDir
    Path cache;
    private Path folder;
    private HttpServer server;
    private final Map<String, byte[]> served = new HashMap<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch end = new CountDownLatch(1);
    private final TinyData.Told told = new TinyData.Told();
    private volatile Answer answer = MirrorTest::whole;

    @BeforeEach
    void serve() throws IOException {
        folder = cache.resolve("tiny");
        for (IdxFile file : TinyData.FILES) {
            served.put(file.name() + ".gz", TinyData.gzip(TinyData.contents(file)));
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
        server.createContext("/data/", exchange -> {
            String name = exchange.getRequestURI().getPath().substring("/data/".length());
            String range = exchange.getRequestHeaders().getFirst("Range");
            requests.add(range == null ? name : name + " " + range);
            answer.to(exchange, served(name));
        });
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
    }

    @Test
    void all_files_are_fetched_verified_and_kept_uncompressed() throws IOException {
        assertThat(load(LONG).train().size()).isEqualTo(6);
        for (IdxFile file : TinyData.FILES) {
            assertThat(folder.resolve(file.name())).hasBinaryContent(TinyData.contents(file));
        }
        assertThat(folder).isDirectoryNotContaining("glob:**.part").isDirectoryNotContaining("glob:**.tmp");
        assertThat(requests).containsExactly("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz",
                "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz");
        assertThat(told.notes).containsExactly("looking for tiny in " + base());
        int size = size(TinyData.TRAIN_IMAGES);
        assertThat(told.transfers).contains("train-images-idx3-ubyte %d/%d".formatted(size, size));
    }

    @Test
    void progress_is_told_while_a_file_arrives() throws IOException {
        answer = (exchange, file) -> {
            exchange.sendResponseHeaders(200, file.length);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(file, 0, 20);
                body.flush();
                while (told.transfers.isEmpty()) {
                    Thread.onSpinWait();
                }
                body.write(file, 20, file.length - 20);
            }
            answer = MirrorTest::whole;
        };
        load(LONG);
        assertThat(told.transfers.getFirst())
                .isEqualTo("train-images-idx3-ubyte 20/" + size(TinyData.TRAIN_IMAGES));
    }

    @Test
    void a_cut_connection_is_resumed_where_it_broke_off() throws IOException {
        answer = (exchange, file) -> {
            exchange.sendResponseHeaders(200, file.length);
            exchange.getResponseBody().write(file, 0, 30);
            exchange.getResponseBody().flush();
            answer = MirrorTest::range;
            exchange.close();
        };
        assertThat(load(LONG).train().size()).isEqualTo(6);
        assertThat(requests).startsWith("train-images-idx3-ubyte.gz", "train-images-idx3-ubyte.gz bytes=30-",
                "train-labels-idx1-ubyte.gz");
        assertThat(told.notes).anySatisfy(note -> assertThat(note).startsWith("train-images-idx3-ubyte: ")
                .endsWith("; going on from byte 30"));
    }

    @Test
    void an_earlier_runs_download_is_taken_up() throws IOException {
        leavePart(Arrays.copyOf(served("train-images-idx3-ubyte.gz"), 40));
        answer = MirrorTest::range;
        assertThat(load(LONG).train().size()).isEqualTo(6);
        assertThat(requests).startsWith("train-images-idx3-ubyte.gz bytes=40-", "train-labels-idx1-ubyte.gz");
    }

    @Test
    void an_earlier_runs_download_that_was_complete_is_used() throws IOException {
        leavePart(served("train-images-idx3-ubyte.gz"));
        answer = MirrorTest::range;
        assertThat(load(LONG).train().size()).isEqualTo(6);
        assertThat(requests).startsWith("train-images-idx3-ubyte.gz bytes=%d-".formatted(size(TinyData.TRAIN_IMAGES)),
                "train-labels-idx1-ubyte.gz");
    }

    @Test
    void an_earlier_runs_download_of_something_else_is_thrown_away() throws IOException {
        leavePart(new byte[25]);
        answer = MirrorTest::range;
        assertThat(load(LONG).train().size()).isEqualTo(6);
        assertThat(requests).startsWith("train-images-idx3-ubyte.gz bytes=25-", "train-images-idx3-ubyte.gz",
                "train-labels-idx1-ubyte.gz");
        assertThat(told.notes).contains(
                "what an earlier download of train-images-idx3-ubyte had left is of no use: starting anew");
    }

    @Test
    void a_server_that_knows_no_ranges_sends_all_of_it_again() throws IOException {
        leavePart(Arrays.copyOf(served("train-images-idx3-ubyte.gz"), 40));
        assertThat(load(LONG).train().size()).isEqualTo(6);
        assertThat(requests).startsWith("train-images-idx3-ubyte.gz bytes=40-", "train-labels-idx1-ubyte.gz");
    }

    @Test
    void a_file_that_is_not_there_ends_the_mirror_at_once() {
        answer = MirrorTest::absent;
        assertFails(LONG, "HTTP status 404 for train-images-idx3-ubyte.gz");
        assertThat(requests).containsExactly("train-images-idx3-ubyte.gz");
        assertThat(folder).isDirectoryNotContaining("glob:**ubyte*");
    }

    @Test
    void wrong_bytes_never_reach_the_cache() {
        byte[] changed = TinyData.contents(TinyData.TRAIN_IMAGES);
        changed[100] ^= 1;
        served.put("train-images-idx3-ubyte.gz", TinyData.gzip(changed));
        assertFails(LONG, "%s has the right size, but the wrong digest: SHA-256 %s, expected %s".formatted(
                folder.resolve("train-images-idx3-ubyte.gz.part"), TinyData.sha256(changed),
                TinyData.TRAIN_IMAGES.sha256()));
        assertThat(folder).isDirectoryNotContaining("glob:**ubyte*");
    }

    @Test
    void a_flood_is_cut_off() {
        answer = (exchange, _) -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] block = new byte[1 << 16];
            try (OutputStream body = exchange.getResponseBody()) {
                while (true) {
                    body.write(block); // ends when the client hangs up
                }
            }
        };
        assertFails(LONG, "train-images-idx3-ubyte.gz is longer than the 136 bytes it should unpack to");
        assertThat(folder).isDirectoryNotContaining("glob:**ubyte*");
    }

    @Test
    void a_server_that_does_not_answer_costs_no_more_than_the_patience() {
        answer = (_, _) -> await();
        assertFails(SHORT, "nothing came for 2000 ms");
        assertThat(requests).containsExactly("train-images-idx3-ubyte.gz");
    }

    @Test
    void a_transfer_that_stalls_is_broken_off_and_what_came_is_kept() {
        answer = (exchange, file) -> {
            exchange.sendResponseHeaders(200, file.length);
            exchange.getResponseBody().write(file, 0, 30);
            exchange.getResponseBody().flush();
            answer = MirrorTest::absent;
            await();
        };
        assertFails(SHORT, "HTTP status 404 for train-images-idx3-ubyte.gz");
        assertThat(requests).containsExactly("train-images-idx3-ubyte.gz", "train-images-idx3-ubyte.gz bytes=30-");
        assertThat(told.notes).contains("train-images-idx3-ubyte: nothing came for 2000 ms; going on from byte 30");
        assertThat(folder.resolve("train-images-idx3-ubyte.gz.part")).hasSize(30);
    }

    @Test
    void a_host_that_refuses_is_named_and_the_next_mirror_is_asked() throws IOException {
        Mirror closed = new Mirror(URI.create("http://localhost:%d/data/".formatted(closedPort())), LONG);
        Splits splits = TinyData.from(closed, new Mirror(base(), LONG)).load(TinyData.environment(cache, told));
        assertThat(splits.train().size()).isEqualTo(6);
        assertThat(told.notes).containsExactly("looking for tiny in " + closed, closed + ": can't connect to localhost",
                "looking for tiny in " + base());
    }

    @Test
    void a_host_that_does_not_exist_is_named() {
        Mirror nowhere = new Mirror(URI.create("http://no-such-host.invalid/"), LONG);
        assertThatThrownBy(() -> TinyData.from(nowhere).load(TinyData.environment(cache, told)))
                .hasMessageContaining("http://no-such-host.invalid/: the host no-such-host.invalid is unknown");
    }

    @Test
    void two_loaders_at_once_fetch_each_file_once() throws Exception {
        try (var pool = Executors.newFixedThreadPool(2)) {
            Future<Splits> one = pool.submit(() -> load(LONG));
            Future<Splits> two = pool.submit(() -> load(LONG));
            assertThat(one.get().train().batch(0, 0, 1)).isEqualTo(two.get().train().batch(0, 0, 1));
        }
        assertThat(requests).hasSize(4);
    }

    private Splits load(Duration patience) {
        return TinyData.from(new Mirror(base(), patience)).load(TinyData.environment(cache, told));
    }

    private void assertFails(Duration patience, String reason) {
        assertThatThrownBy(() -> load(patience)).isInstanceOfSatisfying(DataUnavailableException.class,
                e -> assertThat(e.attempts().getLast())
                        .isEqualTo(new DataUnavailableException.Attempt(base().toString(), reason)));
    }

    private URI base() {
        return URI.create("http://localhost:%d/data/".formatted(server.getAddress().getPort()));
    }

    private static int closedPort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private byte[] served(String name) {
        return Objects.requireNonNull(served.get(name), name);
    }

    private int size(IdxFile file) {
        return served(file.name() + ".gz").length;
    }

    private void leavePart(byte[] contents) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("train-images-idx3-ubyte.gz.part"), contents);
    }

    private void await() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void absent(HttpExchange exchange, byte[] file) throws IOException {
        send(exchange, 404, "gone".getBytes(StandardCharsets.UTF_8));
    }

    private static void whole(HttpExchange exchange, byte[] file) throws IOException {
        send(exchange, 200, file);
    }

    /** Answers as RFC 9110 has it for a range without an end. */
    private static void range(HttpExchange exchange, byte[] file) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
        if (from >= file.length) {
            exchange.sendResponseHeaders(416, -1);
            exchange.close();
        } else {
            send(exchange, range == null ? 200 : 206, Arrays.copyOfRange(file, from, file.length));
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
