package io.runnel.region.server;

import io.runnel.cluster.replication.LogBatch;
import io.runnel.cluster.replication.LogLine;
import io.runnel.cluster.replication.LogSink;
import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.TaskLogLine;

import java.util.concurrent.CompletionStage;

/** Keeps the lines of tasks' logs in this region's store. */
final class StoreLogSink implements LogSink {
    private final RegionStore store;

    StoreLogSink(RegionStore store) {
        this.store = store;
    }

    @Override
    public CompletionStage<Void> append(LogBatch batch) {
        return store.appendLogs(batch.lines().stream().map(StoreLogSink::kept).toList());
    }

    private static TaskLogLine kept(LogLine line) {
        return new TaskLogLine(line.task(), line.request(), line.at(), line.node(), line.text());
    }
}
