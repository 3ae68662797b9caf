package io.runnel.region.server;

import io.runnel.cluster.store.Draft;
import io.runnel.cluster.store.Precondition;
import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.StoreException;
import io.runnel.region.server.control.CanaryCounts;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.AliasRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.RecordKind;
import io.runnel.routing.catalog.RolledBack;
import io.runnel.routing.catalog.Stamped;
import io.runnel.routing.placement.CanaryEvidence;
import io.runnel.topology.CanaryCount;
import io.runnel.topology.NetworkView;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Takes the calls from versions that are tried and fail more often than the usual one: of tasks of
 * accounts that are at home here, by what all nodes say of themselves. A node that starts anew has
 * forgotten what it counted, which only delays it. Safe for any thread; never blocks.
 */
final class Canaries {
    private static final Logger LOG = System.getLogger(Canaries.class.getName());

    private final RegionStore store;
    private final CatalogHolder catalog;
    private final Supplier<NetworkView> network;
    private final InstantSource clock;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    Canaries(
            RegionStore store,
            CatalogHolder catalog,
            Supplier<NetworkView> network,
            InstantSource clock) {
        this.store = store;
        this.catalog = catalog;
        this.network = network;
        this.clock = clock;
    }

    /**
     * Judges what is known by now; to be called again and again. Done when what was to be said is
     * said, or was tried.
     */
    CompletableFuture<Void> look() {
        Catalog now = catalog.current();
        return CompletableFuture.allOf(
                CanaryCounts.of(network.get()).stream()
                        .filter(CanaryEvidence::isWorse)
                        .flatMap(
                                count ->
                                        tried(now, count)
                                                .map(alias -> rollBack(now, alias, count))
                                                .stream())
                        .toArray(CompletableFuture[]::new));
    }

    /** The alias that this was counted of, if it is for this region to say and still tries it. */
    private Optional<Stamped<AliasRecord>> tried(Catalog now, CanaryCount count) {
        boolean isHere =
                now.account(count.task().account())
                        .filter(account -> account.home().equals(store.origin()))
                        .filter(account -> account.leaving().isEmpty())
                        .isPresent();
        return isHere
                ? now.alias(count.task(), count.alias())
                        .filter(alias -> alias.seq() == count.seq())
                        .filter(alias -> alias.value().canary().isPresent())
                : Optional.empty();
    }

    private CompletableFuture<Void> rollBack(
            Catalog now, Stamped<AliasRecord> alias, CanaryCount count) {
        String key = alias.value().key();
        if (!underWay.add(key)) {
            return CompletableFuture.completedFuture(null);
        }
        int version = alias.value().canary().orElseThrow().version();
        String why =
                "%d of %d calls failed, and %d of %d of version %d"
                        .formatted(
                                count.canaryFailed(),
                                count.canaryCalls(),
                                count.failed(),
                                count.calls(),
                                alias.value().version());
        AliasRecord after = alias.value().rolledBack(new RolledBack(version, clock.instant(), why));
        String account = count.task().account().value();
        long said =
                now.saidOf(store.origin(), count.task().account())
                        .map(Stamped<AccountRecord>::seq)
                        .orElse(Precondition.ABSENT);
        return store.append(
                        List.of(Draft.of(after)),
                        List.of(
                                new Precondition(RecordKind.ALIAS, key, alias.seq()),
                                new Precondition(RecordKind.ACCOUNT, account, said)))
                .handle(
                        (records, failure) -> {
                            underWay.remove(key);
                            told(key, version, why, Optional.ofNullable(failure));
                            return null;
                        });
    }

    private static void told(String alias, int version, String why, Optional<Throwable> failure) {
        if (failure.isEmpty()) {
            LOG.log(Level.WARNING, "{0}: version {1} is rolled back: {2}", alias, version, why);
        } else if (!isConflict(failure.get())) {
            LOG.log(
                    Level.WARNING,
                    alias + ": version " + version + " could not be rolled back",
                    failure.get());
        }
    }

    /** Somebody else wrote meanwhile: it is looked at anew. */
    private static boolean isConflict(Throwable failure) {
        Throwable cause = failure instanceof CompletionException e ? e.getCause() : failure;
        return cause instanceof StoreException refused
                && refused.code() == StoreException.Code.CONFLICT;
    }
}
