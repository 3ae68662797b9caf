package io.runnel.routing.forward;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many calls a region had from here on average, of those that it ran: the time that they took
 * together, by the time that passed. Safe for any thread.
 *
 * <p>Source: Little's law (1961).
 */
final class MeanCalls {
    /** How long a mean is of, at least. */
    static final Duration SPAN = Duration.ofMillis(500);

    private final LongAdder tookNanos = new LongAdder();

    // Guarded by this.
    private long sinceNanos;
    private long sumNanos;
    private double mean;

    MeanCalls(long nowNanos) {
        this.sinceNanos = nowNanos;
    }

    /** A call that it ran was answered after so long. */
    void took(long nanos) {
        tookNanos.add(nanos);
    }

    /** Their number from when this was asked last, or the time before if that was just now. */
    synchronized int lately(long nowNanos) {
        long passedNanos = nowNanos - sinceNanos;
        if (passedNanos >= SPAN.toNanos()) {
            long sum = tookNanos.sum();
            mean = (double) (sum - sumNanos) / passedNanos;
            sinceNanos = nowNanos;
            sumNanos = sum;
        }
        return (int) Math.round(mean);
    }
}
