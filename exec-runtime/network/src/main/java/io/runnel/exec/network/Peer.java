package io.runnel.exec.network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;

/** The host's connection to where a guest wants to. Reading and writing block. */
final class Peer {
    private static final int MOST_ADDRESSES = 3;

    private final SocketChannel channel;

    /** One that is connected; it must block. */
    Peer(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * Connects to the first of some addresses that takes it.
     *
     * @throws IOException what went wrong with the last of them
     */
    static Peer connect(List<InetAddress> addresses, int port, Duration limit) throws IOException {
        IOException last = new IOException("no address");
        for (InetAddress address : addresses.stream().limit(MOST_ADDRESSES).toList()) {
            SocketChannel channel = SocketChannel.open();
            try {
                channel.socket().connect(new InetSocketAddress(address, port), millis(limit));
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                return new Peer(channel);
            } catch (SocketTimeoutException e) {
                channel.close();
                last = e;
            } catch (IOException e) {
                channel.close();
                last = e;
            }
        }
        throw last;
    }

    private static int millis(Duration limit) {
        return Math.toIntExact(limit.toMillis());
    }

    /** At least one byte; −1 if no more comes. */
    int read(ByteBuffer into) throws IOException {
        return channel.read(into);
    }

    void write(ByteBuffer from) throws IOException {
        while (from.hasRemaining()) {
            channel.write(from);
        }
    }

    /** No more comes from here. */
    void finish() throws IOException {
        channel.shutdownOutput();
    }

    /** The peer is told at once that the connection is no more, whatever was on its way. */
    void reset() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // It is closed already.
        }
        close();
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is of no more use either way.
        }
    }
}
