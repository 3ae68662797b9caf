package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a listener makes of requests, well-formed and hostile. */
class ListenerIT {
    private static final String HOST = "Host: test\r\n";

    @TempDir Path folder;
    private EdgeFixture edge;

    @BeforeEach
    void start() throws Exception {
        edge = new EdgeFixture(folder);
        edge.deploy("hello", EdgeFixture.saying("Content-Type: text/plain\n\nhello"));
    }

    @AfterEach
    void stop() throws Exception {
        edge.close();
    }

    @Test
    void aConnectionServesManyRequests() throws Exception {
        try (RawClient client = edge.client()) {
            for (int i = 0; i < 3; i++) {
                RawClient.Response response = client.get("/fn/demo/hello");
                assertEquals(200, response.status());
                assertEquals("hello", response.body());
                assertEquals("5", response.header("Content-Length"));
                assertEquals(26, response.header("Runnel-Request-Id").length());
            }
            assertEquals(404, client.get("/fn/demo/none").status());
            assertEquals("well\n", client.get("/_runnel/health").body());
            assertEquals("well\n", client.get("http://other/_runnel/health").body());
        }
        edge.awaitQuiet();
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (RawClient client = edge.client()) {
            client.send(
                    "GET /fn/demo/hello HTTP/1.1\r\n%s\r\nGET /_runnel/health HTTP/1.1\r\n%s\r\n"
                            .formatted(HOST, HOST));
            assertEquals("hello", client.receive().body());
            assertEquals("well\n", client.receive().body());
        }
    }

    @Test
    void aMethodThatNoTaskGetsIsRefusedWithThoseThatAreTaken() throws Exception {
        try (RawClient client = edge.client()) {
            client.send("TRACE /fn/demo/hello HTTP/1.1\r\n" + HOST + "\r\n");
            RawClient.Response response = client.receive();
            assertEquals(405, response.status());
            assertTrue(response.header("Allow").contains("POST"), response.header("Allow"));
        }
    }

    @Test
    void whatAHandlerThrowsStaysInside() throws Exception {
        try (RawClient client = edge.client()) {
            RawClient.Response response = client.get("/_runnel/ready");
            assertEquals(500, response.status());
            assertEquals("application/problem+json", response.header("Content-Type"));
            assertTrue(response.body().contains("\"internal-error\""), response.body());
            assertFalse(response.body().contains("secret"), response.body());
            assertFalse(response.body().contains("Exception"), response.body());
            assertEquals("well\n", client.get("/_runnel/health").body());
        }
    }

    /** Each is refused, and the connection with it: nobody knows where the next request begins. */
    @Test
    void whatCouldBeReadInTwoWaysIsRefused() throws Exception {
        Map<String, Integer> hostile = new LinkedHashMap<>();
        hostile.put(
                "POST / HTTP/1.1\r\n" + HOST + lines("Content-Length: 1", "Content-Length: 2"),
                400);
        hostile.put("POST / HTTP/1.1\r\n" + HOST + lines("Content-Length: 1, 2"), 400);
        hostile.put("POST / HTTP/1.1\r\n" + HOST + lines("Content-Length: +5"), 400);
        hostile.put("POST / HTTP/1.1\r\n" + HOST + lines("Content-Length: -5"), 400);
        hostile.put("POST / HTTP/1.1\r\n" + HOST + lines("Content-Length: 5x"), 400);
        hostile.put(
                "POST / HTTP/1.1\r\n" + HOST + lines("Content-Length: 99999999999999999999"), 400);
        hostile.put(
                "POST / HTTP/1.1\r\n" + HOST + lines("Transfer-Encoding: chunked, xchunked"), 400);
        hostile.put("POST / HTTP/1.1\r\n" + HOST + lines("Transfer-Encoding: identity"), 400);
        hostile.put("POST / HTTP/1.1\r\n" + HOST + lines("Transfer-Encoding: gzip, chunked"), 400);
        hostile.put(
                "POST / HTTP/1.1\r\n"
                        + HOST
                        + lines("Transfer-Encoding: chunked", "Content-Length: 4"),
                400);
        hostile.put(
                "POST / HTTP/1.1\r\n"
                        + HOST
                        + lines("Content-Length: 4", "Transfer-Encoding: chunked"),
                400);
        hostile.put("POST / HTTP/1.0\r\n" + HOST + lines("Transfer-Encoding: chunked"), 400);
        hostile.put("GET / HTTP/1.1\r\n\r\n", 400);
        hostile.put("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400);
        hostile.put("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400);
        hostile.put("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400);
        hostile.put("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400);
        hostile.put("GET / HTTP/1.1\r\n" + HOST + "No colon\r\n\r\n", 400);
        hostile.put("GET / HTTP/1.1\r\n" + HOST + "Bad name: x\r\n\r\n", 400);
        hostile.put("GET / HTTP/1.1\r\n" + HOST + "X: a\u0000b\r\n\r\n", 400);
        hostile.put("GET / HTTP/1.1\r\n" + HOST + "X: a\rb\r\n\r\n", 400);
        hostile.put("GET / HTTP/1.1\r\n" + HOST + lines("Content-Type: a", "Content-Type: b"), 400);
        hostile.put("GET\r\n" + HOST + "\r\n", 400);
        hostile.put("\u0016\u0003\u0001 hello\r\n\r\n", 400);
        hostile.put("GET /" + "a".repeat(9000) + " HTTP/1.1\r\n" + HOST + "\r\n", 414);
        hostile.put("GET / HTTP/1.1\r\n" + HOST + lines("X: " + "a".repeat(33 * 1024)), 431);
        hostile.put("GET / HTTP/1.1\r\n" + HOST + "X: aaaaaaaaaaaa\r\n".repeat(2200) + "\r\n", 431);
        StringBuilder wrong = new StringBuilder();
        for (Map.Entry<String, Integer> entry : hostile.entrySet()) {
            wrong.append(verdict(entry.getKey(), entry.getValue()));
        }
        assertEquals("", wrong.toString());
    }

    @Test
    void anotherVersionIsNotServed() throws Exception {
        try (RawClient client = edge.client()) {
            RawClient.Response response =
                    client.send("GET / HTTP/3.1\r\n" + HOST + "\r\n").receive();
            assertEquals(501, response.status());
            assertTrue(client.isClosed());
        }
    }

    @Test
    void aBrokenChunkEndsTheConnection() throws Exception {
        edge.deploy("count", EdgeFixture.saying("Content-Type: text/plain\n\n"));
        for (String chunk :
                new String[] {"zz\r\n", "-1\r\n", "5\r\nabcdeXX5\r\n", "ffffffffff\r\n"}) {
            try (RawClient client = edge.client()) {
                client.send(
                        "POST /fn/demo/count HTTP/1.1\r\n"
                                + HOST
                                + lines("Transfer-Encoding: chunked"));
                client.send(chunk);
                assertTrue(client.isClosed(), chunk);
            }
        }
        edge.awaitQuiet();
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    private String verdict(String request, int status) throws Exception {
        String shown = request.substring(0, Math.min(90, request.length())).replace("\r\n", "~");
        try (RawClient client = edge.client()) {
            RawClient.Response response = client.send(request).receive();
            boolean problem = response.header("Content-Type").equals("application/problem+json");
            boolean closed = client.isClosed();
            return response.status() == status && problem && closed
                    ? ""
                    : "%s -> %d, problem %s, closed %s\n"
                            .formatted(shown, response.status(), problem, closed);
        } catch (java.io.IOException e) {
            return shown + " -> " + e + "\n";
        }
    }
}
