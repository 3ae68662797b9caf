package io.runnel.cluster.replication;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.Position;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A region's store in memory: logs of several origins, which tests write and replace. */
final class FakeFeedLog implements FeedLog {
    private final Map<RegionId, OriginLog> logs = new TreeMap<>();
    private final List<Listener> listeners = new ArrayList<>();
    private long snapshots;
    private long reads;
    private CompletableFuture<Void> held = CompletableFuture.completedFuture(null);

    FakeFeedLog(OriginLog... logs) {
        for (OriginLog log : logs) {
            this.logs.put(log.origin, log);
        }
    }

    /** Writes to an origin's log, tells listeners, and says what was written. */
    synchronized List<FeedRecord> write(RegionId origin, Consumer<OriginLog> writing) {
        OriginLog log = logs.get(origin);
        int before = log.records.size();
        writing.accept(log);
        List<FeedRecord> written = List.copyOf(log.records.subList(before, log.records.size()));
        listeners.forEach(listener -> listener.appended(written));
        return written;
    }

    synchronized void put(OriginLog log) {
        logs.put(log.origin, log);
        listeners.forEach(listener -> listener.replaced(log.origin));
    }

    synchronized long snapshots() {
        return snapshots;
    }

    synchronized long reads() {
        return reads;
    }

    /** What is read from now on comes when this is completed, as the log is then. */
    synchronized void holdReads(CompletableFuture<Void> until) {
        held = until;
    }

    @Override
    public synchronized FeedPositions heads() {
        Map<RegionId, Position> heads = new HashMap<>();
        logs.forEach((origin, log) -> heads.put(origin, log.head()));
        return new FeedPositions(heads);
    }

    @Override
    public synchronized CompletionStage<List<FeedRecord>> read(
            RegionId origin, String log, long after, int limit) {
        reads++;
        return held.thenApplyAsync(now -> page(origin, log, after, limit));
    }

    private synchronized List<FeedRecord> page(RegionId origin, String log, long after, int limit) {
        OriginLog known = logs.get(origin);
        if (!known.log.equals(log) || after >= known.records.size()) {
            return List.of();
        }
        int end = (int) Math.min(known.records.size(), after + limit);
        return List.copyOf(known.records.subList((int) after, end));
    }

    @Override
    public CompletionStage<FeedSnapshot> snapshot(RegionId origin) {
        return CompletableFuture.supplyAsync(
                () -> {
                    synchronized (this) {
                        snapshots++;
                        return logs.get(origin).snapshot();
                    }
                });
    }

    @Override
    public synchronized void onAppend(Listener listener) {
        listeners.add(listener);
    }
}
