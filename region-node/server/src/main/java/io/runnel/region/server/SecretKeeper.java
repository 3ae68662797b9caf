package io.runnel.region.server;

import io.runnel.cluster.replication.Peer;
import io.runnel.cluster.replication.SecretFetcher;
import io.runnel.exec.task.SecretBundle;
import io.runnel.region.server.control.TaskSecrets;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.VersionRecord;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

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
    boolean check(Catalog now) {
        List<SecretBundle.Key> lacking =
                Stream.concat(
                                now.allVersions()
                                        .filter(its -> its.task().options().secrets().isPresent())
                                        .filter(wanted)
                                        .flatMap(its -> SecretBundle.Key.of(its.task()).stream()),
                                // Any region may be called by any name.
                                now.callerSecrets())
                        .filter(key -> !here.contains(key))
                        .toList();
        lacking.stream()
                .sorted(Comparator.comparing(told::contains))
                .limit(AT_ONCE)
                .forEach(this::bring);
        return lacking.isEmpty();
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
