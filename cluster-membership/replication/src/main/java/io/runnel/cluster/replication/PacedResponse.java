package io.runnel.cluster.replication;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

import java.time.Duration;

/**
 * A response that is written no faster than its reader reads. A reader that leaves the queue full
 * for too long is cut off: it comes back when it can. For the thread of the request.
 */
final class PacedResponse {
    private static final int QUEUE_BYTES = 256 * 1024;

    private final Vertx vertx;
    private final HttpServerResponse response;
    private final long stallMs;
    private final Runnable onRoom;
    private boolean full;
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
            HttpServerResponse response,
            Duration stall,
            Runnable onRoom,
            Runnable onClosed) {
        this.vertx = vertx;
        this.response = response;
        this.stallMs = stall.toMillis();
        this.onRoom = onRoom;
        response.setWriteQueueMaxSize(QUEUE_BYTES);
        response.drainHandler(room -> drained());
        response.exceptionHandler(cause -> over(onClosed));
        response.closeHandler(end -> over(onClosed));
        response.endHandler(end -> over(onClosed));
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
        response.write(piece);
        if (!full && response.writeQueueFull()) {
            full = true;
            timer = vertx.setTimer(stallMs, late -> cut());
        }
    }

    void end() {
        if (!closed) {
            response.end();
        }
    }

    /** Breaks the response off, so that the reader knows that it is not whole. */
    void cut() {
        if (!closed) {
            response.reset();
        }
    }

    private void drained() {
        vertx.cancelTimer(timer);
        if (full && !closed) {
            full = false;
            onRoom.run();
        }
    }

    private void over(Runnable onClosed) {
        vertx.cancelTimer(timer);
        if (!closed) {
            closed = true;
            onClosed.run();
        }
    }
}
