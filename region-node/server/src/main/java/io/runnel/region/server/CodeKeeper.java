package io.runnel.region.server;

import io.runnel.cluster.replication.CodeFetcher;
import io.runnel.cluster.replication.Peer;
import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.Task;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.VersionRecord;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Sees to it that a region holds all the code that its catalog names, but for what owners keep from
 * nodes like this one, and says up to which position of the feeds it does. Live versions are made
 * ready as soon as their code is here, so that the first call finds them compiled.
 *
 * <p>Safe for any thread; what it starts runs elsewhere.
 */
final class CodeKeeper {
    private final CatalogHolder catalog;
    private final CodeStore codes;
    private final CodeFetcher fetcher;
    private final List<Peer> peers;
    private final Predicate<VersionRecord> wanted;
    private final Predicate<Catalog> hasSecrets;
    private final Consumer<Task> ready;
    private final Set<CodeDigest> underWay = ConcurrentHashMap.newKeySet();
    private volatile Runnable onArrival = this::check;
    private volatile FeedPositions held = FeedPositions.NONE;
    private volatile Catalog checked = Catalog.EMPTY;
    private volatile Shelf shelf = new Shelf(FeedPositions.NONE, List.of());

    /**
     * What is here, as it was looked at last.
     *
     * @param known up to where of each feed the catalog goes
     * @param lacking code that it names and that is not here
     */
    record Shelf(FeedPositions known, List<CodeDigest> lacking) {}

    /**
     * Keeps code for this catalog.
     *
     * @param peers who may have what is missing
     * @param wanted whether this node may have and run a version
     * @param hasSecrets whether the secrets of all versions are here too; brings what is not
     * @param ready has a live task's code made ready
     */
    CodeKeeper(
            CatalogHolder catalog,
            CodeStore codes,
            CodeFetcher fetcher,
            List<Peer> peers,
            Predicate<VersionRecord> wanted,
            Predicate<Catalog> hasSecrets,
            Consumer<Task> ready) {
        this.catalog = catalog;
        this.codes = codes;
        this.fetcher = fetcher;
        this.peers = List.copyOf(peers);
        this.wanted = wanted;
        this.hasSecrets = hasSecrets;
        this.ready = ready;
    }

    /** What is done, instead of a mere {@link #check}, whenever code has come. */
    void onArrival(Runnable action) {
        onArrival = action;
    }

    /** Up to where of each feed all code is here. */
    FeedPositions held() {
        return held;
    }

    /** What is here. */
    Shelf shelf() {
        return shelf;
    }

    /** Looks at the catalog as it is now; to be called after changes and now and then. */
    void check() {
        Catalog now = catalog.current();
        if (now == checked) {
            return;
        }
        List<CodeDigest> missing =
                now.allVersions()
                        .filter(wanted)
                        .map(version -> version.task().code())
                        .distinct()
                        .filter(digest -> !codes.holds(digest))
                        .toList();
        boolean isWhole = hasSecrets.test(now) && missing.isEmpty();
        shelf = new Shelf(now.positions(), missing);
        if (isWhole) {
            held = now.positions();
            Catalog before = checked;
            checked = now;
            prepareNew(before, now);
        } else {
            missing.forEach(this::fetch);
        }
    }

    private void fetch(CodeDigest digest) {
        if (underWay.add(digest)) {
            CompletableFuture<Void> unused =
                    fetcher.fetch(digest, peers)
                            .whenComplete(
                                    (done, failure) -> {
                                        underWay.remove(digest);
                                        if (failure == null) {
                                            onArrival.run();
                                        }
                                    });
        }
    }

    private void prepareNew(Catalog before, Catalog now) {
        now.changedSince(before).stream()
                .flatMap(account -> now.tasks(account).stream())
                .filter(task -> !now.live(task.ref()).equals(before.live(task.ref())))
                .flatMap(task -> now.live(task.ref()).stream())
                .filter(wanted)
                .map(VersionRecord::task)
                .forEach(ready);
    }
}
