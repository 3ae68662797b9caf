package io.runnel.routing.edge;

import io.runnel.routing.catalog.AccountQuota;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What an account uses of its quota at one node: calls under way, and when the next one would come
 * if all had come evenly.
 *
 * <p>Source: the generic cell rate algorithm (ITU-T I.371), which is a token bucket that keeps one
 * time instead of tokens. Safe for any thread.
 */
final class QuotaUse {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private int underWay;
    private long dueNanos;

    /**
     * Nothing yet.
     *
     * @param nowNanos on the clock of {@link #tryEnter}
     */
    QuotaUse(long nowNanos) {
        this.dueNanos = nowNanos;
    }

    /**
     * Why a call may not begin.
     *
     * @param after from when on one may; empty: when one ends
     */
    record Excess(String sentence, Optional<Duration> after) {}

    /** Begins a call, which {@link #leave} ends, or says why it may not. */
    synchronized Optional<Excess> tryEnter(AccountQuota quota, long nowNanos) {
        if (quota.concurrent().isPresent() && underWay >= quota.concurrent().getAsInt()) {
            return Optional.of(atOnce(quota));
        }
        if (quota.perSecond().isPresent()) {
            long everyNanos = SECOND / quota.perSecond().getAsInt();
            // What was saved up under another quota is not worth more than this one lets begin.
            long due = dueNanos - nowNanos > 0 ? dueNanos : nowNanos;
            long earlyNanos = due - nowNanos - (quota.mostAtOnce() - 1) * everyNanos;
            if (earlyNanos > 0) {
                return Optional.of(tooFast(quota, Duration.ofNanos(earlyNanos)));
            }
            dueNanos = due + everyNanos;
        }
        underWay++;
        return Optional.empty();
    }

    private static Excess atOnce(AccountQuota quota) {
        String sentence =
                "which is %d calls under way at once at each node"
                        .formatted(quota.concurrent().getAsInt());
        return new Excess(sentence, Optional.empty());
    }

    private static Excess tooFast(AccountQuota quota, Duration after) {
        String sentence =
                "which is %d calls a second at each node, and %d at once after a pause"
                        .formatted(quota.perSecond().getAsInt(), quota.mostAtOnce());
        return new Excess(sentence, Optional.of(after));
    }

    /** A call that was let in has ended. */
    synchronized void leave() {
        underWay--;
    }
}
