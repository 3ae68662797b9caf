package io.runnel.cluster.replication;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A sink in memory that holds followers to the contract: it fails the test's check when a call
 * comes while another is under way. Tests may hold it shut or make it fail.
 */
final class FakeFeedSink implements FeedSink {
    final List<FeedRecord> applied = new ArrayList<>();
    final List<FeedSnapshot> replaced = new ArrayList<>();
    private Catalog catalog = Catalog.EMPTY;
    private CompletableFuture<Void> door = CompletableFuture.completedFuture(null);
    private int failures;
    private int underWay;
    private int mostUnderWay;

    /** Lets nothing in until {@link #open}. */
    synchronized void shut() {
        door = new CompletableFuture<>();
    }

    void open() {
        CompletableFuture<Void> shut;
        synchronized (this) {
            shut = door;
        }
        shut.complete(null);
    }

    /** Makes the next so many calls fail. */
    synchronized void fail(int times) {
        failures = times;
    }

    synchronized int mostUnderWay() {
        return mostUnderWay;
    }

    synchronized int underWay() {
        return underWay;
    }

    synchronized int appliedCount() {
        return applied.size();
    }

    synchronized int replacedCount() {
        return replaced.size();
    }

    @Override
    public CompletionStage<?> keepAuthorities(List<String> certificates) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized FeedPositions positions() {
        return catalog.positions();
    }

    boolean covers(RegionId origin, String log, long seq) {
        return positions().covers(origin, log, seq);
    }

    @Override
    public CompletionStage<?> apply(List<FeedRecord> records) {
        return enter(
                () -> {
                    applied.addAll(records);
                    return catalog.with(records);
                });
    }

    @Override
    public CompletionStage<?> replace(FeedSnapshot snapshot) {
        return enter(
                () -> {
                    replaced.add(snapshot);
                    return catalog.withSnapshot(snapshot.origin(), snapshot.records());
                });
    }

    private synchronized CompletionStage<?> enter(Supplier<Catalog> change) {
        underWay++;
        mostUnderWay = Math.max(mostUnderWay, underWay);
        return door.thenRunAsync(() -> change(change));
    }

    private synchronized void change(Supplier<Catalog> change) {
        underWay--;
        if (failures > 0) {
            failures--;
            throw new IllegalStateException("as the test wanted");
        }
        catalog = change.get();
    }

    @Override
    public synchronized String toString() {
        return "%s, %d applied, %d snapshots"
                .formatted(catalog.positions(), applied.size(), replaced.size());
    }
}
