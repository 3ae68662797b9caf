package io.runnel.cluster.replication;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The last batches that came, so that one which comes again is done once. Forgets the eldest of a
 * thousand: a batch is sent again within seconds or never. Safe for any thread.
 */
final class RecentBatches {
    private static final int MOST = 1_000;

    private final Map<String, CompletableFuture<Void>> recent = new Eldest<>(MOST);

    /** Does it, or gives what came of it when the same id was here before and did not fail. */
    CompletionStage<Void> once(String id, Supplier<CompletionStage<Void>> work) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        synchronized (recent) {
            CompletableFuture<Void> before = recent.putIfAbsent(id, mine);
            if (before != null) {
                return before;
            }
        }
        CompletableFuture.completedStage(null)
                .thenCompose(start -> work.get())
                .whenComplete((done, failure) -> end(id, mine, failure));
        return mine;
    }

    private void end(String id, CompletableFuture<Void> mine, Throwable failure) {
        if (failure == null) {
            mine.complete(null);
            return;
        }
        synchronized (recent) {
            recent.remove(id);
        }
        mine.completeExceptionally(failure);
    }
}
