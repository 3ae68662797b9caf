package io.runnel.cluster.replication;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** A TCP connection's way through a test: it can be cut, held, or cut after so many bytes. */
final class TestLink {
    /** Small, so that a reader that stands still is felt before the kernel has taken megabytes. */
    static final int BUFFER_BYTES = 64 * 1024;

    private final Context context;
    private final NetClient client;
    private final NetServer server;
    private final int target;
    private final Set<NetSocket> sockets = new HashSet<>();
    private volatile boolean refusing;
    private volatile boolean holding;
    private final AtomicLong bytesLeft = new AtomicLong(Long.MAX_VALUE);

    TestLink(Vertx vertx, int target) {
        this.context = vertx.getOrCreateContext();
        this.client =
                vertx.createNetClient(
                        new NetClientOptions()
                                .setSendBufferSize(BUFFER_BYTES)
                                .setReceiveBufferSize(BUFFER_BYTES));
        this.target = target;
        this.server =
                vertx.createNetServer(
                                new NetServerOptions()
                                        .setSendBufferSize(BUFFER_BYTES)
                                        .setReceiveBufferSize(BUFFER_BYTES))
                        .connectHandler(this::accept);
        Await.get(server.listen(0, "127.0.0.1").toCompletionStage());
    }

    int port() {
        return server.actualPort();
    }

    /** Closes all connections; new ones are closed as soon as they come. */
    void cut() {
        refusing = true;
        drop();
    }

    /** Closes all connections; new ones pass. */
    void drop() {
        context.runOnContext(now -> Set.copyOf(sockets).forEach(NetSocket::close));
    }

    /** Lets nothing through and closes nothing, as a network that loses all packets. */
    void hold() {
        holding = true;
    }

    /** Cuts when so many more bytes have come back. */
    void cutAfter(long bytes) {
        bytesLeft.set(bytes);
    }

    void mend() {
        refusing = false;
        holding = false;
        bytesLeft.set(Long.MAX_VALUE);
    }

    private void accept(NetSocket near) {
        if (refusing) {
            near.close();
            return;
        }
        near.pause();
        client.connect(target, "127.0.0.1")
                .onSuccess(far -> join(near, far))
                .onFailure(gone -> near.close());
    }

    private void join(NetSocket near, NetSocket far) {
        context.runOnContext(
                now -> {
                    sockets.add(near);
                    sockets.add(far);
                });
        pass(near, far, false);
        pass(far, near, true);
        near.resume();
    }

    private void pass(NetSocket from, NetSocket to, boolean counted) {
        from.handler(
                piece -> {
                    if (!holding) {
                        forward(from, to, counted ? limited(piece) : piece);
                    }
                });
        from.closeHandler(gone -> to.close());
    }

    private void forward(NetSocket from, NetSocket to, Buffer piece) {
        to.write(piece);
        if (bytesLeft.get() <= 0) {
            cut();
        } else if (to.writeQueueFull()) {
            from.pause();
            to.drainHandler(room -> from.resume());
        }
    }

    private Buffer limited(Buffer piece) {
        if (bytesLeft.get() == Long.MAX_VALUE) {
            return piece;
        }
        int length = (int) Math.min(piece.length(), bytesLeft.get());
        bytesLeft.addAndGet(-length);
        return piece.getBuffer(0, length);
    }
}
