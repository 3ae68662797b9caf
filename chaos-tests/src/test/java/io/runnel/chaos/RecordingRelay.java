package io.runnel.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.runnel.topology.Address;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between two nodes and keeps every byte that passes, as somebody on their network would.
 */
final class RecordingRelay implements AutoCloseable {
    private static final int PIECE_BYTES = 16 * 1024;

    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** Guarded by itself. */
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

    private volatile Address upstream = new Address("127.0.0.1", 1);

    RecordingRelay() throws IOException {
        server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Where it listens. */
    Address address() {
        return new Address("127.0.0.1", server.getLocalPort());
    }

    /** Where it leads from now on. */
    void leadTo(Address to) {
        upstream = to;
    }

    /** All that passed, one character a byte. */
    String seen() {
        synchronized (seen) {
            return seen.toString(ISO_8859_1);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                lead(server.accept());
            } catch (IOException e) {
                // It is over.
                open.forEach(RecordingRelay::close);
            }
        }
    }

    private void lead(Socket from) {
        open.add(from);
        try {
            Socket to = new Socket(upstream.host(), upstream.port());
            open.add(to);
            Thread.ofVirtual().start(() -> pass(from, to));
            Thread.ofVirtual().start(() -> pass(to, from));
        } catch (IOException e) {
            // Nobody listens there yet: who connected sees that.
            close(from);
        }
    }

    private void pass(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] piece = new byte[PIECE_BYTES];
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                synchronized (seen) {
                    seen.write(piece, 0, read);
                }
                out.write(piece, 0, read);
            }
        } catch (IOException e) {
            // One of them hung up: the other sees that.
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        open.forEach(RecordingRelay::close);
    }
}
