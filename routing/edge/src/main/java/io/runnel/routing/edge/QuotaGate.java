package io.runnel.routing.edge;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Problem;
import io.runnel.exec.isolate.Tenants;
import io.runnel.exec.task.AccountId;
import io.runnel.routing.catalog.AccountQuota;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.CatalogHolder;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Lets calls pass as long as who pays for them has not used up the quota of its account. Each node
 * counts what users call it for; what another node of ours sends on was counted there. For any
 * event loop; never blocks.
 */
final class QuotaGate implements Consumer<EdgeCall> {
    private final CatalogHolder catalog;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private final Consumer<EdgeCall> next;

    /** Of accounts that have, or had, a quota: there are no more of those than accounts. */
    private final Map<AccountId, QuotaUse> uses = new ConcurrentHashMap<>();

    /**
     * A gate before a node's calls.
     *
     * @param catalog says what accounts' quotas are
     * @param next takes the calls that may pass
     */
    public QuotaGate(
            CatalogHolder catalog,
            InstantSource clock,
            LongSupplier nanoClock,
            Consumer<EdgeCall> next) {
        this.catalog = catalog;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.next = next;
    }

    @Override
    public void accept(EdgeCall call) {
        AccountId payer = Tenants.of(call.version().task(), call.caller());
        Optional<AccountRecord> limited =
                call.forwarded()
                        ? Optional.empty()
                        : catalog.current()
                                .account(payer)
                                .filter(account -> account.quota().limitsCalls());
        limited.ifPresentOrElse(account -> accept(call, account), () -> next.accept(call));
    }

    private void accept(EdgeCall call, AccountRecord account) {
        if (isUsedUp(account)) {
            String detail =
                    "The account %s has used up its budget of %d GB-seconds in %s."
                            .formatted(
                                    account.id(),
                                    account.quota().gbSeconds().orElse(0),
                                    account.usedUp().orElseThrow());
            call.turnAway(
                    Problem.of(ErrorCode.BUDGET_EXHAUSTED)
                            .withDetail(detail)
                            .withRetryAfter(secondsOfMonth()));
        } else if (call.counts()) {
            accept(call, account.id(), account.quota());
        } else {
            next.accept(call);
        }
    }

    private boolean isUsedUp(AccountRecord account) {
        return account.usedUp()
                .filter(YearMonth.from(clock.instant().atZone(ZoneOffset.UTC))::equals)
                .isPresent();
    }

    /** Until the next one begins. */
    private int secondsOfMonth() {
        Instant now = clock.instant();
        Instant next =
                YearMonth.from(now.atZone(ZoneOffset.UTC))
                        .plusMonths(1)
                        .atDay(1)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant();
        return seconds(Duration.between(now, next));
    }

    private void accept(EdgeCall call, AccountId payer, AccountQuota quota) {
        long nowNanos = nanoClock.getAsLong();
        QuotaUse use = uses.computeIfAbsent(payer, none -> new QuotaUse(nowNanos));
        Optional<QuotaUse.Excess> excess = use.tryEnter(quota, nowNanos);
        if (excess.isEmpty()) {
            call.exchange().whenFinished(use::leave);
            next.accept(call);
        } else {
            refuse(call, payer, excess.get());
        }
    }

    private static void refuse(EdgeCall call, AccountId payer, QuotaUse.Excess excess) {
        Problem problem =
                Problem.of(ErrorCode.RATE_LIMITED)
                        .withDetail(
                                "The account %s has used up its quota, %s."
                                        .formatted(payer, excess.sentence()));
        call.turnAway(
                excess.after()
                        .map(after -> problem.withRetryAfter(seconds(after)))
                        .orElse(problem));
    }

    /** Whole ones, that are never too early. */
    static int seconds(Duration after) {
        return (int) Math.max(1, Math.ceilDiv(after.toNanos(), TimeUnit.SECONDS.toNanos(1)));
    }
}
