package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;

/** Answers that came whole, of servers that close, to readers that had not asked for them yet. */
class InOrderCloseIT {
    private static final int PIECES = 20;
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
    private final Vertx vertx = NodeVertx.create(new VertxOptions(), ConnectionLimits.DEFAULT);

    @AfterEach
    void stop() throws Exception {
        EdgeFixture.await(vertx.close());
    }

    /** The answers' bodies are all as long; that without a length ends with its connection. */
    private static String answer(String framing) {
        StringBuilder text = new StringBuilder("HTTP/1.1 200 OK\r\n").append(framing);
        text.append("Connection: close\r\n\r\n");
        for (int i = 0; i < PIECES; i++) {
            text.append(framing.equals(CHUNKED) ? "2\r\nab\r\n" : "ab");
        }
        return text.append(framing.equals(CHUNKED) ? "0\r\n\r\n" : "").toString();
    }

    private static void serve(ServerSocket server, String answer) {
        try (Socket one = server.accept()) {
            byte[] head = new byte[4_096];
            int read = 0;
            while (!new String(head, 0, read, US_ASCII).endsWith("\r\n\r\n")) {
                read += one.getInputStream().read(head, read, head.length - read);
            }
            one.getOutputStream().write(answer.getBytes(US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void chunksThatCameBeforeTheEndAreRead() throws Exception {
        isRead(CHUNKED);
    }

    @Test
    void aBodyOfKnownLengthThatCameBeforeTheEndIsRead() throws Exception {
        isRead("Content-Length: 40\r\n");
    }

    @Test
    void aBodyThatEndsWithItsConnectionIsRead() throws Exception {
        isRead("");
    }

    private void isRead(String framing) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> served =
                    CompletableFuture.runAsync(() -> serve(server, answer(framing)));
            HttpClient client = vertx.createHttpClient();
            String body =
                    EdgeFixture.await(
                            client.request(
                                            HttpMethod.GET,
                                            server.getLocalPort(),
                                            server.getInetAddress().getHostAddress(),
                                            "/")
                                    .compose(
                                            request ->
                                                    request.send()
                                                            .compose(
                                                                    InOrderCloseIT
                                                                            ::bodyAfterTheEnd))
                                    .eventually(client::close));
            assertEquals("ab".repeat(PIECES), body);
            served.join();
        }
    }

    /** Asks for nothing before the connection is closed. */
    private static Future<String> bodyAfterTheEnd(HttpClientResponse response) {
        Promise<Void> closed = Promise.promise();
        response.pause();
        response.request().connection().closeHandler(closed::complete);
        StringBuilder body = new StringBuilder();
        response.handler(piece -> body.append(piece));
        return closed.future()
                .compose(
                        now -> {
                            response.resume();
                            return response.end();
                        })
                .map(end -> body.toString());
    }
}
