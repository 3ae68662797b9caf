package io.runnel.routing.edge;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Problem;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Caller;
import io.runnel.routing.catalog.CallRate;
import io.runnel.routing.catalog.GrantRecord;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Lets calls pass as fast as the grants say that they are made by: for each account that calls by a
 * grant by itself. Each node counts what users call it for; what another node of ours sends on was
 * counted there. For any event loop; never blocks.
 */
final class GrantGate implements Consumer<EdgeCall> {
    private final RateUses<Holder> uses;
    private final Consumer<EdgeCall> next;

    /** Who calls by which grant. */
    private record Holder(String grant, AccountId caller) {}

    /**
     * A gate before a node's calls.
     *
     * @param next takes the calls that may pass
     */
    public GrantGate(LongSupplier nanoClock, Consumer<EdgeCall> next) {
        this.uses = new RateUses<>(nanoClock);
        this.next = next;
    }

    @Override
    public void accept(EdgeCall call) {
        if (!call.counts()) {
            next.accept(call);
            return;
        }
        Optional<GrantRecord> grant = limited(call.grant());
        if (grant.isPresent() && call.caller() instanceof Caller.Keyed caller) {
            accept(call, grant.get(), caller.account(), this::acceptMember);
        } else {
            acceptMember(call);
        }
    }

    private static Optional<GrantRecord> limited(Optional<GrantRecord> grant) {
        return grant.filter(it -> it.terms().rate().isPresent());
    }

    /** By what an API's owner may call a task, all calls by its APIs come together. */
    private void acceptMember(EdgeCall call) {
        Optional<GrantRecord> grant = limited(call.api().flatMap(ApiCall::member));
        if (grant.isPresent()) {
            accept(call, grant.get(), call.api().get().name().account(), next);
        } else {
            next.accept(call);
        }
    }

    private void accept(EdgeCall call, GrantRecord grant, AccountId who, Consumer<EdgeCall> then) {
        Holder holder = new Holder(grant.key(), who);
        CallRate rate = grant.terms().rate().orElseThrow();
        uses.tryBegin(holder, rate)
                .ifPresentOrElse(after -> refuse(call, rate, after), () -> then.accept(call));
    }

    private static void refuse(EdgeCall call, CallRate rate, Duration after) {
        Problem problem =
                Problem.of(ErrorCode.RATE_LIMITED)
                        .withDetail("Your grant allows %s.".formatted(QuotaUse.sentence(rate)))
                        .withRetryAfter(QuotaGate.seconds(after));
        call.turnAway(problem);
    }
}
