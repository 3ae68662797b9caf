package io.runnel.routing.forward;

import io.vertx.core.Vertx;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * Notices which of one lane's calls are late: later than 95 of 100 of its answers were lately. They
 * wait in the order in which they were sent, which is about that in which they become late, behind
 * one timer. For one event loop only.
 *
 * <p>After Dean and Barroso, "The Tail at Scale", Communications of the ACM 56 (2013), "hedged
 * requests".
 */
final class Hedger {
    private static final int MOST = 1_024;
    private static final int NANOS_PER_MILLI = 1_000_000;

    private final Vertx vertx;
    private final LongSupplier nanoClock;
    private final long leastNanos;
    private final AnswerTimes times = new AnswerTimes();
    private final Deque<Attempt> waiting = new ArrayDeque<>();
    private boolean armed;

    /** Nothing is late before {@code leastNanos} have passed. */
    Hedger(Vertx vertx, LongSupplier nanoClock, long leastNanos) {
        this.vertx = vertx;
        this.nanoClock = nanoClock;
        this.leastNanos = leastNanos;
    }

    void took(long nanos) {
        times.add(nanos);
    }

    /** It may be asked twice, and was sent just now. */
    void sent(Attempt attempt) {
        dropEnded();
        if (waiting.size() < MOST && times.lateNanos() != Long.MAX_VALUE) {
            waiting.add(attempt);
            arm();
        }
    }

    private void dropEnded() {
        while (!waiting.isEmpty() && !waiting.getFirst().waits()) {
            waiting.removeFirst();
        }
    }

    private long lateNanos() {
        return Math.max(leastNanos, times.lateNanos());
    }

    private void arm() {
        if (armed || waiting.isEmpty()) {
            return;
        }
        armed = true;
        long left = waiting.getFirst().sentNanos() + lateNanos() - nanoClock.getAsLong();
        vertx.setTimer(Math.max(1, left / NANOS_PER_MILLI + 1), due -> look());
    }

    private void look() {
        armed = false;
        dropEnded();
        long sentBefore = nanoClock.getAsLong() - lateNanos();
        while (!waiting.isEmpty() && waiting.getFirst().wasSentBefore(sentBefore)) {
            waiting.removeFirst().late();
            dropEnded();
        }
        arm();
    }
}
