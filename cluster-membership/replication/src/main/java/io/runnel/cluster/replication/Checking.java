package io.runnel.cluster.replication;

import io.runnel.cluster.replication.ReplicationException.Code;
import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.FeedRecord;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * How a follower checks what comes, away from its event loop.
 *
 * @param check what it goes by
 * @param workers where it is done: never an event loop
 */
public record Checking(SealCheck check, Executor workers) {
    /** Done when the records are found sound; else fails by {@code FORGED}. */
    CompletionStage<Void> records(List<FeedRecord> records) {
        return run(() -> check.require(records));
    }

    /** The same of a snapshot, which is to be whole too. */
    CompletionStage<Void> snapshot(FeedSnapshot snapshot) {
        return run(() -> check.requireSnapshot(snapshot.records()));
    }

    /** Those of these certificates of authorities that are sound and were not known. */
    CompletionStage<List<String>> learn(List<String> certificates) {
        return CompletableFuture.supplyAsync(
                () -> check.authorities().learn(certificates), workers);
    }

    private CompletionStage<Void> run(Runnable checked) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        checked.run();
                    } catch (CatalogException e) {
                        throw new ReplicationException(Code.FORGED, e.getMessage(), e);
                    }
                },
                workers);
    }
}
