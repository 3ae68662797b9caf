package io.runnel.routing.forward;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.GatheredBody;
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

    private final ForwardedCall call;
    private final Lane lane;
    private Phase phase = Phase.OPENING;
    private RegionConnection connection;
    private HttpClientRequest request;
    private UploadPump upload;

    Attempt(ForwardedCall call, Lane lane) {
        this.call = call;
        this.lane = lane;
    }

    Lane lane() {
        return lane;
    }

    void start() {
        if (lane.isDown()) {
            notOpened(AttemptFailure.DOWN);
        } else {
            lane.acquire(this);
        }
    }

    @Override
    public boolean isOver() {
        return phase == Phase.OVER;
    }

    @Override
    public void notOpened(AttemptFailure failure) {
        phase = Phase.OVER;
        call.failed(this, failure);
    }

    @Override
    public void opened(RegionConnection opened, HttpClientRequest stream) {
        connection = opened;
        request = stream;
        phase = Phase.SENT;
        lane.sent(this);
        stream.exceptionHandler(this::broke);
        stream.response().onComplete(this::answered, this::broke);
        try {
            if (call.writeHead(stream) > opened.mostHeaderBytes()) {
                unsendable(ErrorCode.HEADERS_TOO_LARGE);
            } else {
                send(call.body());
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
        call.unsendable(code);
    }

    private void send(GatheredBody body) {
        ReadStream<Buffer> rest = body.rest().orElse(null);
        if (rest != null) {
            call.bodyTouched();
            String length = call.exchange().request().getHeader(HttpHeaders.CONTENT_LENGTH);
            if (length == null) {
                request.setChunked(true);
            } else {
                request.putHeader(HttpHeaders.CONTENT_LENGTH, length);
            }
            upload = new UploadPump(rest, request, call::bodyFailed);
            upload.start(body.head());
        } else if (body.head().length() == 0) {
            request.end();
        } else {
            request.end(body.head());
        }
    }

    private void answered(HttpClientResponse response) {
        if (phase != Phase.SENT) {
            return;
        }
        lane.settled(this);
        phase = Phase.ANSWERED;
        response.exceptionHandler(this::broke);
        call.answered(this, response);
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
        cancel();
        call.failed(this, failure);
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
        if (phase == Phase.SENT && call.mayMove(AttemptFailure.SILENT)) {
            cancel();
            call.failed(this, AttemptFailure.SILENT);
        }
    }

    /** The answer has come whole. */
    void done() {
        if (upload != null && !upload.isDone()) {
            cancel();
        } else if (!isOver()) {
            phase = Phase.OVER;
            lane.release(connection);
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
            return;
        }
        lane.settled(this);
        if (upload != null) {
            upload.stop();
        }
        request.reset(CANCEL);
        lane.release(connection);
    }
}
