package io.runnel.routing.forward;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.streams.ReadStream;

import java.util.function.Consumer;

/**
 * Sends a body on as fast as the region takes it. Nothing is asked of the request after its end,
 * which would throw: that is what {@code pipeTo} gets wrong. For its event loop.
 */
final class UploadPump {
    private final ReadStream<Buffer> from;
    private final HttpClientRequest to;
    private final RegionConnection by;
    private final Consumer<Throwable> onFailure;
    private boolean done;

    UploadPump(
            ReadStream<Buffer> from,
            HttpClientRequest to,
            RegionConnection by,
            Consumer<Throwable> onFailure) {
        this.from = from;
        this.to = to;
        this.by = by;
        this.onFailure = onFailure;
    }

    /** Sends the beginning, and the rest as it comes. */
    void start(Buffer head) {
        from.exceptionHandler(this::failed);
        from.endHandler(ended -> end());
        from.handler(this::next);
        to.drainHandler(drained -> resume());
        if (head.length() > 0) {
            to.write(head);
        } else {
            to.sendHead();
        }
        if (!to.writeQueueFull()) {
            from.resume();
        }
    }

    boolean isDone() {
        return done;
    }

    private void next(Buffer chunk) {
        if (done) {
            return;
        }
        to.write(chunk);
        if (to.writeQueueFull()) {
            from.pause();
        }
    }

    private void resume() {
        by.heard();
        if (!done) {
            from.resume();
        }
    }

    private void end() {
        if (!done) {
            done = true;
            to.end();
        }
    }

    private void failed(Throwable cause) {
        if (!done) {
            stop();
            onFailure.accept(cause);
        }
    }

    /** Takes no more; what is left of the body is for whoever reads the request next. */
    void stop() {
        if (!done) {
            done = true;
            from.pause();
        }
    }
}
