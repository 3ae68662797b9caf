package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** Floods of HTTP/2 frames that cost their sender little: its connection ends, no other does. */
class FloodsIT {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int MOST_FRAMES = 2_000_000;
    private static final int FRAMES_AT_ONCE = 1_000;

    private static final int RESETS = ListenerSettings.at("127.0.0.1", 0).resets();

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;
    private static final int END_STREAM = 1;

    /** GET, http, /held, as the static table has them, and a literal authority. */
    private static final byte[] REQUEST = {
        (byte) 0x82, (byte) 0x86, 0x04, 5, '/', 'h', 'e', 'l', 'd', 0x01, 1, 'a'
    };

    private final Vertx vertx = NodeVertx.create(new VertxOptions(), ConnectionLimits.DEFAULT);
    private final AtomicInteger held = new AtomicInteger();
    private int port;

    @BeforeEach
    void start() throws Exception {
        port =
                EdgeFixture.await(
                                NodeListener.start(
                                        vertx,
                                        ListenerSettings.at("127.0.0.1", 0).withLoops(1),
                                        new RequestIds(InstantSource.system(), Random::new),
                                        System::nanoTime,
                                        this::answer))
                        .port();
    }

    @AfterEach
    void stop() throws Exception {
        EdgeFixture.await(vertx.close());
    }

    private void answer(Exchange exchange) {
        if (exchange.request().path().equals("/hello")) {
            exchange.response().end("hello");
        } else {
            held.incrementAndGet();
        }
    }

    private static byte[] frame(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** Frames without end, read by nobody: none is sent any more before all are. */
    private void isCutOff(byte[] first, IntFunction<byte[]> frames) throws Exception {
        try (Socket flood = new Socket(InetAddress.getLoopbackAddress(), port);
                RawClient other = new RawClient(port)) {
            flood.setSoTimeout(PATIENCE_MILLIS);
            int sent = 0;
            try {
                flood.getOutputStream()
                        .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
                flood.getOutputStream().write(frame(SETTINGS, 0, 0));
                flood.getOutputStream().write(first);
                while (sent < MOST_FRAMES) {
                    ByteArrayOutputStream some = new ByteArrayOutputStream();
                    for (int i = 0; i < FRAMES_AT_ONCE; i++) {
                        some.writeBytes(frames.apply(sent + i));
                    }
                    flood.getOutputStream().write(some.toByteArray());
                    sent += FRAMES_AT_ONCE;
                    if (sent % (100 * FRAMES_AT_ONCE) == 0) {
                        assertEquals("hello", other.get("/hello").body());
                    }
                }
            } catch (IOException e) {
                // Closed, as it is to be.
                assertTrue(!(e instanceof SocketTimeoutException), e::toString);
            }
            assertTrue(sent < MOST_FRAMES, "all frames were taken");
            assertEquals("hello", other.get("/hello").body());
        }
    }

    @Test
    void headersThatNeverEnd() throws Exception {
        byte[] literal = {0, 1, 'x', 1, 'y'};
        isCutOff(frame(HEADERS, END_STREAM, 1, REQUEST), i -> frame(CONTINUATION, 0, 1, literal));
    }

    @Test
    void emptyHeadersThatNeverEnd() throws Exception {
        isCutOff(frame(HEADERS, END_STREAM, 1, REQUEST), i -> frame(CONTINUATION, 0, 1));
    }

    @Test
    void pingsWhoseAnswersNobodyReads() throws Exception {
        isCutOff(new byte[0], i -> frame(PING, 0, 0, new byte[8]));
    }

    @Test
    void settingsWhoseAnswersNobodyReads() throws Exception {
        isCutOff(new byte[0], i -> frame(SETTINGS, 0, 0));
    }

    @Test
    void emptyDataThatNeverEnds() throws Exception {
        isCutOff(frame(HEADERS, END_HEADERS, 1, REQUEST), i -> frame(DATA, 0, 1));
        assertEquals(1, held.get());
    }

    /** The node is brought to reset streams itself ("MadeYouReset", CVE-2025-8671). */
    @Test
    void streamsThatTheNodeIsMadeToReset() throws Exception {
        isCutOff(
                new byte[0],
                i ->
                        i % 2 == 0
                                ? frame(HEADERS, END_HEADERS | END_STREAM, i + 1, REQUEST)
                                : frame(WINDOW_UPDATE, 0, i, new byte[4]));
        int taken = held.get();
        assertTrue(taken > 0 && taken < 10 * RESETS, () -> taken + " requests were taken");
    }
}
