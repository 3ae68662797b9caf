package io.runnel.exec.microvm;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Peers of guests on this computer: what they get, and how their connections end. */
final class TestPeers implements AutoCloseable {
    private static final int CHUNK = 64 * 1024;

    private final ServerSocket server;
    private final LinkedBlockingQueue<TestPeer> taken = new LinkedBlockingQueue<>();
    private final List<TestPeer> all = new ArrayList<>();

    TestPeers() throws IOException {
        server = new ServerSocket(0, 600, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::take);
    }

    private void take() {
        try {
            while (true) {
                taken.add(new TestPeer(server.accept()));
            }
        } catch (IOException e) {
            // It is closed.
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** The next that a guest has connected to. */
    TestPeer next() throws InterruptedException {
        TestPeer peer = taken.poll(30, TimeUnit.SECONDS);
        if (peer == null) {
            throw new AssertionError("no guest has connected");
        }
        all.add(peer);
        return peer;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (TestPeer peer : all) {
            peer.socket.close();
        }
    }

    /** How a connection has ended. */
    enum End {
        /** By a reset. */
        RESET,
        /** No more came. */
        FINISHED
    }

    /** One connection. */
    static final class TestPeer {
        private final Socket socket;
        private final CompletableFuture<End> end = new CompletableFuture<>();
        private long got; // Guarded by this.
        private long sent; // Guarded by this.
        private final CompletableFuture<Boolean> resetWhileWriting = new CompletableFuture<>();
        private volatile boolean writes;

        TestPeer(Socket socket) {
            this.socket = socket;
        }

        /** Reads all that comes, from now on. */
        TestPeer reading() {
            Thread.ofVirtual().start(this::read);
            return this;
        }

        private void read() {
            byte[] bytes = new byte[CHUNK];
            try {
                InputStream in = socket.getInputStream();
                int count = in.read(bytes);
                while (count >= 0) {
                    add(count, 0);
                    count = in.read(bytes);
                }
                // Of two that wait for a connection only one is told that it was reset.
                boolean told = writes && resetWhileWriting.get(30, TimeUnit.SECONDS);
                end.complete(told ? End.RESET : End.FINISHED);
            } catch (SocketException e) {
                end.complete(End.RESET);
            } catch (IOException | InterruptedException | ExecutionException | TimeoutException e) {
                end.completeExceptionally(e);
            }
        }

        /** Writes without end, from now on. */
        TestPeer writing() {
            writes = true;
            Thread.ofVirtual().start(this::write);
            return this;
        }

        private void write() {
            byte[] bytes = new byte[CHUNK];
            try {
                OutputStream out = socket.getOutputStream();
                while (true) {
                    out.write(bytes);
                    add(0, bytes.length);
                }
            } catch (IOException e) {
                resetWhileWriting.complete(String.valueOf(e.getMessage()).contains("reset"));
            }
        }

        void say(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        byte[] hear(int length) throws IOException {
            return socket.getInputStream().readNBytes(length);
        }

        /** No more comes from here. */
        void finish() throws IOException {
            socket.shutdownOutput();
        }

        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        private synchronized void add(long in, long out) {
            got += in;
            sent += out;
            notifyAll();
        }

        synchronized long sent() {
            return sent;
        }

        /** Waits until so much has come, or gone out. */
        synchronized void await(long in, long out) throws InterruptedException {
            long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (got < in || sent < out) {
                long left = TimeUnit.NANOSECONDS.toMillis(untilNanos - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("%d bytes came, %d went out".formatted(got, sent));
                }
                wait(left);
            }
        }

        /** Waits for it. */
        End end() throws Exception {
            return end.get(30, TimeUnit.SECONDS);
        }
    }
}
