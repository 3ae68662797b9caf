package io.runnel.routing.forward;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/**
 * Hands a region's answer to the client as fast as it takes it. What comes in one gulp leaves in
 * one: the head waits for the first bytes until the event loop turns, and if the end has come by
 * then, all of it is one write with its length. For its event loop.
 *
 * <p>Nothing is asked of the client's response after its end, which would throw ("Response has
 * already been written"): that is what {@code pipeTo} gets wrong.
 */
final class AnswerPump {
    /** Bytes that wait for a client that reads slowly; what one gulp brings comes beside that. */
    private static final int MOST_ON_THE_WAY = 256 * 1024;

    private final HttpClientResponse from;
    private final HttpServerResponse to;
    private final RegionConnection by;
    private final boolean bodiless;
    private final Runnable onEnd;
    private Buffer held;
    private int onTheWay;
    private boolean flowing;
    private boolean over;

    /**
     * From the region to the client.
     *
     * @param bodiless whether the answer has no body, whatever its length says
     */
    AnswerPump(
            HttpClientResponse from,
            HttpServerResponse to,
            RegionConnection by,
            boolean bodiless,
            Runnable onEnd) {
        this.from = from;
        this.to = to;
        this.by = by;
        this.bodiless = bodiless;
        this.onEnd = onEnd;
    }

    /** Begins; status and headers of the client's response are set already. */
    void start(Vertx vertx) {
        to.drainHandler(drained -> resume());
        from.handler(this::next);
        from.endHandler(ended -> end());
        vertx.runOnContext(turned -> flow());
    }

    private void next(Buffer chunk) {
        by.heard();
        if (over || bodiless) {
            return;
        }
        if (!flowing && held == null) {
            held = chunk;
            return;
        }
        flow();
        write(chunk);
    }

    /** From now on what comes is written at once. */
    private void flow() {
        if (over || flowing || bodiless) {
            return;
        }
        flowing = true;
        if (!to.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
            to.setChunked(true);
        }
        if (held == null) {
            to.writeHead();
        } else {
            write(held);
            held = null;
        }
    }

    private void write(Buffer chunk) {
        int length = chunk.length();
        onTheWay += length;
        to.write(chunk).onComplete(done -> taken(length));
        if (isFull()) {
            from.pause();
        }
    }

    /**
     * The client's windows may be large, and a secured connection's queue is never full: so what
     * the socket has not taken is counted here.
     */
    private boolean isFull() {
        return to.writeQueueFull() || onTheWay >= MOST_ON_THE_WAY;
    }

    private void taken(int length) {
        boolean wasFull = onTheWay >= MOST_ON_THE_WAY;
        onTheWay -= length;
        if (wasFull && onTheWay < MOST_ON_THE_WAY) {
            resume();
        }
    }

    private void resume() {
        if (!over && !isFull()) {
            from.resume();
        }
    }

    private void end() {
        if (over) {
            return;
        }
        over = true;
        if (held != null) {
            to.end(held);
        } else {
            to.end();
        }
        onEnd.run();
    }

    /** Writes nothing more. */
    void stop() {
        over = true;
    }
}
