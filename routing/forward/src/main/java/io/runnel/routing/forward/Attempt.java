package io.runnel.routing.forward;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.GatheredBody;
import io.runnel.exec.http.RunnelHeaders;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.streams.ReadStream;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** A call that is asked of one region. For its event loop. */
final class Attempt implements Waiter {
    private static final Logger LOG = System.getLogger(Attempt.class.getName());
    private static final long INTERNAL_ERROR = 2;
    private static final long REFUSED_STREAM = 7;
    private static final long CANCEL = 8;

    /** How far it is. */
    private enum Phase {
        /** It waits for a stream; nothing is sent. */
        OPENING,
        /** It is sent, or being sent; its answer has not begun. */
        SENT,
        /** Its answer has begun. */
        ANSWERED,
        /** Nothing that comes now matters. */
        OVER
    }

    private final Tries tries;
    private final Lane lane;
    private final Pass pass;
    private Phase phase = Phase.OPENING;
    private RegionConnection connection;
    private HttpClientRequest request;
    private UploadPump upload;
    private boolean streamed;
    private long sentNanos;

    Attempt(Tries tries, Lane lane) {
        this.tries = tries;
        this.lane = lane;
        this.pass = lane.pass(tries.call().tenant());
    }

    Lane lane() {
        return lane;
    }

    RegionConnection connection() {
        return connection;
    }

    void start() {
        if (pass.takePlace()) {
            lane.acquire(this);
        } else {
            notOpened(AttemptFailure.BUSY);
        }
    }

    @Override
    public boolean isOver() {
        return phase == Phase.OVER;
    }

    @Override
    public void notOpened(AttemptFailure failure) {
        phase = Phase.OVER;
        pass.end(failure);
        tries.failed(this, failure);
    }

    @Override
    public void opened(RegionConnection opened, HttpClientRequest stream) {
        if (isOver()) {
            stream.reset(CANCEL);
            lane.giveBack(opened);
            return;
        }
        connection = opened;
        request = stream;
        phase = Phase.SENT;
        tries.sending();
        sentNanos = lane.sent(this);
        if (tries.mayHedge()) {
            lane.mayBeLate(this);
        }
        stream.exceptionHandler(this::broke);
        stream.response().onComplete(this::answered, this::broke);
        try {
            if (tries.call().writeHead(stream) > opened.mostHeaderBytes()) {
                unsendable(ErrorCode.HEADERS_TOO_LARGE);
            } else {
                send(tries.call().body());
            }
        } catch (IllegalArgumentException e) {
            // HTTP/2 has no such name or value.
            unsendable(ErrorCode.BAD_REQUEST);
        }
    }

    /** The stream is not made then, which Vert.x never notices: it is not to be counted on. */
    private void unsendable(ErrorCode code) {
        connection.retire();
        cancel();
        tries.call().unsendable(code);
    }

    private void send(GatheredBody body) {
        ReadStream<Buffer> rest = body.rest().orElse(null);
        if (rest != null) {
            streamed = true;
            tries.call().bodyTouched();
            String length = tries.call().exchange().request().getHeader(HttpHeaders.CONTENT_LENGTH);
            if (length == null) {
                request.setChunked(true);
            } else {
                request.putHeader(HttpHeaders.CONTENT_LENGTH, length);
            }
            upload = new UploadPump(rest, request, connection, tries.call()::bodyFailed);
            upload.start(body.head());
        } else if (body.head().length() == 0) {
            request.end();
        } else {
            request.end(body.head());
        }
    }

    /** Whether its answer has not begun. */
    boolean waits() {
        return phase == Phase.SENT;
    }

    boolean wasSentBefore(long nanos) {
        return sentNanos - nanos <= 0;
    }

    long sentNanos() {
        return sentNanos;
    }

    /** Its answer is later than usual. */
    void late() {
        if (phase == Phase.SENT) {
            tries.late(this);
        }
    }

    private void answered(HttpClientResponse response) {
        if (phase != Phase.SENT) {
            return;
        }
        phase = Phase.ANSWERED;
        long tookNanos = lane.settled() - sentNanos;
        connection.heard();
        String load = response.getHeader(RunnelHeaders.LOAD);
        if (load != null) {
            lane.said(load);
        }
        if (response.headers().contains(RunnelHeaders.NOT_RUN)) {
            pass.learnedNothing();
        } else {
            pass.answered(unaccounted(response, tookNanos));
            lane.ran(tookNanos);
            if (!streamed) {
                lane.took(tookNanos);
            }
        }
        response.exceptionHandler(this::broke);
        tries.answered(this, response);
    }

    private long unaccounted(HttpClientResponse response, long tookNanos) {
        if (streamed || tookNanos < RegionBreaker.SLOW.toNanos()) {
            return 0;
        }
        return tookNanos - Accounted.nanos(response.headers().getAll(RunnelHeaders.SERVER_TIMING));
    }

    private void broke(Throwable cause) {
        if (isOver()) {
            return;
        }
        AttemptFailure failure = failure(cause);
        LOG.log(
                Level.DEBUG,
                () -> "call to region %s: %s".formatted(lane.region(), failure),
                cause);
        boolean regionsFault =
                !(cause instanceof StreamResetException reset) || reset.getCode() == INTERNAL_ERROR;
        if (phase == Phase.SENT && regionsFault) {
            pass.broke(failure);
        }
        cancel();
        tries.failed(this, failure);
    }

    private AttemptFailure failure(Throwable cause) {
        if (cause instanceof StreamResetException reset && reset.getCode() == REFUSED_STREAM) {
            return AttemptFailure.NOT_TAKEN;
        }
        if (cause instanceof HttpClosedException && connection.leftOut(request.streamId())) {
            return AttemptFailure.NOT_TAKEN;
        }
        return AttemptFailure.BROKEN;
    }

    /** The region went down: a call that another may run as well does not wait for it. */
    void regionDown() {
        if (phase == Phase.SENT && tries.mayMove(AttemptFailure.SILENT)) {
            fallSilent();
        }
    }

    /** The connection seems dead: what another region would take now does not wait. */
    void suspected(RegionConnection which) {
        if (which == connection
                && phase == Phase.SENT
                && tries.mayMove(AttemptFailure.SILENT)
                && tries.hasReady()) {
            fallSilent();
        }
    }

    /** The connection is dead, and with it whatever it carried. */
    void dead(RegionConnection which) {
        if (which == connection && !isOver()) {
            fallSilent();
        }
    }

    private void fallSilent() {
        pass.broke(AttemptFailure.SILENT);
        cancel();
        tries.failed(this, AttemptFailure.SILENT);
    }

    /** The deadline passed without its answer. */
    void fail() {
        if (phase == Phase.SENT && !streamed) {
            pass.broke(AttemptFailure.TOO_LATE);
        }
        cancel();
    }

    /** The answer has come whole. */
    void done() {
        if (upload != null && !upload.isDone()) {
            cancel();
        } else if (!isOver()) {
            phase = Phase.OVER;
            end();
        }
    }

    /** Gives it up, and tells the region. */
    void cancel() {
        if (isOver()) {
            return;
        }
        Phase was = phase;
        phase = Phase.OVER;
        if (was == Phase.OPENING) {
            pass.learnedNothing();
            pass.leave();
            return;
        }
        if (was == Phase.SENT) {
            lane.settled();
        }
        if (upload != null) {
            upload.stop();
        }
        request.reset(CANCEL);
        end();
    }

    private void end() {
        pass.learnedNothing();
        pass.leave();
        lane.release(this, connection);
    }
}
