package io.runnel.cluster.replication;

import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * A POP's sink: what a follower delivers becomes the catalog, and is kept in a file, so that a POP
 * which starts before any region serves what it knew. Safe for any thread.
 */
public final class CatalogSink implements FeedSink {
    private static final Logger LOG = System.getLogger(CatalogSink.class.getName());

    private final CatalogHolder holder;
    private final CatalogFile file;
    private final Executor executor;

    /**
     * Delivers into this catalog.
     *
     * @param executor where records are read and put in place: never an event loop
     */
    public CatalogSink(CatalogHolder holder, CatalogFile file, Executor executor) {
        this.holder = holder;
        this.file = file;
        this.executor = executor;
    }

    /** Puts what the file holds into the catalog; blocks. To be called before following begins. */
    public void restore() {
        for (FeedSnapshot snapshot : file.read()) {
            try {
                holder.replace(snapshot.origin(), snapshot.records());
            } catch (CatalogException e) {
                LOG.log(Level.WARNING, "what was kept of " + snapshot.origin() + " is no use", e);
            }
        }
    }

    @Override
    public CompletionStage<?> keepAuthorities(List<String> certificates) {
        return CompletableFuture.runAsync(file::keepAuthorities, executor);
    }

    @Override
    public FeedPositions positions() {
        return holder.current().positions();
    }

    @Override
    public CompletionStage<?> apply(List<FeedRecord> records) {
        return CompletableFuture.runAsync(
                () -> {
                    holder.apply(records);
                    file.add(records);
                },
                executor);
    }

    @Override
    public CompletionStage<?> replace(FeedSnapshot snapshot) {
        return CompletableFuture.runAsync(
                () -> {
                    holder.replace(snapshot.origin(), snapshot.records());
                    file.replace(snapshot);
                },
                executor);
    }
}
