package io.runnel.exec.http;

import io.runnel.exec.task.RequestId;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import java.util.function.Consumer;

/**
 * One request and its answer, with what every node does to both: the request's id, refusals, what
 * happens when the client goes away, and a connection that stays sane whatever is left of the body.
 * For its event loop only, but for what says otherwise.
 *
 * <p>The response's {@code endHandler} belongs to this class: use {@link #whenGone} and {@link
 * #whenFinished}.
 */
public final class Exchange {
    private final HttpServerRequest request;
    private final long arrivedNanos;
    private RequestId id;
    private ErrorShape shape = ErrorShape.PROBLEM;

    Exchange(HttpServerRequest request, RequestId id, long arrivedNanos) {
        this.request = request;
        this.id = id;
        this.arrivedNanos = arrivedNanos;
    }

    /** The request. */
    public HttpServerRequest request() {
        return request;
    }

    /** The answer; {@code Runnel-Request-Id} stands on it already. */
    public HttpServerResponse response() {
        return request.response();
    }

    /** The call's id. */
    public RequestId id() {
        return id;
    }

    /** When the request came, on the node's nano clock. */
    public long arrivedNanos() {
        return arrivedNanos;
    }

    /** Takes over the id that another node gave. */
    public void adopt(RequestId other) {
        this.id = other;
    }

    /** How failures are told from now on. */
    public void shape(ErrorShape other) {
        this.shape = other;
    }

    /** How failures are told. */
    public ErrorShape shape() {
        return shape;
    }

    /** Whether the answer was handed over, or nobody waits for it any more. */
    public boolean isFinished() {
        return response().ended();
    }

    /** Does this if the client goes before the answer is whole; at once if it has gone. */
    public void whenGone(Runnable action) {}

    /** Does this once the answer is whole or the client gone; at once if so already. */
    public void whenFinished(Runnable action) {}

    /**
     * Gathers the body, then goes on, maybe at once. Refuses what is too large, too slow or too
     * much for this node now, and does not go on then, nor when the client goes.
     */
    public void gather(BodyLimits limits, Consumer<GatheredBody> then) {}

    /** Answers that the call failed; does nothing if the answer has begun or nobody waits. */
    public void refuse(ProblemCode code) {
        refuse(Problem.of(code));
    }

    /** Answers that the call failed; does nothing if the answer has begun or nobody waits. */
    public void refuse(Problem problem) {
        Problems.send(response(), problem, id);
    }

    /** Ends a call that went wrong inside: 500, or a broken answer if it has begun. */
    public void fail(Throwable cause) {
        refuse(ErrorCode.INTERNAL_ERROR);
    }
}
