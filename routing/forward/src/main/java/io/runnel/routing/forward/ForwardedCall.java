package io.runnel.routing.forward;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.GatheredBody;
import io.runnel.exec.http.PayloadTooLargeException;
import io.runnel.exec.http.RunnelHeaders;
import io.runnel.exec.http.Ticker;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.MovedTo;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;

import java.util.List;
import java.util.Optional;

/**
 * One call on its way through the regions, from the first one asked to its end: what its client
 * sees of it. {@link Tries} knows which regions are asked. For its event loop.
 */
final class ForwardedCall implements Ticker.Tickable {
    private static final int NANOS_PER_MILLI = 1_000_000;

    private final LoopLanes lanes;
    private final Exchange exchange;
    private final GatheredBody body;
    private final ForwardCall call;
    private final Tries tries;
    private final long startedNanos;
    private final Promise<ForwardResult> result = Promise.promise();

    private Optional<Answer> answer = Optional.empty();
    private boolean bodyTouched;
    private boolean over;
    private long lastNanos;

    ForwardedCall(LoopLanes lanes, Exchange exchange, GatheredBody body, ForwardCall call) {
        this.lanes = lanes;
        this.exchange = exchange;
        this.body = body;
        this.call = call;
        this.tries = new Tries(this, lanes, call);
        this.startedNanos = lanes.nanoTime();
    }

    Future<ForwardResult> start() {
        List<String> marks = exchange.request().headers().getAll(RunnelHeaders.CDN_LOOP);
        if (!marks.isEmpty() && CdnLoop.isClosed(marks, lanes.settings().node())) {
            refuse(ErrorCode.LOOP_DETECTED);
        } else if (leftMillis(startedNanos) <= 0) {
            refuse(ErrorCode.TASK_TIMEOUT);
        } else {
            lastNanos = call.deadlineNanos() + lanes.settings().grace().toNanos();
            lanes.ticker().add(this);
            exchange.whenGone(this::clientGone);
            tries.next();
        }
        return result.future();
    }

    private long leftMillis(long nowNanos) {
        return (call.deadlineNanos() - nowNanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
    }

    Exchange exchange() {
        return exchange;
    }

    GatheredBody body() {
        return body;
    }

    AccountId tenant() {
        return call.tenant();
    }

    long deadlineNanos() {
        return call.deadlineNanos();
    }

    boolean hasOtherWay() {
        return call.otherWay().getAsBoolean();
    }

    boolean isOver() {
        return over;
    }

    boolean isBodyTouched() {
        return bodyTouched;
    }

    long writeHead(HttpClientRequest request) {
        return lanes.head()
                .write(
                        exchange,
                        request,
                        leftMillis(lanes.nanoTime()),
                        tries.resumes().map(MovedTo::id));
    }

    /** From now on the body is no longer held whole. */
    void bodyTouched() {
        bodyTouched = true;
    }

    /** No region is left to be asked. */
    void unreached() {
        finish(new ForwardResult.Unreached(tries.failed()));
    }

    /** A region may have run it, and it is not to be run twice. */
    void failedFor(AttemptFailure failure) {
        refuse(
                failure == AttemptFailure.TOO_LATE
                        ? ErrorCode.TASK_TIMEOUT
                        : ErrorCode.REGION_UNREACHABLE);
    }

    /** What the client sent cannot be sent on, to nobody. */
    void unsendable(ErrorCode code) {
        refuse(code);
    }

    /** What was left of the body did not come. */
    void bodyFailed(Throwable cause) {
        if (over) {
            return;
        }
        if (answer.isPresent()) {
            RegionId region = answer.get().region();
            breakOff(region, AttemptFailure.BROKEN);
        } else {
            refuse(
                    cause instanceof PayloadTooLargeException
                            ? ErrorCode.PAYLOAD_TOO_LARGE
                            : ErrorCode.BAD_REQUEST);
        }
    }

    /** This answer is the one: begins to hand it over. */
    void begin(Attempt which, HttpClientResponse response) {
        var begun = new Answer(which, response, lanes.nanoTime() - startedNanos);
        answer = Optional.of(begun);
        begun.writeHead(exchange.response(), call);
        begun.pump(exchange, lanes.vertx(), this::answerEnded);
    }

    private void answerEnded() {
        tries.done();
        answer.ifPresent(done -> finish(done.result(tries.failed())));
    }

    @Override
    public void tick() {
        long now = lanes.nanoTime();
        tries.tick(now);
        if (!over && now - lastNanos >= 0) {
            tooLate();
        }
    }

    private void tooLate() {
        if (answer.isPresent()) {
            breakOff(answer.get().region(), AttemptFailure.TOO_LATE);
        } else {
            tries.tooLate();
            refuse(ErrorCode.TASK_TIMEOUT);
        }
    }

    private void clientGone() {
        if (!over) {
            answer.ifPresent(Answer::stop);
            finish(new ForwardResult.ClientGone(tries.failed()));
        }
    }

    /** The client has to see that the answer is not whole. */
    void breakOff(RegionId region, AttemptFailure failure) {
        answer.ifPresent(Answer::stop);
        finish(new ForwardResult.Broken(region, failure, tries.failed()));
        exchange.breakOff();
    }

    private void refuse(ErrorCode code) {
        List<FailedAttempt> all = tries.failed();
        finish(new ForwardResult.Refused(code, all));
        refuse(exchange, call, code, all, lanes.settings().node());
    }

    static void refuse(
            Exchange exchange,
            ForwardCall call,
            ErrorCode code,
            List<FailedAttempt> failed,
            NodeName node) {
        if (exchange.isFinished()) {
            return;
        }
        MultiMap headers = exchange.response().headers();
        call.headers().accept(headers);
        if (!failed.isEmpty()) {
            headers.set(RunnelHeaders.PROXY_STATUS, failed.getLast().proxyStatus(node));
        }
        exchange.refuse(code);
    }

    /** The one result, whatever comes after it. */
    private void finish(ForwardResult how) {
        if (over) {
            return;
        }
        over = true;
        lanes.ticker().remove(this);
        tries.end();
        result.complete(how);
    }
}
