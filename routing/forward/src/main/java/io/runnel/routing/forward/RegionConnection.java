package io.runnel.routing.forward;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/**
 * One HTTP/2 connection to a region, of one event loop, for that loop only. It counts its streams
 * itself, so that no call ever waits in a queue that nobody sees.
 */
final class RegionConnection {
    private static final Logger LOG = System.getLogger(RegionConnection.class.getName());

    private static final byte[] PING = {'r', 'u', 'n', 'n', 'e', 'l', '.', '.'};

    /** What may be asked of it. */
    private enum State {
        /** Calls wait until it stands. */
        CONNECTING,
        /** Calls are sent at once. */
        OPEN,
        /** It takes no more calls, and is closed after the last one. */
        RETIRED
    }

    private final List<Waiter> waiters = new ArrayList<>();
    private State state = State.CONNECTING;
    private HttpClientConnection connection;
    private int most;
    private int streams;
    private long usedNanos;
    private int lastTaken = Integer.MAX_VALUE;
    private long mostHeaderBytes;
    private final Silence silence = new Silence();

    RegionConnection(int most, long nowNanos) {
        this.most = most;
        this.usedNanos = nowNanos;
    }

    boolean isRetired() {
        return state == State.RETIRED;
    }

    /** Whether nothing is left of it. */
    boolean isDone() {
        return isRetired() && streams == 0;
    }

    boolean isConnecting() {
        return state == State.CONNECTING;
    }

    boolean hasRoom() {
        return !isRetired() && streams < most;
    }

    boolean isIdleSince(long nanos) {
        return state == State.OPEN && streams == 0 && usedNanos - nanos < 0;
    }

    /** Gives this waiter a stream, now or when the connection stands. */
    void take(Waiter waiter) {
        streams++;
        if (isConnecting()) {
            waiters.add(waiter);
        } else {
            open(waiter);
        }
    }

    /** Gives a stream back. */
    void release(long nowNanos) {
        usedNanos = nowNanos;
        drop();
    }

    private void drop() {
        streams--;
        closeIfDone();
    }

    /** It stands. What waits beyond the peer's own limit has to look elsewhere. */
    void connected(HttpClientConnection made) {
        connection = made;
        if (isRetired()) {
            made.close();
            return;
        }
        state = State.OPEN;
        most = (int) Math.min(most, made.maxActiveStreams());
        mostHeaderBytes = made.remoteSettings().getMaxHeaderListSize();
        made.goAwayHandler(goAway -> goneAway(goAway.getLastStreamId()));
        made.closeHandler(closed -> retire());
        made.exceptionHandler(cause -> LOG.log(Level.DEBUG, "connection to a region", cause));
        List<Waiter> now = List.copyOf(waiters);
        waiters.clear();
        for (int i = 0; i < now.size(); i++) {
            if (i < most) {
                open(now.get(i));
            } else {
                fail(now.get(i), AttemptFailure.BUSY);
            }
        }
    }

    /** Kept here, for what Vert.x hands on with the streams' failure is freed by then. */
    private void goneAway(int lastStreamId) {
        lastTaken = lastStreamId;
        retire();
    }

    /** Whether the peer said that it took streams only up to one before this. */
    boolean leftOut(int streamId) {
        return streamId > lastTaken;
    }

    /** How large a head the peer takes, as RFC 9113 section 6.5.2 counts it. */
    long mostHeaderBytes() {
        return mostHeaderBytes;
    }

    private void open(Waiter waiter) {
        if (waiter.isOver()) {
            drop();
            return;
        }
        Future<HttpClientRequest> request = connection.request(HttpMethod.GET, "/");
        request.onComplete(
                opened -> waiter.opened(this, opened),
                cause -> fail(waiter, AttemptFailure.NOT_CONNECTED));
    }

    private void fail(Waiter waiter, AttemptFailure failure) {
        drop();
        if (!waiter.isOver()) {
            waiter.notOpened(failure);
        }
    }

    /** Something came by it. */
    void heard() {
        silence.heard();
    }

    /** What to think of it, if calls wait for something to come by it; asks the peer if need be. */
    Silence.Verdict watch(long nowNanos, long roundTripNanos) {
        if (connection == null || streams == 0) {
            silence.heard();
        }
        Silence.Verdict verdict = silence.watch(nowNanos, roundTripNanos);
        if (silence.shallAsk()) {
            connection.ping(Buffer.buffer(PING)).onSuccess(answered -> heard());
        }
        return verdict;
    }

    /** It is dead; nobody waits for its end. */
    void abandon() {
        retire(AttemptFailure.SILENT);
        connection.close();
    }

    /** Takes no more calls; whoever still waits for it to stand is told why. */
    void retire(AttemptFailure why) {
        state = State.RETIRED;
        List<Waiter> now = List.copyOf(waiters);
        waiters.clear();
        now.forEach(waiter -> fail(waiter, why));
        closeIfDone();
    }

    void retire() {
        retire(AttemptFailure.NOT_CONNECTED);
    }

    private void closeIfDone() {
        if (isRetired() && streams == 0 && connection != null) {
            connection.close();
        }
    }
}
