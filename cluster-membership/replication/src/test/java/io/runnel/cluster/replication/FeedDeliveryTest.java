package io.runnel.cluster.replication;

import static io.runnel.cluster.replication.OriginLog.WEST;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.Position;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

final class FeedDeliveryTest {
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final HeldSink sink = new HeldSink();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final SealCheck check = TestSigners.check();
    private final FeedDelivery delivery =
            new FeedDelivery(
                    context,
                    sink,
                    new FeedTrust(new CatalogHolder(() -> 0), () -> 0),
                    new Checking(check, Runnable::run),
                    new FeedDelivery.Listener() {
                        @Override
                        public void progress() {}

                        @Override
                        public void reachedHead() {}

                        @Override
                        public void failed(Throwable cause) {
                            failures.add(cause);
                        }
                    });
    private final OriginLog west = new OriginLog(WEST, "A");

    @BeforeEach
    void learn() {
        List<String> unused = check.authorities().learn(TestSigners.certificates(WEST).all());
    }

    @AfterEach
    void close() {
        Await.get(vertx.close().toCompletionStage());
    }

    private void onContext(Runnable action) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        context.runOnContext(
                now -> {
                    action.run();
                    done.complete(null);
                });
        Await.get(done);
    }

    /** A first record is under way; behind it wait the next one and one that does not follow. */
    private void deliverUpToAGap() {
        List<FeedRecord> records = west.writeTasks(4);
        onContext(
                () -> {
                    delivery.add(new FeedItem.Change(records.get(0)));
                    delivery.add(new FeedItem.Change(records.get(1)));
                    delivery.add(new FeedItem.Change(records.get(3)));
                });
        sink.take(records.get(0));
        Await.until("the second delivery", () -> sink.calls.size() == 2, sink.calls::size);
    }

    @Test
    void aRecordThatDoesNotFollowEndsItsSource() {
        deliverUpToAGap();
        sink.take(west.records.get(1));
        onContext(() -> {});
        assertEquals(1, failures.size(), failures::toString);
    }

    @Test
    void aFaultOfASourceThatWasLeftEndsNoOther() {
        deliverUpToAGap();
        onContext(() -> delivery.changeSource(WEST));
        sink.take(west.records.get(1));
        onContext(() -> {});
        assertEquals(List.of(), failures);
        assertEquals(
                west.records.get(1).seq(), delivery.positions().position(WEST).orElseThrow().seq());
    }

    /** Takes what the test says, when the test says. */
    private static final class HeldSink implements FeedSink {
        final List<CompletableFuture<Void>> calls = new CopyOnWriteArrayList<>();
        private volatile FeedPositions positions = FeedPositions.NONE;

        void take(FeedRecord last) {
            positions = new FeedPositions(Map.of(WEST, Position.of(last)));
            calls.getLast().complete(null);
        }

        @Override
        public CompletionStage<?> keepAuthorities(List<String> certificates) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public FeedPositions positions() {
            return positions;
        }

        @Override
        public CompletionStage<?> apply(List<FeedRecord> records) {
            CompletableFuture<Void> call = new CompletableFuture<>();
            calls.add(call);
            return call;
        }

        @Override
        public CompletionStage<?> replace(FeedSnapshot snapshot) {
            throw new UnsupportedOperationException("no snapshot is sent here");
        }
    }
}
