package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;

/**
 * Requests of HTTP/1 within requests: what one hop takes for a body the next must not take for a
 * call. Every hostile one is followed by a request that must never be seen.
 */
class SmugglingIT {
    private static final String SMUGGLED =
            "GET /smuggled HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    private static final String POST = "POST /fn/demo/a HTTP/1.1\r\nHost: a\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

    @RegisterExtension final OneRegion scene = new OneRegion();

    private final FakeRegion region = scene.region;
    private final User user = scene.user;

    /** What the region got: path, framing and body. */
    private final BlockingQueue<String> seen = region.thatNotesBodies();

    /** All that comes until the POP closes the connection, for which it must have a reason. */
    private String untilClosed(String bytes) throws IOException {
        try (var wire = user.wire()) {
            wire.out().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return new String(wire.in().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** Each alone is refused with the connection, and the region hears of none. */
    private void refused(List<String> requests) throws IOException {
        StringBuilder wrong = new StringBuilder();
        for (String request : requests) {
            String answer = untilClosed(request + SMUGGLED);
            String status = answer.lines().findFirst().orElse("nothing");
            if (!status.endsWith(" 400 Bad Request") || answer.split("HTTP/1.", -1).length != 2) {
                wrong.append(request).append(" -> ").append(answer).append('\n');
            }
        }
        assertEquals("", wrong.toString());
        assertEquals(List.of(), List.copyOf(seen));
    }

    @Test
    void aBodyFramedTwice() throws IOException {
        refused(
                List.of(
                        POST + "Content-Length: 6\r\n" + CHUNKED + "\r\n0\r\n\r\nX",
                        POST + CHUNKED + "Content-Length: 6\r\n\r\n0\r\n\r\nX",
                        POST + CHUNKED + CHUNKED + "\r\n0\r\n\r\n",
                        POST + "Content-Length: 0\r\nContent-Length: 40\r\n\r\n",
                        POST + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nbody",
                        POST + "Content-Length: 4, 4\r\n\r\nbody",
                        POST + "Content-Length: 0x4\r\n\r\nbody",
                        POST + "Content-Length: 4 4\r\n\r\nbody",
                        POST + "Content-Length:\r\n\r\n",
                        "POST /fn/demo/a HTTP/1.0\r\nHost: a\r\n" + CHUNKED + "\r\n0\r\n\r\n"));
    }

    @Test
    void codingsThatSomeTakeForChunked() throws IOException {
        refused(
                List.of(
                        POST + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                        POST + " Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        POST + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n",
                        POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                        POST + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
                        POST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                        POST + "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
                        POST + "Transfer-Encoding: chunked;x=1\r\n\r\n0\r\n\r\n",
                        POST + "Transfer-Encoding: \u00ffchunked\r\n\r\n0\r\n\r\n",
                        POST + "Transfer\u0000-Encoding: chunked\r\n\r\n0\r\n\r\n"));
    }

    @Test
    void linesThatEndInTwoWays() throws IOException {
        refused(
                List.of(
                        POST + "X: a\nContent-Length: 40\r\n\r\n",
                        POST + "X: a\rContent-Length: 40\r\n\r\n",
                        POST + "Content-Length: 4\r\n 0\r\n\r\nbody",
                        "POST /fn/demo/a HTTP/1.1\nHost: a\n\n",
                        "POST /fn/demo/a\rx HTTP/1.1\r\nHost: a\r\n\r\n"));
    }

    /** The head is sound, the body is not: it may have been forwarded by then, but not as whole. */
    @Test
    void chunksThatEndInTwoWays() throws IOException {
        List<String> bodies =
                List.of(
                        "5\nabcde\n0\n\n",
                        "5\r\nabcde\n0\r\n\r\n",
                        "5\r\nabcdeX\r\n0\r\n\r\n",
                        "0x5\r\nabcde\r\n0\r\n\r\n",
                        "+5\r\nabcde\r\n0\r\n\r\n",
                        "-0\r\n\r\n",
                        "5 5\r\nabcde\r\n0\r\n\r\n",
                        "5;a\nb\r\nabcde\r\n0\r\n\r\n",
                        "5;a\rb\r\nabcde\r\n0\r\n\r\n",
                        "100000005\r\nabcde\r\n0\r\n\r\n",
                        "\r\nabcde\r\n0\r\n\r\n");
        StringBuilder wrong = new StringBuilder();
        for (String body : bodies) {
            String answer = untilClosed(POST + CHUNKED + "\r\n" + body + SMUGGLED);
            if (answer.startsWith("HTTP/1.1 2") || !seen.isEmpty()) {
                wrong.append(body).append(" -> ").append(answer).append(seen).append('\n');
                seen.clear();
            }
        }
        assertEquals("", wrong.toString());
    }

    /** What looks like a request within a body is the body's, however that is framed. */
    @Test
    void aBodyStaysABody() throws IOException {
        String length = "Content-Length: " + SMUGGLED.length() + "\r\n\r\n";
        String size = Integer.toHexString(SMUGGLED.length()).toUpperCase(java.util.Locale.ROOT);
        String chunk = size + ";x=\"y\"\r\n" + SMUGGLED + "\r\n0\r\n";
        for (String request :
                List.of(
                        POST + length + SMUGGLED,
                        "GET /fn/demo/a HTTP/1.1\r\nHost: a\r\n" + length + SMUGGLED,
                        POST + CHUNKED + "\r\n" + chunk + "\r\n",
                        POST + "Transfer-Encoding: CHUNKED\r\n\r\n" + chunk + "\r\n",
                        POST + "Transfer-Encoding:\t chunked \t\r\n\r\n" + chunk + "\r\n",
                        POST + CHUNKED + "\r\n" + chunk + "Content-Length: 3\r\nX: y\r\n\r\n",
                        // A folded line is one (RFC 9112 section 5.2).
                        POST + "X: a\r\n\tContent-Length: 3\r\n" + length + SMUGGLED,
                        POST + "X: a\r\n Transfer-Encoding: chunked\r\n" + length + SMUGGLED)) {
            String end = "GET /end HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
            String answers = untilClosed(request + end);
            assertEquals(3, answers.split("HTTP/1.1 200", -1).length, request + answers);
            String first = Await.next(seen);
            assertTrue(first.startsWith("/fn/demo/a "), first);
            assertTrue(first.endsWith(" " + SMUGGLED), first);
            assertEquals("/end null ", Await.next(seen));
        }
        assertEquals(List.of(), List.copyOf(seen));
    }
}
