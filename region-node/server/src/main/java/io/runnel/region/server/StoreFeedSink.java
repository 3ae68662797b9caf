package io.runnel.region.server;

import io.runnel.cluster.replication.FeedSink;
import io.runnel.cluster.replication.FeedSnapshot;
import io.runnel.cluster.store.RegionStore;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Keeps verbatim copies of the other regions' feeds in this region's store. */
final class StoreFeedSink implements FeedSink {
    private final RegionStore store;
    private final StoreFeedLog log;

    StoreFeedSink(RegionStore store, StoreFeedLog log) {
        this.store = store;
        this.log = log;
    }

    @Override
    public CompletionStage<?> keepAuthorities(List<String> certificates) {
        return store.keepAuthorities(certificates);
    }

    @Override
    public FeedPositions positions() {
        return log.heads();
    }

    @Override
    public CompletionStage<?> apply(List<FeedRecord> records) {
        return store.copy(records);
    }

    @Override
    public CompletionStage<?> replace(FeedSnapshot snapshot) {
        return store.replace(snapshot.origin(), snapshot.records());
    }
}
