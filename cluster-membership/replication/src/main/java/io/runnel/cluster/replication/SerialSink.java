package io.runnel.cluster.replication;

import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.Position;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Lets several followers deliver to one sink: one after the other, and without what another one has
 * delivered meanwhile. Safe for any thread. What waits is one delivery a follower.
 */
public final class SerialSink implements FeedSink {
    private final FeedSink sink;
    private final Object lock = new Object();
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

    public SerialSink(FeedSink sink) {
        this.sink = sink;
    }

    @Override
    public CompletionStage<?> keepAuthorities(List<String> certificates) {
        return next(() -> sink.keepAuthorities(certificates));
    }

    @Override
    public FeedPositions positions() {
        return sink.positions();
    }

    @Override
    public CompletionStage<?> apply(List<FeedRecord> records) {
        return next(() -> applyFresh(records));
    }

    @Override
    public CompletionStage<?> replace(FeedSnapshot snapshot) {
        return next(() -> sink.replace(snapshot));
    }

    @Override
    public CompletionStage<?> replace(FeedSnapshot snapshot, Optional<Position> known) {
        return next(() -> replaceUnlessKnown(snapshot, known));
    }

    /** What another one has brought meanwhile, as far or farther, would be set back. */
    private CompletionStage<?> replaceUnlessKnown(FeedSnapshot snapshot, Optional<Position> known) {
        Optional<Position> now = sink.positions().position(snapshot.origin());
        boolean overtaken =
                !now.equals(known) && now.filter(at -> at.covers(snapshot.head())).isPresent();
        return overtaken ? CompletableFuture.completedFuture(null) : sink.replace(snapshot);
    }

    private CompletionStage<?> applyFresh(List<FeedRecord> records) {
        FeedSieve.Sifted sifted = FeedSieve.sift(sink.positions(), records, Set.of());
        if (sifted.fault().isPresent()) {
            throw sifted.fault().get().cause();
        }
        return sifted.fresh().isEmpty()
                ? CompletableFuture.completedFuture(null)
                : sink.apply(sifted.fresh());
    }

    private CompletionStage<?> next(Supplier<CompletionStage<?>> delivery) {
        synchronized (lock) {
            // A failure is for who delivered it; the next delivery has its turn all the same.
            CompletableFuture<?> turn =
                    last.handle((done, failure) -> null)
                            .thenCompose(now -> delivery.get().thenApply(done -> null));
            last = turn;
            return turn;
        }
    }
}
