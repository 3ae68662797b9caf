package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What clients of HTTP/2 do with their streams, frame by frame. */
class FrameOrderIT {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GO_AWAY = 7;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int WHOLE = END_HEADERS | END_STREAM;

    /** GET, http, /fn/demo/hello and a, as HPACK has them. */
    private static final byte[] GET = request((byte) 0x82, "/fn/demo/hello");

    private static final byte[] POST = request((byte) 0x83, "/fn/demo/size");

    /** x: y */
    private static final byte[] TRAILER = {0, 1, 'x', 1, 'y'};

    @TempDir Path folder;
    private EdgeFixture edge;
    private Optional<SecuredNode> secured = Optional.empty();

    @BeforeEach
    void start() throws Exception {
        edge = new EdgeFixture(folder);
        edge.deploy("hello", EdgeFixture.saying(Guests.PLAIN + "hello"));
        edge.deploy("size", Guests.size());
    }

    @AfterEach
    void stop() throws Exception {
        edge.close();
    }

    private static byte[] request(byte method, String path) {
        return ByteBuffer.allocate(7 + path.length())
                .put(new byte[] {method, (byte) 0x86, 0x04, (byte) path.length()})
                .put(path.getBytes(US_ASCII))
                .put(new byte[] {0x01, 1, 'a'})
                .array();
    }

    private static byte[] frame(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** Sends these frames; what came until the connection or the answer to a ping did. */
    private List<String> exchange(int atOnce, byte[]... frames) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
        all.writeBytes(frame(SETTINGS, 0, 0));
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        byte[] bytes = all.toByteArray();
        try (Socket socket = connect()) {
            socket.setSoTimeout(20_000);
            socket.setTcpNoDelay(true);
            for (int at = 0; at < bytes.length; at += atOnce) {
                socket.getOutputStream().write(bytes, at, Math.min(atOnce, bytes.length - at));
            }
            return received(new DataInputStream(socket.getInputStream()));
        }
    }

    private Socket connect() throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), edge.port());
        return secured.isPresent() ? secured.get().client(plain, "127.0.0.1", "h2") : plain;
    }

    private static List<String> received(DataInputStream in) throws IOException {
        List<String> seen = new ArrayList<>();
        try {
            while (true) {
                int lengthAndType = in.readInt();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                byte[] payload = new byte[lengthAndType >>> 8];
                in.readFully(payload);
                switch (lengthAndType & 0xff) {
                    case RST_STREAM -> seen.add("reset " + stream);
                    case GO_AWAY -> seen.add("end " + payload[7]);
                    case PING -> {
                        seen.add("ping");
                        if (flags == ACK) {
                            return seen;
                        }
                    }
                    default -> {}
                }
            }
        } catch (EOFException e) {
            seen.add("closed");
            return seen;
        }
    }

    private static final byte[] PINGED = frame(PING, 0, 0, new byte[8]);

    @Test
    void headersAfterTheEndOfTheirStreamEndTheConnection() throws Exception {
        byte[] get = frame(HEADERS, WHOLE, 1, GET);
        assertEquals(List.of("end 5", "closed"), exchange(1_000, get, get, PINGED));
    }

    @Test
    void soTheyDoWhateverTheFramesAreCutInto() throws Exception {
        byte[] post = frame(HEADERS, END_HEADERS, 7, POST);
        byte[] data = frame(DATA, END_STREAM, 7, new byte[300]);
        byte[] late = frame(HEADERS, WHOLE, 7, TRAILER);
        for (int atOnce : new int[] {1, 2, 5, 10, 23, 24, 25, 400}) {
            assertEquals(
                    List.of("end 5", "closed"), exchange(atOnce, post, data, late), "" + atOnce);
        }
    }

    @Test
    void aStreamThatWasLeftOutIsNotOpenedLater() throws Exception {
        byte[] fifth = frame(HEADERS, WHOLE, 5, GET);
        byte[] third = frame(HEADERS, WHOLE, 3, GET);
        assertEquals(List.of("end 1", "closed"), exchange(1_000, fifth, third, PINGED));
    }

    @Test
    void soItIsBehindTls() throws Exception {
        edge.close();
        secured = Optional.of(new SecuredNode());
        edge =
                new EdgeFixture(
                        folder, ListenerSettings.at("127.0.0.1", 0).withSecurity(secured.get()));
        edge.deploy("hello", EdgeFixture.saying(Guests.PLAIN + "hello"));
        headersAfterTheEndOfTheirStreamEndTheConnection();
        assertEquals(List.of("ping"), exchange(7, frame(HEADERS, WHOLE, 1, GET), PINGED));
    }

    @Test
    void theLargestStreamIsOpenedAtOnce() throws Exception {
        byte[] last = frame(HEADERS, WHOLE, Integer.MAX_VALUE, GET);
        byte[] before = frame(HEADERS, WHOLE, Integer.MAX_VALUE - 2, GET);
        assertEquals(List.of("end 1", "closed"), exchange(1_000, last, before, PINGED));
    }

    /** What is older than what it remembers Netty resets. */
    @Test
    void anOldStreamIsOnlyReset() throws Exception {
        byte[] old = frame(HEADERS, WHOLE, 3, GET);
        byte[] next = frame(HEADERS, WHOLE, 5_001, GET);
        assertEquals(List.of("reset 3", "ping"), exchange(1_000, old, next, old, PINGED));
    }

    @Test
    void trailersAndGapsAreTaken() throws Exception {
        assertEquals(
                List.of("ping"),
                exchange(
                        1_000,
                        frame(HEADERS, END_HEADERS, 1, POST),
                        frame(HEADERS, WHOLE, 9, GET),
                        frame(DATA, 0, 1, new byte[100]),
                        frame(HEADERS, WHOLE, 1, TRAILER),
                        frame(HEADERS, WHOLE, 2_049, GET),
                        frame(HEADERS, WHOLE, 2_051, GET),
                        PINGED));
    }
}
