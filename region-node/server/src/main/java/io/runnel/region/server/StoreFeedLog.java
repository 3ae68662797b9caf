package io.runnel.region.server;

import io.runnel.cluster.replication.FeedLog;
import io.runnel.cluster.replication.FeedSnapshot;
import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.StoreException;
import io.runnel.cluster.store.StoreListener;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.Position;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A region's store as the source of its feed. The heads are kept in memory, changed on the store's
 * thread only.
 */
final class StoreFeedLog implements FeedLog, StoreListener {
    private final RegionStore store;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile FeedPositions heads = FeedPositions.NONE;

    /** Serves this store, once it listens to it. */
    StoreFeedLog(RegionStore store) {
        this.store = store;
    }

    @Override
    public void started(Catalog catalog) {
        heads = catalog.positions();
    }

    @Override
    public FeedPositions heads() {
        return heads;
    }

    @Override
    public CompletionStage<List<FeedRecord>> read(
            RegionId origin, String log, long after, int limit) {
        return store.read(origin, log, after, limit).exceptionallyCompose(this::noneIfNotHere);
    }

    private CompletionStage<List<FeedRecord>> noneIfNotHere(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        boolean notHere =
                cause instanceof StoreException refused
                        && refused.code() == StoreException.Code.SNAPSHOT_NEEDED;
        return notHere
                ? CompletableFuture.completedFuture(List.of())
                : CompletableFuture.failedFuture(cause);
    }

    @Override
    public CompletionStage<FeedSnapshot> snapshot(RegionId origin) {
        // The name of an empty log is known here only; of any other the records say it.
        return store.snapshot(origin)
                .thenApply(records -> new FeedSnapshot(origin, logOf(origin, records), records));
    }

    private String logOf(RegionId origin, List<FeedRecord> records) {
        return records.isEmpty()
                ? heads.position(origin).map(Position::log).orElse(store.log())
                : records.getLast().log();
    }

    @Override
    public void onAppend(Listener listener) {
        listeners.add(listener);
    }

    @Override
    public void added(List<FeedRecord> records) {
        Map<RegionId, Position> next = new HashMap<>(heads.of());
        records.forEach(record -> next.put(record.origin(), Position.of(record)));
        heads = new FeedPositions(next);
        listeners.forEach(listener -> listener.appended(records));
    }

    @Override
    public void replaced(RegionId origin, List<FeedRecord> snapshot) {
        Map<RegionId, Position> next = new HashMap<>(heads.of());
        if (snapshot.isEmpty()) {
            next.remove(origin);
        } else {
            next.put(origin, Position.of(snapshot.getLast()));
        }
        heads = new FeedPositions(next);
        listeners.forEach(listener -> listener.replaced(origin));
    }
}
