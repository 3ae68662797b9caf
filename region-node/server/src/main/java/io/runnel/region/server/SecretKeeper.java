package io.runnel.region.server;

import io.runnel.cluster.replication.Peer;
import io.runnel.cluster.replication.SecretFetcher;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.SecretBundle;
import io.runnel.region.server.control.TaskSecrets;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.VersionRecord;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Sees to it that a region has the secrets of all versions that it may run, and of all accounts'
 * names for calls, for their home may be lost. Safe for any thread; what it starts runs elsewhere.
 */
final class SecretKeeper {
    private static final Logger LOG = System.getLogger(SecretKeeper.class.getName());
    private static final int AT_ONCE = 16;

    private final TaskSecrets secrets;
    private final SecretFetcher fetcher;
    private final List<Peer> peers;
    private final Predicate<VersionRecord> wanted;

    /** What those accounts name that name any, by the catalog that was followed last. */
    private final Map<AccountId, NamedSecrets> named = new HashMap<>();

    private Catalog followed = Catalog.EMPTY;

    /** Bundles that are in the store. */
    private final Set<SecretBundle.Key> here = ConcurrentHashMap.newKeySet();

    private final Set<SecretBundle.Key> underWay = ConcurrentHashMap.newKeySet();

    /** Which did not come, and were told of once: others are asked for first. */
    private final Set<SecretBundle.Key> told = ConcurrentHashMap.newKeySet();

    /**
     * Keeps those of a region.
     *
     * @param peers who may have what is missing
     * @param wanted whether this node may run a version, and its region too
     */
    SecretKeeper(
            TaskSecrets secrets,
            SecretFetcher fetcher,
            List<Peer> peers,
            Predicate<VersionRecord> wanted) {
        this.secrets = secrets;
        this.fetcher = fetcher;
        this.peers = List.copyOf(peers);
        this.wanted = wanted;
    }

    /**
     * Looks for what is missing, and brings it.
     *
     * @return whether all is here
     */
    synchronized boolean check(Catalog now) {
        follow(now);
        // What is wanted is asked anew: it may be others with the same catalog.
        List<SecretBundle.Key> lacking =
                named.values().stream()
                        .flatMap(account -> account.wanted(wanted))
                        .filter(key -> !here.contains(key))
                        .toList();
        lacking.stream()
                .sorted(Comparator.comparing(told::contains))
                .limit(AT_ONCE)
                .forEach(this::bring);
        return lacking.isEmpty();
    }

    private void follow(Catalog now) {
        for (AccountId account : now.changedSince(followed)) {
            NamedSecrets after = NamedSecrets.of(now, account);
            NamedSecrets before =
                    after.isEmpty() ? named.remove(account) : named.put(account, after);
            // What nobody names is forgotten: should it be named again, it has to be looked for.
            if (before != null) {
                Set<SecretBundle.Key> gone = before.all();
                gone.removeAll(after.all());
                here.removeAll(gone);
            }
        }
        followed = now;
    }

    private void bring(SecretBundle.Key key) {
        if (underWay.add(key)) {
            CompletionStage<Void> unused =
                    secrets.values(key)
                            .thenCompose(found -> found.isPresent() ? kept() : fetched(key))
                            .whenComplete((done, failure) -> ended(key, failure));
        }
    }

    private static CompletionStage<Void> kept() {
        return CompletableFuture.completedFuture(null);
    }

    private CompletionStage<Void> fetched(SecretBundle.Key key) {
        return fetcher.fetch(key, peers).thenCompose(values -> secrets.keep(key, values));
    }

    private void ended(SecretBundle.Key key, Throwable failure) {
        if (failure == null) {
            here.add(key);
            told.remove(key);
        } else if (told.add(key)) {
            LOG.log(Level.WARNING, "secrets of %s do not come".formatted(key.task()), failure);
        }
        underWay.remove(key);
    }
}
