package io.runnel.routing.forward;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.GatheredBody;
import io.runnel.exec.http.PayloadTooLargeException;
import io.runnel.exec.http.RunnelHeaders;
import io.runnel.exec.http.Ticker;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * One call on its way through the regions, from the first one asked to its end. For its event loop.
 *
 * <p>It moves on to the next region only if that does no harm: if the region before cannot have run
 * it, or if running it twice is as good as once (RFC 9110 section 9.2.2, or an {@code
 * Idempotency-Key}); and only while the whole body is still held and no answer has begun.
 */
final class ForwardedCall implements Ticker.Tickable {
    private static final int NANOS_PER_MILLI = 1_000_000;

    private final LoopLanes lanes;
    private final Exchange exchange;
    private final GatheredBody body;
    private final ForwardCall call;
    private final Iterator<RegionId> candidates;
    private final long startedNanos;
    private final List<FailedAttempt> failed = new ArrayList<>(0);
    private final Promise<ForwardResult> result = Promise.promise();

    private Attempt attempt;
    private Optional<Answer> answer = Optional.empty();
    private boolean bodyTouched;
    private boolean over;
    private long lastNanos;

    ForwardedCall(LoopLanes lanes, Exchange exchange, GatheredBody body, ForwardCall call) {
        this.lanes = lanes;
        this.exchange = exchange;
        this.body = body;
        this.call = call;
        this.candidates = call.candidates().iterator();
        this.startedNanos = lanes.nanoTime();
    }

    Future<ForwardResult> start() {
        List<String> marks = exchange.request().headers().getAll(RunnelHeaders.CDN_LOOP);
        if (!marks.isEmpty() && CdnLoop.isClosed(marks, lanes.settings().pop())) {
            refuse(ErrorCode.LOOP_DETECTED);
        } else if (leftMillis() <= 0) {
            refuse(ErrorCode.TASK_TIMEOUT);
        } else {
            lastNanos = call.deadlineNanos() + lanes.settings().grace().toNanos();
            lanes.ticker().add(this);
            exchange.whenGone(this::clientGone);
            next();
        }
        return result.future();
    }

    private long leftMillis() {
        long nanos = call.deadlineNanos() - lanes.nanoTime();
        return (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
    }

    private void next() {
        if (over) {
            return;
        }
        if (candidates.hasNext()) {
            attempt = new Attempt(this, lanes.lane(candidates.next()));
            attempt.start();
        } else {
            finish(new ForwardResult.Unreached(List.copyOf(failed)));
        }
    }

    Exchange exchange() {
        return exchange;
    }

    GatheredBody body() {
        return body;
    }

    long writeHead(HttpClientRequest request) {
        return lanes.head().write(exchange, request, leftMillis());
    }

    /** From now on the body is no longer held whole. */
    void bodyTouched() {
        bodyTouched = true;
    }

    /** Whether another region may be asked after this. */
    boolean mayMove(AttemptFailure failure) {
        boolean harmless = !failure.mayHaveRun() || Idempotency.of(exchange.request());
        return harmless && !bodyTouched && answer.isEmpty();
    }

    /** The attempt came to nothing, before or while it was answered. */
    void failed(Attempt which, AttemptFailure failure) {
        if (over || which != attempt) {
            return;
        }
        RegionId region = which.lane().region();
        if (answer.isPresent()) {
            breakOff(failure);
            return;
        }
        failed.add(new FailedAttempt(region, failure));
        if (mayMove(failure)) {
            next();
        } else {
            refuse(ErrorCode.REGION_UNREACHABLE);
        }
    }

    /** What the client sent cannot be sent on, to nobody. */
    void unsendable(ErrorCode code) {
        refuse(code);
    }

    /** What was left of the body did not come. */
    void bodyFailed(Throwable cause) {
        attempt.cancel();
        if (answer.isPresent()) {
            breakOff(AttemptFailure.BROKEN);
        } else {
            refuse(
                    cause instanceof PayloadTooLargeException
                            ? ErrorCode.PAYLOAD_TOO_LARGE
                            : ErrorCode.BAD_REQUEST);
        }
    }

    /** A region begins to answer. */
    void answered(Attempt which, HttpClientResponse response) {
        boolean notRun = response.headers().contains(RunnelHeaders.NOT_RUN);
        if (notRun && candidates.hasNext() && mayMove(AttemptFailure.NOT_RUN)) {
            which.cancel();
            failed(which, AttemptFailure.NOT_RUN);
            return;
        }
        var begun = new Answer(which, response, lanes.nanoTime() - startedNanos);
        answer = Optional.of(begun);
        begun.writeHead(exchange.response(), call);
        begun.pump(exchange, lanes.vertx(), this::answerEnded);
    }

    private void answerEnded() {
        attempt.done();
        answer.ifPresent(done -> finish(done.result(List.copyOf(failed))));
    }

    @Override
    public void tick() {
        if (!over && lanes.nanoTime() - lastNanos >= 0) {
            tooLate();
        }
    }

    private void tooLate() {
        attempt.cancel();
        if (answer.isPresent()) {
            breakOff(AttemptFailure.TOO_LATE);
        } else {
            failed.add(new FailedAttempt(attempt.lane().region(), AttemptFailure.TOO_LATE));
            refuse(ErrorCode.TASK_TIMEOUT);
        }
    }

    private void clientGone() {
        if (!over) {
            attempt.cancel();
            answer.ifPresent(Answer::stop);
            finish(new ForwardResult.ClientGone(List.copyOf(failed)));
        }
    }

    /** The client has to see that the answer is not whole. */
    private void breakOff(AttemptFailure failure) {
        answer.ifPresent(Answer::stop);
        RegionId region = attempt.lane().region();
        finish(new ForwardResult.Broken(region, failure, List.copyOf(failed)));
        exchange.breakOff();
    }

    private void refuse(ErrorCode code) {
        List<FailedAttempt> all = List.copyOf(failed);
        finish(new ForwardResult.Refused(code, all));
        refuse(exchange, call, code, all, lanes.settings().pop());
    }

    static void refuse(
            Exchange exchange,
            ForwardCall call,
            ErrorCode code,
            List<FailedAttempt> failed,
            PopId pop) {
        if (exchange.isFinished()) {
            return;
        }
        MultiMap headers = exchange.response().headers();
        call.headers().accept(headers);
        if (!failed.isEmpty()) {
            headers.set(RunnelHeaders.PROXY_STATUS, failed.getLast().proxyStatus(pop));
        }
        exchange.refuse(code);
    }

    private void finish(ForwardResult how) {
        over = true;
        lanes.ticker().remove(this);
        result.complete(how);
    }
}
