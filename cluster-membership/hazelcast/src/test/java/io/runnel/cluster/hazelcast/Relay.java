package io.runnel.cluster.hazelcast;

import io.runnel.topology.Address;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * A proxy between a client and a member that can be cut: then it refuses and drops. It keeps all
 * that passes.
 */
final class Relay implements AutoCloseable {
    private final ServerSocket listener;
    private final Address target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** One permit for each connection that came. */
    final Semaphore arrivals = new Semaphore(0);

    /** What passed, by connection and direction. */
    final Queue<ByteArrayOutputStream> passed = new ConcurrentLinkedQueue<>();

    private volatile boolean cut;

    Relay(Address target) throws IOException {
        this.target = target;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    Address address() {
        return new Address("127.0.0.1", listener.getLocalPort());
    }

    void cut() {
        cut = true;
        open.forEach(Relay::closeQuietly);
    }

    void mend() {
        cut = false;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket from = listener.accept();
                arrivals.release();
                join(from);
            } catch (IOException e) {
                // The member is not there, or the relay was closed.
            }
        }
    }

    private void join(Socket from) throws IOException {
        open.add(from);
        if (cut) {
            closeQuietly(from);
            return;
        }
        try {
            Socket to = new Socket(target.host(), target.port());
            open.add(to);
            Thread.ofVirtual().start(() -> pump(from, to));
            Thread.ofVirtual().start(() -> pump(to, from));
        } catch (IOException e) {
            closeQuietly(from);
        }
    }

    private void pump(Socket from, Socket to) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        passed.add(kept);
        byte[] some = new byte[8192];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int read = in.read(some); read >= 0; read = in.read(some)) {
                kept.write(some, 0, read);
                out.write(some, 0, read);
            }
        } catch (IOException e) {
            // One side went: so does the other.
        }
        closeQuietly(from);
        closeQuietly(to);
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            // It is gone all the same.
        }
    }

    @Override
    public void close() {
        closeQuietly(listener);
        cut();
    }
}
