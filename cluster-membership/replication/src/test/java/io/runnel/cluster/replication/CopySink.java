package io.runnel.cluster.replication;

import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A region's store that keeps what it is told of other regions, and serves it on. */
record CopySink(FakeFeedLog log) implements FeedSink {
    @Override
    public CompletionStage<?> keepAuthorities(List<String> certificates) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public FeedPositions positions() {
        return log.heads();
    }

    @Override
    public CompletionStage<?> apply(List<FeedRecord> records) {
        return CompletableFuture.runAsync(
                () ->
                        records.forEach(
                                record -> log.write(record.origin(), l -> l.records.add(record))));
    }

    @Override
    public CompletionStage<?> replace(FeedSnapshot snapshot) {
        OriginLog copy = new OriginLog(snapshot.origin(), snapshot.log());
        copy.records.addAll(snapshot.records());
        return CompletableFuture.runAsync(() -> log.put(copy));
    }
}
