package dev.cambium.maven;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** A Maven repository of tiny artifacts, over HTTP, that can be made to misbehave. */
final class RepositoryServer implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger cuts = new AtomicInteger();
    private Optional<String> authorization = Optional.empty();

    RepositoryServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return "http://127.0.0.1:%d/".formatted(port());
    }

    /** Adds {@code test:NAME:1} that depends on others, with right checksums. */
    void publish(String name, byte[] jar, String... dependencies) {
        var pom = new StringBuilder("<project><modelVersion>4.0.0</modelVersion><groupId>test</groupId><artifactId>")
                .append(name).append("</artifactId><version>1</version><dependencies>");
        for (String dependency : dependencies) {
            pom.append("<dependency><groupId>test</groupId><artifactId>").append(dependency)
                    .append("</artifactId><version>1</version></dependency>");
        }
        pom.append("<dependency><groupId>test</groupId><artifactId>only-for-tests</artifactId>")
                .append("<version>1</version><scope>test</scope></dependency></dependencies></project>");
        put(name, ".pom", pom.toString().getBytes(StandardCharsets.UTF_8));
        put(name, ".jar", jar);
    }

    /** Adds a file of {@code test:NAME:1} and its checksum. */
    void put(String name, String ending, byte[] content) {
        String path = "/test/%s/1/%s-1%s".formatted(name, name, ending);
        files.put(path, content);
        files.put(path + ".sha1", sha1(content).getBytes(StandardCharsets.US_ASCII));
    }

    void remove(String path) {
        files.remove(path);
    }

    /** Breaks off so many of the next answers with a jar, each in the middle of what it should have been. */
    void cut(int answers) {
        cuts.set(answers);
    }

    void demand(String authorizationHeader) {
        authorization = Optional.of(authorizationHeader);
    }

    /** Method, what was asked for and, if it was, the range. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String range = exchange.getRequestHeaders().getFirst("Range");
            requests.add(exchange.getRequestURI() + (range == null ? "" : " " + range));
            if (authorization.isPresent()
                    && !authorization.get().equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"test\"");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            byte[] content = files.get(exchange.getRequestURI().getPath());
            if (content == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            int from = range == null ? 0 : Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
            if (from > 0) {
                exchange.getResponseHeaders().set("Content-Range",
                        "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
            }
            exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
            boolean whole = !exchange.getRequestURI().getPath().endsWith(".jar")
                    || cuts.getAndUpdate(left -> Math.max(0, left - 1)) == 0;
            OutputStream body = exchange.getResponseBody();
            body.write(Arrays.copyOfRange(content, from, whole ? content.length : (from + content.length) / 2));
            body.flush();
        }
    }

    static String sha1(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
