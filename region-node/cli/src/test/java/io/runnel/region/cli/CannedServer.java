package io.runnel.region.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.SSLContext;

/** A region, or POP, that answers what it was told to and remembers what it was asked. */
final class CannedServer implements AutoCloseable {
    private final HttpServer server;
    private final String scheme;

    /** The last of each stays. */
    private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();

    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    /** One answer. */
    record Answer(int status, Map<String, String> headers, String body) {}

    /** One question: {@code GET /v1/tasks}. */
    record Asked(String what, String authorization, String body) {}

    /** A POP, or operators' listener, in clear text. */
    CannedServer() throws IOException {
        this(HttpServer.create(at(0), 0), "http");
    }

    /** A region. */
    static CannedServer region(TestRoot root) throws IOException {
        return region(root, 0);
    }

    /** The same at this port. */
    static CannedServer region(TestRoot root, int port) throws IOException {
        return secured(root.region(), port);
    }

    /** Whoever shows this. */
    static CannedServer secured(SSLContext shown, int port) throws IOException {
        HttpsServer server = HttpsServer.create(at(port), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(shown));
        return new CannedServer(server, "https");
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private CannedServer(HttpServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
        server.createContext("/", this::answer);
        server.start();
    }

    URI uri() {
        return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort());
    }

    int port() {
        return server.getAddress().getPort();
    }

    CannedServer on(String what, int status, String body) {
        return on(what, status, Map.of("Content-Type", "application/json"), body);
    }

    CannedServer on(String what, int status, Map<String, String> headers, String body) {
        answers.put(what, new ConcurrentLinkedDeque<>(List.of(new Answer(status, headers, body))));
        return this;
    }

    /** What is answered the next time, and from then on. */
    CannedServer then(String what, int status, String body) {
        answers.get(what).add(new Answer(status, Map.of(), body));
        return this;
    }

    private Answer next(String what) {
        Deque<Answer> all =
                answers.getOrDefault(
                        what, new ArrayDeque<>(List.of(new Answer(404, Map.of(), ""))));
        return all.size() > 1 ? all.poll() : all.peek();
    }

    /** What was asked, in order. */
    List<String> questions() {
        return asked.stream().map(Asked::what).toList();
    }

    /** What was sent with it. */
    List<String> bodies() {
        return asked.stream().map(Asked::body).toList();
    }

    /** What it was sent with. */
    List<String> authorizations() {
        return asked.stream().map(Asked::authorization).toList();
    }

    Asked last() {
        return asked.getLast();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String what = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        String key = exchange.getRequestHeaders().getFirst("Authorization");
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(new Asked(what, String.valueOf(key), body));
        Answer answer = next(what);
        answer.headers().forEach(exchange.getResponseHeaders()::add);
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
