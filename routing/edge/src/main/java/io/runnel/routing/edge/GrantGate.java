package io.runnel.routing.edge;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Problem;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Caller;
import io.runnel.routing.catalog.CallRate;
import io.runnel.routing.catalog.GrantRecord;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Lets calls pass as fast as the grants say that they are made by: for each account that calls by a
 * grant by itself. Each node counts what users call it for; what another node of ours sends on was
 * counted there. For any event loop; never blocks.
 */
final class GrantGate implements Consumer<EdgeCall> {
    /** From then on those are forgotten, now and then, of which nothing is used. */
    private static final int MANY = 10_000;

    private final LongSupplier nanoClock;
    private final Consumer<EdgeCall> next;
    private final Map<Holder, RateUse> uses = new ConcurrentHashMap<>();
    private volatile int forgetAt = MANY;

    /** Who calls by which grant. */
    private record Holder(String grant, AccountId caller) {}

    /**
     * A gate before a node's calls.
     *
     * @param next takes the calls that may pass
     */
    public GrantGate(LongSupplier nanoClock, Consumer<EdgeCall> next) {
        this.nanoClock = nanoClock;
        this.next = next;
    }

    @Override
    public void accept(EdgeCall call) {
        Optional<CallRate> rate =
                call.counts()
                        ? call.grant().flatMap(grant -> grant.terms().rate())
                        : Optional.empty();
        if (rate.isPresent() && call.caller() instanceof Caller.Keyed caller) {
            accept(
                    call,
                    new Holder(call.grant().map(GrantRecord::key).orElse(""), caller.account()),
                    rate.get());
        } else {
            next.accept(call);
        }
    }

    private void accept(EdgeCall call, Holder holder, CallRate rate) {
        long nowNanos = nanoClock.getAsLong();
        if (uses.size() >= forgetAt) {
            uses.values().removeIf(use -> use.isIdle(nowNanos));
            forgetAt = Math.max(MANY, 2 * uses.size());
        }
        RateUse use = uses.computeIfAbsent(holder, none -> new RateUse(nowNanos));
        use.tryBegin(rate, nowNanos)
                .ifPresentOrElse(after -> refuse(call, rate, after), () -> next.accept(call));
    }

    private static void refuse(EdgeCall call, CallRate rate, Duration after) {
        Problem problem =
                Problem.of(ErrorCode.RATE_LIMITED)
                        .withDetail("Your grant allows %s.".formatted(QuotaUse.sentence(rate)))
                        .withRetryAfter(QuotaGate.seconds(after));
        call.turnAway(problem);
    }
}
