package io.runnel.cluster.replication;

import io.runnel.cluster.replication.ReplicationException.Code;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.Position;
import io.vertx.core.Context;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What came from a source, on its way into the sink: in order, one delivery at a time. What a
 * source says of contacts counts only once all that came before is in the sink. Runs on its
 * context.
 */
final class FeedDelivery {
    /** Told how it goes, on the context. */
    interface Listener {
        /** Something is in the sink, or was passed over: there may be room again. */
        void progress();

        /** All that the source said it knew is in the sink. */
        void reachedHead();

        /** What the source sends cannot be delivered; all that waited is dropped. */
        void failed(Throwable cause);
    }

    private static final int BATCH_RECORDS = 500;
    private static final int BATCH_BYTES = 1024 * 1024;
    private static final int MOST_WAITING = 2 * BATCH_RECORDS;
    private static final int MOST_WAITING_BYTES = 2 * BATCH_BYTES;

    private final Context context;
    private final FeedSink sink;
    private final FeedTrust trust;
    private final Checking checking;
    private final Listener listener;
    private final Deque<FeedItem> waiting = new ArrayDeque<>();

    /** Origins whose snapshot this source offered, and which were not taken from it. */
    private final Set<RegionId> setAside = new HashSet<>();

    /** Origins of which this source said once that what is known here is overtaken. */
    private final Set<RegionId> suspected = new HashSet<>();

    /** Origins whose log, as known here, goes on nowhere: the next source is to send a snapshot. */
    private final Set<RegionId> astray = new HashSet<>();

    private Optional<RegionId> source = Optional.empty();
    private long waitingBytes;
    private long sourceCount;
    private long records;
    private long snapshots;
    private boolean busy;

    FeedDelivery(
            Context context, FeedSink sink, FeedTrust trust, Checking checking, Listener listener) {
        this.context = context;
        this.sink = sink;
        this.trust = trust;
        this.checking = checking;
        this.listener = listener;
    }

    /** Where a source is to begin. */
    FeedPositions positions() {
        Map<RegionId, Position> known = new HashMap<>(sink.positions().of());
        known.keySet().removeAll(astray);
        return new FeedPositions(known);
    }

    /**
     * From now on all comes from another source; what still waits is dropped.
     *
     * @param of the region that it proved to be of
     */
    void changeSource(RegionId of) {
        leaveSource();
        source = Optional.of(of);
    }

    /** What still waits is dropped; what is under way counts for no source any more. */
    void leaveSource() {
        source = Optional.empty();
        sourceCount++;
        dropWaiting();
        setAside.clear();
        suspected.clear();
    }

    void add(FeedItem item) {
        waiting.addLast(item);
        waitingBytes += size(item);
        pump();
    }

    /** Whether the source should be paused. */
    boolean full() {
        return waiting.size() >= MOST_WAITING || waitingBytes >= MOST_WAITING_BYTES;
    }

    boolean busy() {
        return busy;
    }

    long records() {
        return records;
    }

    long snapshots() {
        return snapshots;
    }

    private void pump() {
        while (!busy && !waiting.isEmpty()) {
            switch (waiting.peekFirst()) {
                case FeedItem.Change first -> deliverBatch();
                case FeedItem.Whole whole -> deliverSnapshot(whole);
                case FeedItem.Authorities authorities -> learn(authorities);
                case FeedItem.Confirmed confirmed -> confirm(confirmed);
            }
        }
    }

    private void learn(FeedItem.Authorities said) {
        takeFirst();
        deliver(
                () ->
                        checking.learn(said.certificates())
                                .thenCompose(
                                        learned ->
                                                learned.isEmpty()
                                                        ? CompletableFuture.completedStage(null)
                                                        : sink.keepAuthorities(learned)),
                () -> {});
    }

    private void deliverBatch() {
        List<FeedRecord> batch = takeBatch();
        FeedSieve.Sifted sifted = FeedSieve.sift(sink.positions(), batch, setAside);
        if (sifted.fresh().isEmpty()) {
            sifted.fault().ifPresent(this::goAstray);
            return;
        }
        long number = sourceCount;
        deliver(
                () ->
                        checking.records(sifted.fresh())
                                .thenCompose(sound -> sink.apply(sifted.fresh())),
                () -> {
                    records += sifted.fresh().size();
                    if (number == sourceCount) {
                        sifted.fault().ifPresent(this::goAstray);
                    }
                });
    }

    private List<FeedRecord> takeBatch() {
        List<FeedRecord> batch = new ArrayList<>();
        long bytes = 0;
        while (batch.size() < BATCH_RECORDS
                && bytes < BATCH_BYTES
                && waiting.peekFirst() instanceof FeedItem.Change change) {
            batch.add(change.record());
            bytes += size(change);
            takeFirst();
        }
        return batch;
    }

    private void takeFirst() {
        waitingBytes -= size(waiting.removeFirst());
    }

    private void dropWaiting() {
        waiting.clear();
        waitingBytes = 0;
    }

    /** About what it takes to hold it; one snapshot may wait whatever its size. */
    private static long size(FeedItem item) {
        return item instanceof FeedItem.Change change ? change.record().record().length() : 0;
    }

    private void goAstray(FeedSieve.Fault fault) {
        if (fault.cause().code().curedBySnapshot()) {
            astray.add(fault.origin());
        }
        fail(fault.cause());
    }

    private void deliverSnapshot(FeedItem.Whole whole) {
        takeFirst();
        FeedSnapshot snapshot = whole.snapshot();
        RegionId origin = snapshot.origin();
        Optional<Position> known = sink.positions().position(origin);
        if (snapshot.records().isEmpty() && !source.equals(Optional.of(origin))) {
            // Nothing in it is signed, and it would take all away.
            fail(
                    new ReplicationException(
                            Code.FORGED,
                            "snapshot of %s: it is empty, and not from there".formatted(origin)));
            return;
        }
        switch (trust.judge(whole, known)) {
            case KNOWN -> astray.remove(origin);
            case STALE -> {
                astray.remove(origin);
                setAside.add(origin);
            }
            case WANTED ->
                    deliver(
                            () ->
                                    checking.snapshot(snapshot)
                                            .thenCompose(sound -> sink.replace(snapshot, known)),
                            () -> {
                                snapshots++;
                                astray.remove(origin);
                            });
        }
    }

    private void confirm(FeedItem.Confirmed confirmed) {
        takeFirst();
        FeedPositions known = sink.positions();
        boolean all = true;
        for (Map.Entry<RegionId, Position> head : confirmed.heads().of().entrySet()) {
            RegionId origin = head.getKey();
            Optional<Position> mine = known.position(origin);
            if (mine.isPresent() && isOvertaken(origin, mine.get(), head.getValue(), confirmed)) {
                leaveHistory(origin, mine.get(), head.getValue());
                return;
            }
            if (mine.map(p -> p.covers(head.getValue())).orElse(head.getValue().seq() == 0)) {
                trust.confirm(origin, confirmed);
            } else if (!setAside.contains(origin)) {
                all = false;
            }
        }
        if (all) {
            listener.reachedHead();
        }
    }

    /**
     * Whether a source that follows this node's log no further is right to. Only when it says so
     * twice: mostly a snapshot of the origin is on its way behind the first time.
     */
    private boolean isOvertaken(
            RegionId origin, Position known, Position head, FeedItem.Confirmed confirmed) {
        trust.note(origin, known);
        boolean apart =
                setAside.contains(origin)
                        || (known.log().equals(head.log())
                                && head.seq() <= known.seq()
                                && !head.covers(known));
        boolean overtaken =
                apart && !astray.contains(origin) && trust.isOvertaken(origin, known, confirmed);
        if (!overtaken) {
            suspected.remove(origin);
            return false;
        }
        return !suspected.add(origin);
    }

    private void leaveHistory(RegionId origin, Position known, Position head) {
        astray.add(origin);
        fail(
                new ReplicationException(
                        Code.CHAIN_BROKEN,
                        "%s is at %s:%d, of which %s:%d is no part"
                                .formatted(
                                        origin, head.log(), head.seq(), known.log(), known.seq())));
    }

    private void deliver(Supplier<CompletionStage<?>> call, Runnable then) {
        busy = true;
        long number = sourceCount;
        CompletableFuture.completedStage(null)
                .thenCompose(now -> call.get().thenApply(done -> null))
                .whenComplete(
                        (done, failure) ->
                                context.runOnContext(
                                        now -> delivered(number, then, Causes.of(failure))));
    }

    private void delivered(long number, Runnable then, Optional<Throwable> failure) {
        busy = false;
        if (failure.isEmpty()) {
            then.run();
        } else if (number == sourceCount) {
            fail(reason(failure.get()));
        }
        pump();
        listener.progress();
    }

    private static ReplicationException reason(Throwable failure) {
        return failure instanceof ReplicationException own && own.code() == Code.FORGED
                ? own
                : new ReplicationException(
                        Code.SINK_FAILED, "not taken: " + failure.getMessage(), failure);
    }

    private void fail(Throwable cause) {
        dropWaiting();
        listener.failed(cause);
    }
}
