package io.runnel.region.server;

import io.runnel.cluster.store.Draft;
import io.runnel.cluster.store.Precondition;
import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.StoreException;
import io.runnel.exec.task.AccountId;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.RecordKind;
import io.runnel.routing.catalog.Stamped;
import io.runnel.routing.usage.UsageBatch;
import io.runnel.routing.usage.UsageTotal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * Sums up what accounts at home here are charged in a month, as usage comes in, and says of those
 * that have used up their budget that they have: then no node lets their calls in until the month
 * ends. Safe for any thread; never blocks.
 */
final class Budgets {
    private static final Logger LOG = System.getLogger(Budgets.class.getName());

    /** How often an account's sum is asked for. */
    static final Duration EVERY = Duration.ofSeconds(1);

    /** From which share of a budget on an operator is told. */
    private static final double WARNED = 0.8;

    private final RegionStore store;
    private final CatalogHolder catalog;
    private final InstantSource clock;
    private final LongSupplier nanoClock;

    // Guarded by this; of accounts with budgets.
    private final Map<AccountId, Long> lookedNanos = new HashMap<>();
    private final Map<AccountId, YearMonth> warned = new HashMap<>();

    Budgets(RegionStore store, CatalogHolder catalog, InstantSource clock, LongSupplier nanoClock) {
        this.store = store;
        this.catalog = catalog;
        this.clock = clock;
        this.nanoClock = nanoClock;
    }

    /** These were kept. Done when what was to be said of their payers is said, or was tried. */
    CompletableFuture<Void> charged(UsageBatch batch) {
        YearMonth month = YearMonth.from(clock.instant().atZone(ZoneOffset.UTC));
        Set<AccountId> payers = new HashSet<>();
        batch.entries().forEach(entry -> payers.add(entry.record().payer()));
        return CompletableFuture.allOf(
                payers.stream()
                        .flatMap(payer -> catalog.current().account(payer).stream())
                        .filter(account -> isWatched(account, month) && isDue(account.id()))
                        .map(account -> look(account, month))
                        .toArray(CompletableFuture[]::new));
    }

    private boolean isWatched(AccountRecord account, YearMonth month) {
        return account.quota().gbSeconds().isPresent()
                && account.home().equals(store.origin())
                && account.leaving().isEmpty()
                && account.usedUp().filter(month::equals).isEmpty();
    }

    private synchronized boolean isDue(AccountId account) {
        long now = nanoClock.getAsLong();
        Long before = lookedNanos.get(account);
        boolean isDue = before == null || now - before >= EVERY.toNanos();
        if (isDue) {
            lookedNanos.put(account, now);
        }
        return isDue;
    }

    private CompletableFuture<Void> look(AccountRecord account, YearMonth month) {
        return store.usage()
                .memoryKibMillis(account.id(), month.atDay(1), month.atEndOfMonth())
                .thenCompose(sum -> judge(account, month, UsageTotal.gbSeconds(sum)))
                .exceptionally(failure -> told(account, failure));
    }

    private CompletionStage<Void> judge(AccountRecord account, YearMonth month, double used) {
        int budget = account.quota().gbSeconds().orElseThrow();
        if (used < budget) {
            if (used >= WARNED * budget && isNews(account.id(), month)) {
                LOG.log(
                        Level.WARNING,
                        "{0} has used {1} of its budget of {2} GB-seconds in {3}",
                        account.id(),
                        Math.round(used),
                        budget,
                        month);
            }
            return CompletableFuture.completedFuture(null);
        }
        long said =
                catalog.current()
                        .saidOf(store.origin(), account.id())
                        .map(Stamped::seq)
                        .orElse(Precondition.ABSENT);
        Precondition unchanged = new Precondition(RecordKind.ACCOUNT, account.id().value(), said);
        // As it is now: what was changed while the sum was made is not to be undone.
        AccountRecord now = catalog.current().account(account.id()).orElse(account);
        if (!now.quota().equals(account.quota()) || !isWatched(now, month)) {
            return CompletableFuture.completedFuture(null);
        }
        return store.append(List.of(Draft.of(now.usedUpIn(month))), List.of(unchanged))
                .thenAccept(
                        records ->
                                LOG.log(
                                        Level.WARNING,
                                        "{0} has used up its budget of {1} GB-seconds in {2}",
                                        account.id(),
                                        budget,
                                        month));
    }

    private synchronized boolean isNews(AccountId account, YearMonth month) {
        return !month.equals(warned.put(account, month));
    }

    /** Somebody else wrote meanwhile: the next batch looks again. */
    private static Void told(AccountRecord account, Throwable failure) {
        Throwable cause = failure instanceof CompletionException e ? e.getCause() : failure;
        boolean isConflict =
                cause instanceof StoreException refused
                        && refused.code() == StoreException.Code.CONFLICT;
        if (!isConflict) {
            LOG.log(Level.WARNING, "the budget of " + account.id() + " was not looked at", cause);
        }
        return null;
    }
}
