package io.runnel.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A client that hides nothing: it opens a connection when it has none, tries a refused connect once
 * more, and sends nothing twice. For one thread.
 */
final class PlainClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final int port;
    private Socket socket;

    PlainClient(int port) {
        this.port = port;
    }

    /** An answer that came whole. */
    record Answer(int status, Map<String, String> headers, String body) {}

    /**
     * One call on the connection that it has, else on a new one.
     *
     * @throws IOException if no whole answer came
     */
    Answer call(String method, String path, String body) throws IOException {
        if (socket == null) {
            socket = connect();
        }
        String head =
                "%s %s HTTP/1.1\r\nHost: test\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(method, path, body.length(), body);
        socket.getOutputStream().write(head.getBytes(ISO_8859_1));
        Answer answer = receive(socket.getInputStream());
        if ("close".equalsIgnoreCase(answer.headers().get("connection"))) {
            hangUp();
        }
        return answer;
    }

    private Socket connect() throws IOException {
        try {
            return connectOnce();
        } catch (ConnectException refused) {
            return connectOnce();
        }
    }

    private Socket connectOnce() throws IOException {
        Socket made = new Socket();
        made.setTcpNoDelay(true);
        made.setSoTimeout(PATIENCE_MILLIS);
        made.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        return made;
    }

    private static Answer receive(InputStream in) throws IOException {
        int status = Integer.parseInt(line(in).split(" ", 3)[1]);
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String[] parts = line.split(":", 2);
            headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
        }
        String length = headers.get("content-length");
        return new Answer(
                status, headers, length == null ? chunks(in) : text(in, Integer.parseInt(length)));
    }

    private static String chunks(InputStream in) throws IOException {
        StringBuilder body = new StringBuilder();
        for (int size = size(in); size > 0; size = size(in)) {
            body.append(text(in, size));
            line(in);
        }
        line(in);
        return body.toString();
    }

    private static int size(InputStream in) throws IOException {
        return Integer.parseInt(line(in), 16);
    }

    private static String text(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException(
                    "the answer's body ended after %d bytes".formatted(bytes.length));
        }
        return new String(bytes, ISO_8859_1);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection ended before the answer");
            }
            line.write(c);
        }
        return line.toString(ISO_8859_1).strip();
    }

    @Override
    public void close() throws IOException {
        hangUp();
    }

    /** Ends the connection that it has; the next call opens another one. */
    void hangUp() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
