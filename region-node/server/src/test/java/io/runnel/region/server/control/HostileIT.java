package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.region.server.control.TestClient.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

final class HostileIT {
    private static final String DIGEST = "\"digest\":\"" + "0".repeat(64) + "\"";

    @TempDir Path folder;
    private TestRegion region;
    private TestClient demo;

    @BeforeEach
    void start() throws IOException {
        region = new TestRegion(folder, TestRegion.WEST);
        demo = region.client(region.demo);
    }

    @AfterEach
    void stop() {
        region.close();
    }

    @Test
    void namesTheFieldThatIsWrong() {
        names("digest", "{}");
        names("digest", "{\"digest\":7}");
        names("digest", "{\"digest\":\"ABC\"}");
        names("memory", "{" + DIGEST + ",\"memory\":\"lots\"}");
        names("memory", "{" + DIGEST + ",\"memory\":\"2GiB\"}");
        names("timeout", "{" + DIGEST + ",\"timeout\":\"-1s\"}");
        names("timeout", "{" + DIGEST + ",\"timeout\":\"16m\"}");
        names("runtime", "{" + DIGEST + ",\"runtime\":\"cobol\"}");
        names("handler", "{" + DIGEST + ",\"handler\":\"x\"}");
        names("public", "{" + DIGEST + ",\"public\":\"yes\"}");
        names("regions", "{" + DIGEST + ",\"regions\":[\"mars\"]}");
        names("regions", "{" + DIGEST + ",\"regions\":[[]]}");
        names("env", "{" + DIGEST + ",\"env\":{\"A B\":\"x\"}}");
        names("env.A", "{" + DIGEST + ",\"env\":{\"A\":\"\\u0000\"}}");
        names("env.A", "{" + DIGEST + ",\"env\":{\"A\":\"\\ud800\"}}");
        names("env", "{" + DIGEST + ",\"env\":{\"A\":\"" + "x".repeat(40_000) + "\"}}");
        names("maxStale", "{" + DIGEST + ",\"maxStale\":\"999d\"}");
        names("latency", "{" + DIGEST + ",\"latency\":\"now\"}");
        names("devices", "{" + DIGEST + ",\"devices\":\"sensor\"}");
        names("devices", "{" + DIGEST + ",\"devices\":[\"/dev/mem\"]}");
        names("devices", "{" + DIGEST + ",\"devices\":[\"no-such\"]}");
        names("devices", "{" + DIGEST + ",\"devices\":[" + "\"a\",".repeat(16) + "\"a\"]}");
        names("callers", "{" + DIGEST + ",\"callers\":[\"account\"]}");
        names("callers", "{" + DIGEST + ",\"callers\":{\"a..b\":[\"x\"]}}");
        names("callers", "{" + DIGEST + ",\"callers\":{\"account\":[]}}");
        names("account", "{" + DIGEST + ",\"callers\":{\"account\":\"acme\"}}");
        names("reuse", "{" + DIGEST + ",\"reuse\":\"borrowed\"}");
        names("coarseClock", "{" + DIGEST + ",\"coarseClock\":\"1ms\"}");
        names("outbound", "{" + DIGEST + ",\"outbound\":\"example.com\"}");
        names("outbound", "{" + DIGEST + ",\"outbound\":[\"*\"]}");
        names("outbound", "{" + DIGEST + ",\"outbound\":[\"http://example.com\"]}");
        names("outbound", "{" + DIGEST + ",\"outbound\":[" + "\"a.b\",".repeat(32) + "\"a.b\"]}");
        names("memry", "{" + DIGEST + ",\"memry\":\"64MiB\"}");
        names("body", "{" + DIGEST + "," + DIGEST + "}");
        names("body", "{" + DIGEST);
        names("body", "[]");
        names("body", "{\"a\":" + "[".repeat(10_000));
        names("body", "{} {}");
    }

    @Test
    void saysWhatIsWrongWithABodyInItsOwnWords() {
        List<String> bodies =
                List.of(
                        "{" + DIGEST,
                        "{" + DIGEST + "," + DIGEST + "}",
                        "{\"a\":" + "[".repeat(10_000),
                        "{\"a\":" + "1".repeat(100) + "}",
                        "{} {}",
                        "{\"a\":\u0001}");
        for (String body : bodies) {
            String detail =
                    demo.post("/v1/tasks/hello/versions", body).json().path("detail").asText();
            assertTrue(detail.startsWith("body: must be one JSON object"), detail);
            assertTrue(!detail.contains("jackson") && !detail.contains("`"), detail);
        }
        Answer twice = demo.post("/v1/tasks/hello/versions", "{\"a\":1,\n \"a\":2}");
        String detail = twice.json().path("detail").asText();
        assertTrue(detail.endsWith("; line 2, column 5"), detail);
    }

    private void names(String field, String body) {
        Answer answer = demo.post("/v1/tasks/hello/versions", body);
        assertEquals(400, answer.status(), () -> field + " " + answer);
        assertEquals("invalid-request", answer.code());
        String detail = answer.json().path("detail").asText();
        assertTrue(detail.startsWith(field + ": "), () -> field + " " + detail);
        assertFalse(detail.startsWith(field + ": " + field), detail);
        assertEquals("application/problem+json", answer.header("Content-Type"));
        assertEquals(answer.header("Runnel-Request-Id"), answer.json().path("requestId").asText());
    }

    @Test
    void refusesWhatIsTooLargeOrOfAnotherType() {
        Answer large = demo.post("/v1/tasks/x/versions", " ".repeat(300_000));
        assertEquals(413, large.status(), large::toString);
        Answer xml = demo.post("/v1/tasks/x/versions", "<x/>", "Content-Type", "text/xml");
        assertEquals("unsupported-media-type", xml.code());
        assertEquals(200, demo.get("/v1/tasks").status());
    }

    @Test
    void unknownPathsAndMethodsSaySo() {
        assertEquals("not-found", demo.get("/v1/nothing").code());
        assertEquals("not-found", demo.get("/v1/tasks/").code());
        assertEquals("not-found", demo.get("/v1//tasks").code());
        assertEquals("not-found", demo.get("/v1/tasks/a/versions/1/x").code());
        Answer method = demo.ask("PATCH", "/v1/tasks/hello", "{}");
        assertEquals(405, method.status());
        assertEquals("GET, DELETE", method.header("Allow"));
        assertEquals("task-not-found", demo.get("/v1/tasks/..%2f..").code());
        assertEquals("task-not-found", demo.get("/v1/tasks/HELLO").code());
        assertEquals("task-not-found", demo.get("/v1/tasks/" + "x".repeat(300)).code());
        assertEquals(400, demo.get("/v1/tasks?limit=0").status());
        assertEquals(400, demo.get("/v1/tasks?limit=x").status());
    }

    @Test
    void aBrokenQueryOrABodyThatEndsEarlyHurtsNobody() throws IOException {
        assertEquals(
                "HTTP/1.1 400", raw("GET /v1/tasks?account=%zz HTTP/1.1", "Content-Length: 0"));
        try (Socket socket = region.socket()) {
            String head =
                    "PUT /v1/blobs/%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                            + "Content-Length: 1000\r\n\r\nabc";
            socket.getOutputStream()
                    .write(
                            head.formatted("0".repeat(64), region.demo.text())
                                    .getBytes(StandardCharsets.US_ASCII));
            awaitUploads(1);
        }
        assertEquals(200, demo.get("/v1/tasks").status());
        awaitUploads(0);
    }

    private void awaitUploads(int count) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        List<Path> there = uploads();
        while (there.size() != count) {
            assertTrue(System.nanoTime() < deadline, "uploads: " + there);
            Thread.onSpinWait();
            there = uploads();
        }
    }

    private List<Path> uploads() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("uploads"))) {
            return files.toList();
        }
    }

    private String raw(String requestLine, String header) throws IOException {
        try (Socket socket = region.socket()) {
            String head =
                    "%s\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s\r\n\r\n"
                            .formatted(requestLine, region.demo.text(), header);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(30_000);
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        }
    }

    /** Nothing of a bare stack or of a file's place comes out. */
    @Test
    void internalTextStaysInside() {
        region.store.close();
        Answer answer = demo.post("/v1/accounts/demo/keys", "{}");
        assertEquals(503, answer.status(), answer::toString);
        assertEquals("over-capacity", answer.code());
        assertTrue(!answer.whole().body().contains("store"), answer::toString);
    }
}
