package io.runnel.chaos.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Sends back what it gets, and ends when its client ends. */
final class EchoServer implements AutoCloseable {
    private final ServerSocket listener;
    private final Thread accepts;

    private EchoServer(ServerSocket listener) {
        this.listener = listener;
        this.accepts = Thread.ofVirtual().start(this::accept);
    }

    static EchoServer start() throws IOException {
        return new EchoServer(new ServerSocket(0, 512, InetAddress.getLoopbackAddress()));
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Thread.ofVirtual().start(() -> echo(socket));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // The client was reset: what these tests are about.
        }
    }

    /**
     * Returns when nobody can connect any more: whoever accepts holds the listener open, and who
     * comes until then is reset.
     */
    @Override
    public void close() throws IOException {
        listener.close();
        try {
            accepts.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
