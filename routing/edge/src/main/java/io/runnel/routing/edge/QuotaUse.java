package io.runnel.routing.edge;

import io.runnel.routing.catalog.AccountQuota;
import io.runnel.routing.catalog.CallRate;

import java.time.Duration;
import java.util.Optional;

/**
 * What an account uses of its quota at one node: calls under way, and its rate. Safe for any
 * thread.
 */
final class QuotaUse {
    private final RateUse rate;
    private int underWay;

    /**
     * Nothing yet.
     *
     * @param nowNanos on the clock of {@link #tryEnter}
     */
    QuotaUse(long nowNanos) {
        this.rate = new RateUse(nowNanos);
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
        Optional<CallRate> most = quota.rate();
        Optional<Duration> early = most.flatMap(limit -> rate.tryBegin(limit, nowNanos));
        if (early.isEmpty()) {
            underWay++;
        }
        return early.map(after -> tooFast(most.orElseThrow(), after));
    }

    private static Excess atOnce(AccountQuota quota) {
        String sentence =
                "which is %d calls under way at once at each node"
                        .formatted(quota.concurrent().getAsInt());
        return new Excess(sentence, Optional.empty());
    }

    private static Excess tooFast(CallRate most, Duration after) {
        return new Excess("which is " + sentence(most), Optional.of(after));
    }

    /** As callers are told. */
    static String sentence(CallRate most) {
        return "%d calls a second at each node, and %d at once after a pause"
                .formatted(most.perSecond(), most.burst());
    }

    /** A call that was let in has ended. */
    synchronized void leave() {
        underWay--;
    }
}
