package io.runnel.exec.http;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.MoveId;
import io.runnel.exec.task.RequestId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * One request and its answer, with what every node does to both: the request's id, refusals, what
 * happens when the client goes away, and a connection that stays sane whatever is left of the body.
 * For its event loop only, but for {@link #onLoop}.
 *
 * <p>The response's {@code endHandler} belongs to this class: use {@link #whenGone} and {@link
 * #whenFinished}.
 */
public final class Exchange {
    /** Where the answer stands. */
    private enum State {
        /** It is still to come, or comes. */
        OPEN,
        /** It was handed over as a whole. */
        ANSWERED,
        /** The client went, or the answer was broken off. */
        GONE
    }

    /** What becomes of an HTTP/1 connection after the answer. */
    enum Afterwards {
        /** It serves the next request. */
        GO_ON,
        /** It is closed, once the client had time to read the answer. */
        LINGER,
        /** It is closed at once: nobody knows what its next bytes mean. */
        CLOSE
    }

    /** Smaller bodies are let through: the number of requests at once bounds them. */
    private static final int SMALL_BYTES = 64 * 1024;

    /** HTTP/2's INTERNAL_ERROR. */
    private static final long INTERNAL_ERROR = 2;

    private final LoopShell shell;
    private final HttpServerRequest request;
    private final long arrivedNanos;
    private final boolean aside;
    private HttpServerResponse response;
    private RequestId id;
    private Optional<MoveId> resumed = Optional.empty();
    private ErrorShape shape = ErrorShape.PROBLEM;
    private Optional<ProblemCode> refusal = Optional.empty();
    private State state = State.OPEN;
    private Optional<Runnable> gone = Optional.empty();
    private Optional<Runnable> finished = Optional.empty();
    private Optional<GatheredBody> whole = Optional.empty();
    private long bodyBytes;
    private Afterwards afterwards = Afterwards.GO_ON;

    Exchange(LoopShell shell, HttpServerRequest request, RequestId id, long arrivedNanos) {
        this(shell, request, request.response(), id, arrivedNanos, false);
    }

    private Exchange(
            LoopShell shell,
            HttpServerRequest request,
            HttpServerResponse response,
            RequestId id,
            long arrivedNanos,
            boolean aside) {
        this.shell = shell;
        this.request = request;
        this.response = response;
        this.id = id;
        this.arrivedNanos = arrivedNanos;
        this.aside = aside;
    }

    /**
     * The same request once more, under an id of its own: answered into this response, which is not
     * the client's. For requests without a body only; the client may have its own answer before or
     * after.
     */
    public Exchange aside(QuietResponse answer) {
        Exchange other =
                new Exchange(
                        shell, request, answer, shell.shared().ids().next(), shell.now(), true);
        answer.headers().set(RunnelHeaders.REQUEST_ID, other.id.value());
        answer.endHandler(other::closed);
        shell.begun(other);
        return other;
    }

    /** From now on the answer goes through this one, which hands it on or not. */
    public void answerThrough(UnaryOperator<HttpServerResponse> by) {
        response = by.apply(response);
    }

    /** The request. */
    public HttpServerRequest request() {
        return request;
    }

    /** The answer; {@code Runnel-Request-Id} stands on it already. */
    public HttpServerResponse response() {
        return response;
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
        response().headers().set(RunnelHeaders.REQUEST_ID, other.value());
    }

    /** Another node of ours wants the answer of a call that was moved here. */
    public void resume(MoveId move) {
        this.resumed = Optional.of(move);
    }

    /** By which move its call came here, if it was moved while it ran. */
    public Optional<MoveId> resumed() {
        return resumed;
    }

    /** How failures are told from now on. */
    public void shape(ErrorShape other) {
        this.shape = other;
    }

    /** How failures are told. */
    public ErrorShape shape() {
        return shape;
    }

    /** What the answer says has failed; empty if it says no such thing, or nothing yet. */
    public Optional<ProblemCode> refusal() {
        return refusal;
    }

    /** Whether the client went, or the answer was broken off, before it was whole. */
    public boolean isGone() {
        return state == State.GONE;
    }

    /** Whether the answer was handed over, or nobody waits for it any more. */
    public boolean isFinished() {
        return state != State.OPEN;
    }

    /** Does this if the client goes before the answer is whole; at once if it has gone. */
    public void whenGone(Runnable action) {
        switch (state) {
            case OPEN -> gone = then(gone, action);
            case GONE -> action.run();
            case ANSWERED -> {}
        }
    }

    /** Does this once the answer is whole or the client gone; at once if so already. */
    public void whenFinished(Runnable action) {
        if (isFinished()) {
            action.run();
        } else {
            finished = then(finished, action);
        }
    }

    private static Optional<Runnable> then(Optional<Runnable> first, Runnable second) {
        if (first.isEmpty()) {
            return Optional.of(second);
        }
        return Optional.of(
                () -> {
                    first.get().run();
                    second.run();
                });
    }

    /** Has the body wait for who will gather it, later than when the handler returns. */
    public void holdBody() {
        if (!request.isEnded() && !BodyGatherer.hasNone(request)) {
            request.pause();
        }
    }

    /**
     * Gathers the body, then goes on, maybe at once. Refuses what is too large, too slow or too
     * much for this node now, and does not go on then, nor when the client goes. To be called
     * before the handler that got the exchange returns, unless that has {@link #holdBody}: else
     * what comes later is lost.
     */
    public void gather(BodyLimits limits, Consumer<GatheredBody> then) {
        if (whole.isEmpty()) {
            BodyGatherer.gather(this, limits, then);
        } else if (whole.get().head().length() > limits.most().bytes()) {
            refuse(ErrorCode.PAYLOAD_TOO_LARGE);
        } else {
            then.accept(whole.get());
        }
    }

    /** Gathers all of the body, as {@link #gather}, which finds it again afterwards. */
    public void gatherWhole(ByteSize most, Consumer<GatheredBody> then) {
        BodyGatherer.gather(
                this,
                BodyLimits.whole(most),
                body -> {
                    whole = Optional.of(body);
                    then.accept(body);
                });
    }

    /** Has this for a body, in place of the request's own, which has none. */
    public void bring(Buffer body) {
        whole = Optional.of(new GatheredBody(body, Optional.empty()));
    }

    /**
     * Ends the answer, whose head is set, by a body that is in memory as a whole: who reads a large
     * one too slowly loses the connection.
     */
    public void end(Buffer body) {
        boolean large = body.length() > SMALL_BYTES;
        if (large && !bodies().tryTake(body.length())) {
            refuse(ErrorCode.OVER_CAPACITY);
            return;
        }
        Future<Void> sent = response().end(body);
        if (large) {
            SlowReader.watch(this, body.length(), sent);
        }
    }

    /** Whether the request has no body, for sure: in HTTP/2 that may be known later only. */
    public boolean hasNoBody() {
        return request.isEnded() || BodyGatherer.hasNone(request);
    }

    /** Answers that the call failed; does nothing if nobody waits; breaks off what has begun. */
    public void refuse(ProblemCode code) {
        refuse(Problem.of(code));
    }

    /** Answers that the call failed; does nothing if nobody waits; breaks off what has begun. */
    public void refuse(Problem problem) {
        if (isFinished()) {
            return;
        }
        if (response().headWritten()) {
            breakOff();
            return;
        }
        refusal = Optional.of(problem.code());
        shell.shared().refusals().count(problem.code());
        if (Leftover.isTooMuch(request)) {
            closeAfterAnswer();
        }
        switch (shape) {
            case PROBLEM -> Problems.send(response(), problem, id);
            case LAMBDA -> LambdaErrors.send(response(), problem, id);
        }
    }

    /** As {@link #refuse}, for a request after which the connection is of no use. */
    void refuseAndClose(ErrorCode code) {
        announceClose();
        afterwards = Afterwards.CLOSE;
        refuse(code);
    }

    /** Ends the connection some time after the answer, whose head says so. */
    void closeAfterAnswer() {
        announceClose();
        if (afterwards == Afterwards.GO_ON) {
            afterwards = Afterwards.LINGER;
        }
    }

    private void announceClose() {
        if (request.version() != HttpVersion.HTTP_2 && !response().headWritten()) {
            response().headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }

    /** Ends an answer so that the client sees it is not whole; does nothing if it is. */
    public void breakOff() {
        if (isFinished()) {
            return;
        }
        if (aside || request.version() == HttpVersion.HTTP_2) {
            response().reset(INTERNAL_ERROR);
        } else {
            closeConnection();
        }
    }

    /** Ends a call that went wrong inside: 500, or a broken answer if it has begun. */
    public void fail(Throwable cause) {
        LoopShell.logFailure(this, cause);
        refuse(ErrorCode.INTERNAL_ERROR);
    }

    /** Does this on the exchange's event loop, soon. What it throws fails the call. Any thread. */
    public void onLoop(Runnable action) {
        shell.context().runOnContext(v -> guarded(action));
    }

    /** Does this now; what it throws fails the call. */
    void guarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    /** Takes memory for a body until the call is over. */
    boolean takeMemory(long bytes) {
        boolean taken = shell.shared().bodies().tryTake(bytes);
        bodyBytes += taken ? bytes : 0;
        return taken;
    }

    Ticker ticker() {
        return shell.ticker();
    }

    AnswerHeads heads() {
        return shell.heads();
    }

    BodyBudget bodies() {
        return shell.shared().bodies();
    }

    long now() {
        return shell.now();
    }

    /** The client reads an answer that was handed over. */
    void isRead() {
        shell.stays(this);
    }

    HttpConnection connection() {
        return request.connection();
    }

    /** Ends the connection, also if its client reads nothing: {@link HardClose}. */
    void closeConnection() {
        if (aside) {
            response().reset(INTERNAL_ERROR);
        } else {
            HardClose.of(connection());
        }
    }

    Afterwards afterwards() {
        return afterwards;
    }

    /** The response's end, whichever way. */
    void closed(Void ignored) {
        if (isFinished()) {
            return;
        }
        boolean answered = aside ? response.ended() : request.response().ended();
        state = answered ? State.ANSWERED : State.GONE;
        shell.shared().bodies().giveBack(bodyBytes);
        shell.finished(this);
        switch (state) {
            case GONE -> gone.ifPresent(Runnable::run);
            case ANSWERED -> settle();
            case OPEN -> throw new IllegalStateException("it was just closed");
        }
        finished.ifPresent(Runnable::run);
    }

    private void settle() {
        if (!aside) {
            Leftover.settle(this);
        }
    }
}
