package io.runnel.exec.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

import java.util.Optional;

/**
 * A request's body as far as it is gathered: whole if it is small; else its beginning, and the rest
 * still to come from the paused request. For the exchange's event loop.
 */
public final class GatheredBody {
    static final GatheredBody EMPTY = new GatheredBody(Buffer.buffer(0), Optional.empty());

    private final Buffer head;
    private final Optional<ReadStream<Buffer>> rest;

    GatheredBody(Buffer head, Optional<ReadStream<Buffer>> rest) {
        this.head = head;
        this.rest = rest;
    }

    /** The body, or its beginning; not to be changed. */
    public Buffer head() {
        return head;
    }

    /** Whether {@link #head} is all. */
    public boolean isWhole() {
        return rest.isEmpty();
    }

    /**
     * What is still to come, paused. Past the body's limit it fails with {@link
     * PayloadTooLargeException}.
     */
    public Optional<ReadStream<Buffer>> rest() {
        return rest;
    }
}
