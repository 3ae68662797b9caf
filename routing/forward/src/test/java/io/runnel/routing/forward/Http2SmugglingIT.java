package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;

/** Requests of HTTP/2 that would be two, or another one, where a hop writes them as HTTP/1. */
class Http2SmugglingIT {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int GO_AWAY = 7;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final String SMUGGLED = "\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    @RegisterExtension final OneRegion scene = new OneRegion();

    private final FakeRegion region = scene.region;
    private final User user = scene.user;
    private final BlockingQueue<String> seen = region.thatNotesBodies();

    private static byte[] frame(int type, int flags, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(type == SETTINGS ? 0 : 1)
                .put(payload)
                .array();
    }

    /** Names and values by turns, each literal and never indexed. */
    private static byte[] headers(List<String> all) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < all.size(); i++) {
            if (i % 2 == 0) {
                block.write(0x10);
            }
            block.write(all.get(i).length());
            block.writeBytes(all.get(i).getBytes(ISO_8859_1));
        }
        return block.toByteArray();
    }

    private static List<String> post(String... more) {
        List<String> all = new java.util.ArrayList<>();
        all.addAll(
                List.of(
                        ":method",
                        "POST",
                        ":scheme",
                        "http",
                        ":path",
                        "/fn/demo/a",
                        ":authority",
                        "a"));
        all.addAll(List.of(more));
        return all;
    }

    private static List<String> with(String name, String value) {
        List<String> all = post();
        all.set(all.indexOf(name) + 1, value);
        return all;
    }

    /** What a request with this body gets: a status, "reset" or "closed". */
    private String verdict(List<String> request, String body) throws IOException {
        try (var wire = user.wire()) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
            all.writeBytes(frame(SETTINGS, 0, new byte[0]));
            all.writeBytes(frame(HEADERS, END_HEADERS, headers(request)));
            all.writeBytes(frame(DATA, END_STREAM, body.getBytes(ISO_8859_1)));
            wire.out().write(all.toByteArray());
            return first(new DataInputStream(wire.in()));
        }
    }

    private static String first(DataInputStream in) throws IOException {
        try {
            while (true) {
                int lengthAndType = in.readInt();
                in.skipNBytes(5);
                byte[] payload = new byte[lengthAndType >>> 8];
                in.readFully(payload);
                switch (lengthAndType & 0xff) {
                    case HEADERS -> {
                        return status(payload);
                    }
                    case RST_STREAM -> {
                        return "reset";
                    }
                    case GO_AWAY -> {
                        return "closed";
                    }
                    default -> {}
                }
            }
        } catch (EOFException e) {
            return "closed";
        }
    }

    /** 200 and 400 are in HPACK's table; where one has a priority it comes first. */
    private static String status(byte[] block) {
        for (byte b : block) {
            if (b == (byte) 0x88) {
                return "200";
            }
            if (b == (byte) 0x8c) {
                return "400";
            }
        }
        return "another";
    }

    private void refused(List<List<String>> requests) throws IOException {
        StringBuilder wrong = new StringBuilder();
        for (List<String> request : requests) {
            String verdict = verdict(request, "body");
            if (verdict.equals("200") || verdict.equals("another") || !seen.isEmpty()) {
                wrong.append(request).append(" -> ").append(verdict).append(seen).append('\n');
                seen.clear();
            }
        }
        assertEquals("", wrong.toString());
    }

    @Test
    void whatIsSoundIsForwarded() throws IOException {
        assertEquals("200", verdict(post("content-length", "4", "x", "y"), "body"));
        assertEquals("/fn/demo/a 4 body", Await.next(seen));
    }

    /** One length said twice is one (RFC 9110 section 8.6), and goes on as one. */
    @Test
    void aLengthSaidTwiceIsOne() throws IOException {
        for (List<String> request :
                List.of(
                        post("content-length", "4", "content-length", "4"),
                        post("content-length", "4, 4"))) {
            assertEquals("200", verdict(request, "body"));
            assertEquals("/fn/demo/a 4 body", Await.next(seen));
        }
    }

    @Test
    void linesWithinNamesAndValues() throws IOException {
        refused(
                List.of(
                        post("x", "a" + SMUGGLED),
                        post("x", "a\r\ntransfer-encoding: chunked"),
                        post("x", "a\nb"),
                        post("x", "a\rb"),
                        post("x", "a\u0000b"),
                        post("x\r\ncontent-length", "0"),
                        post("x: y\r\nz", "a"),
                        post("x:y", "a"),
                        post("x y", "a"),
                        post("X", "a"),
                        post("", "a"),
                        with(":path", "/fn/demo/a HTTP/1.1\r\nHost: a" + SMUGGLED),
                        with(":path", "/fn/demo/a b"),
                        with(":path", "*"),
                        with(":path", ""),
                        with(":method", "POST /smuggled HTTP/1.1\r\n\r\nGET"),
                        with(":authority", "a\r\nx: y"),
                        with(":authority", "a b")));
    }

    @Test
    void headersOfAConnection() throws IOException {
        refused(
                List.of(
                        post("transfer-encoding", "chunked"),
                        post("connection", "close"),
                        post("keep-alive", "1"),
                        post("proxy-connection", "close"),
                        post("upgrade", "h2c"),
                        post("te", "gzip"),
                        post("host", "b"),
                        post("host", "a", "host", "a")));
    }

    @Test
    void lengthsThatAreNotTheBodys() throws IOException {
        refused(
                List.of(
                        post("content-length", "3"),
                        post("content-length", "5"),
                        post("content-length", "0"),
                        post("content-length", "4", "content-length", "5"),
                        post("content-length", "+4"),
                        post("content-length", "-1"),
                        post("content-length", "")));
    }
}
