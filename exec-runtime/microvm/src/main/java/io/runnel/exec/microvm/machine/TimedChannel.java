package io.runnel.exec.microvm.machine;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/**
 * Waiting for a UNIX socket with a deadline. Interrupts are heeded: they end with {@link
 * InterruptedIOException}, the thread's mark kept.
 */
final class TimedChannel {
    /** What Linux's {@code sun_path} takes, less the zero at its end. */
    private static final int MOST_PATH_BYTES = 107;

    private TimedChannel() {}

    /** Something that can end a wait early. */
    interface Doom {
        /** Throws if what is awaited will not come any more. */
        void check() throws IOException;
    }

    /** Looks at its doom that often. */
    private static final long LOOK_MILLIS = 20;

    /**
     * Listens on a path, for anybody who can reach it.
     *
     * @throws MachineException if the path is too long for a socket
     */
    static ServerSocketChannel listen(Path path) throws IOException {
        if (path.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length
                > MOST_PATH_BYTES) {
            throw new MachineException(
                    "a socket's path has at most %d bytes: '%s' (use a shorter folder)"
                            .formatted(MOST_PATH_BYTES, path));
        }
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path), 1);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
            server.configureBlocking(false);
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /**
     * The first to connect.
     *
     * @param deadlineNanos of {@link System#nanoTime}
     */
    static SocketChannel accept(ServerSocketChannel server, long deadlineNanos, Doom doom)
            throws IOException {
        try (Selector selector = Selector.open()) {
            server.register(selector, SelectionKey.OP_ACCEPT);
            SocketChannel channel = server.accept();
            while (channel == null) {
                await(selector, deadlineNanos, doom);
                channel = server.accept();
            }
            return channel;
        }
    }

    /** Reads what is there, at least one byte; -1 at the end. */
    static int read(SocketChannel channel, ByteBuffer into, long deadlineNanos, Doom doom)
            throws IOException {
        int count = channel.read(into);
        if (count != 0) {
            return count;
        }
        try (Selector selector = Selector.open()) {
            register(channel, selector, SelectionKey.OP_READ);
            while (count == 0) {
                await(selector, deadlineNanos, doom);
                count = channel.read(into);
            }
            return count;
        }
    }

    /** Writes all. */
    static void write(SocketChannel channel, ByteBuffer from, long deadlineNanos, Doom doom)
            throws IOException {
        channel.write(from);
        if (!from.hasRemaining()) {
            return;
        }
        try (Selector selector = Selector.open()) {
            register(channel, selector, SelectionKey.OP_WRITE);
            while (from.hasRemaining()) {
                await(selector, deadlineNanos, doom);
                channel.write(from);
            }
        }
    }

    private static void register(SelectableChannel channel, Selector selector, int what)
            throws IOException {
        channel.register(selector, what);
    }

    private static void await(Selector selector, long deadlineNanos, Doom doom) throws IOException {
        doom.check();
        long leftMillis = Duration.ofNanos(deadlineNanos - System.nanoTime()).toMillis();
        if (leftMillis <= 0) {
            throw new SocketTimeoutException("no answer in time");
        }
        selector.select(Math.min(leftMillis, LOOK_MILLIS));
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted");
        }
    }
}
