package io.runnel.cluster.replication;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

import java.time.Duration;

/**
 * A response that is written no faster than its reader reads: so many bytes may be on their way to
 * the network, no more. A reader that takes nothing for too long is cut off: it comes back when it
 * can. For the thread of the request.
 */
final class PacedResponse {
    private static final int MOST_BYTES = 256 * 1024;

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final long stallMs;
    private final Runnable onRoom;
    private final Runnable onClosed;
    private long bytes;
    private boolean full;
    private boolean moved;
    private boolean closed;
    private long timer;

    /**
     * Takes over the response.
     *
     * @param stall how long a reader may stand still
     * @param onRoom what to do when there is room again
     * @param onClosed what to do, once, when the response is over, whoever ended it
     */
    PacedResponse(
            Vertx vertx,
            HttpServerRequest request,
            Duration stall,
            Runnable onRoom,
            Runnable onClosed) {
        this.vertx = vertx;
        this.request = request;
        this.response = request.response();
        this.stallMs = stall.toMillis();
        this.onRoom = onRoom;
        this.onClosed = onClosed;
        response.exceptionHandler(cause -> over());
        response.closeHandler(end -> over());
        response.endHandler(end -> over());
    }

    /** Whether one has to wait for {@code onRoom} before writing more. */
    boolean full() {
        return full || closed;
    }

    boolean closed() {
        return closed;
    }

    void write(Buffer piece) {
        if (closed) {
            return;
        }
        int length = piece.length();
        bytes += length;
        response.write(piece).onComplete(done -> written(length));
        if (!full && bytes >= MOST_BYTES) {
            full = true;
            watch();
        }
    }

    void end() {
        if (!closed) {
            response.end();
        }
    }

    private void written(int length) {
        bytes -= length;
        moved = true;
        if (full && !closed && bytes <= MOST_BYTES / 2) {
            full = false;
            vertx.cancelTimer(timer);
            onRoom.run();
        }
    }

    private void watch() {
        moved = false;
        timer =
                vertx.setTimer(
                        stallMs,
                        late -> {
                            if (moved) {
                                watch();
                            } else {
                                cut();
                            }
                        });
    }

    /** Breaks the response off, so that the reader knows that it is not whole. */
    void cut() {
        if (!closed) {
            breakOff();
            over();
        }
    }

    /**
     * Vert.x closes a connection only when all is flushed, and a reader that stands still would put
     * that off for as long as TCP holds out. So where the connection is this response's own, it is
     * closed underneath, as Vert.x itself does with idle ones.
     */
    private void breakOff() {
        boolean shared = request.version() == HttpVersion.HTTP_2;
        if (!shared && request.connection() instanceof ConnectionBase wire) {
            var _ = wire.channelHandlerContext().close();
        } else {
            response.reset();
        }
    }

    private void over() {
        vertx.cancelTimer(timer);
        if (!closed) {
            closed = true;
            onClosed.run();
        }
    }
}
