package io.runnel.routing.edge;

import io.runnel.routing.catalog.CallRate;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What is used of a rate at one node: when the next call would come if all had come evenly.
 *
 * <p>Source: the generic cell rate algorithm (ITU-T I.371), which is a token bucket that keeps one
 * time instead of tokens. Safe for any thread.
 */
final class RateUse {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private long dueNanos;

    /**
     * Nothing yet.
     *
     * @param nowNanos on the clock of {@link #tryBegin}
     */
    RateUse(long nowNanos) {
        this.dueNanos = nowNanos;
    }

    /** Begins a call, or says after what time one may begin. */
    synchronized Optional<Duration> tryBegin(CallRate rate, long nowNanos) {
        long everyNanos = SECOND / rate.perSecond();
        // What was saved up under another rate is not worth more than this one lets begin.
        long due = dueNanos - nowNanos > 0 ? dueNanos : nowNanos;
        long earlyNanos = due - nowNanos - (rate.burst() - 1) * everyNanos;
        if (earlyNanos > 0) {
            return Optional.of(Duration.ofNanos(earlyNanos));
        }
        dueNanos = due + everyNanos;
        return Optional.empty();
    }

    /** Whether it is as one of which nothing was ever used. */
    synchronized boolean isIdle(long nowNanos) {
        return dueNanos - nowNanos <= 0;
    }
}
