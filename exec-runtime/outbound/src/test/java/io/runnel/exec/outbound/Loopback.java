package io.runnel.exec.outbound;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server on one of this machine's loopback addresses that tells what it was asked. */
final class Loopback implements AutoCloseable {
    final List<String> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    private Loopback(HttpServer server, HttpHandler handler) {
        this.server = server;
        server.createContext(
                "/",
                exchange -> {
                    asked.add(
                            "%s %s %s from %d"
                                    .formatted(
                                            exchange.getRequestMethod(),
                                            exchange.getRequestHeaders().getFirst("Host"),
                                            exchange.getRequestURI(),
                                            exchange.getRemoteAddress().getPort()));
                    handler.handle(exchange);
                });
        server.start();
    }

    /** On a free port, or this one. */
    static Loopback at(String address, int port, HttpHandler handler) throws IOException {
        return new Loopback(
                HttpServer.create(new InetSocketAddress(address(address), port), 10), handler);
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(literal, e);
        }
    }

    static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
