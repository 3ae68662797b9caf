package io.runnel.cluster.replication;

import io.runnel.cluster.replication.Permits.Permit;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.Position;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One follower, as its source sees it: how far each origin was sent, and the lines on their way. It
 * asks for more only when there is room, so it never holds more than a page, or one snapshot. Runs
 * on its request's context; only {@link #wake} and {@link #cut} are for any thread.
 */
final class FeedSession {
    private static final Logger LOG = System.getLogger(FeedSession.class.getName());
    private static final int PAGE_RECORDS = 256;
    private static final int WRITE_BYTES = 32 * 1024;

    private final FeedServing serving;
    private final FeedRequest asked;
    private final Context context;
    private final PacedResponse response;
    private final Map<RegionId, Position> sent;

    /** Origins whose copy here was replaced: what was sent of them may be no part of it. */
    private final Set<RegionId> replaced = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean woken = new AtomicBoolean();
    private final long startNs;
    private final long timer;
    private Iterator<Buffer> lines = Collections.emptyIterator();
    private Optional<Permit> permit = Optional.empty();
    private int authoritiesSaid;
    private boolean waiting;
    private boolean saidAll;

    FeedSession(
            FeedServing serving,
            Vertx vertx,
            HttpServerRequest request,
            FeedRequest asked,
            Consumer<FeedSession> onClosed) {
        this.serving = serving;
        this.asked = asked;
        this.sent = new HashMap<>(asked.after().of());
        this.context = vertx.getOrCreateContext();
        this.startNs = serving.nanoTime();
        this.timer =
                vertx.setPeriodic(serving.settings().headsEvery().toMillis(), tick -> sayHeads());
        request.response().setChunked(true).putHeader("Content-Type", "application/x-ndjson");
        this.response =
                new PacedResponse(
                        vertx,
                        request,
                        serving.settings().stall(),
                        this::pump,
                        () -> {
                            vertx.cancelTimer(timer);
                            finishLines();
                            onClosed.accept(this);
                        });
    }

    FeedRequest asked() {
        return asked;
    }

    void start() {
        sayHeads();
        pump();
    }

    /** There may be something new. */
    void wake() {
        if (woken.compareAndSet(false, true)) {
            context.runOnContext(now -> pump());
        }
    }

    /** What is known here of this origin was replaced: what follows on is a snapshot. */
    void replaced(RegionId origin) {
        replaced.add(origin);
        wake();
    }

    /** Ends it. The follower comes back, or goes elsewhere. */
    void cut() {
        context.runOnContext(now -> response.cut());
    }

    private void pump() {
        woken.set(false);
        while (!response.full()) {
            if (lines.hasNext()) {
                sayAuthorities();
                response.write(gather());
            } else if (waiting || !advance()) {
                return;
            }
        }
    }

    private Buffer gather() {
        Buffer first = lines.next();
        if (!lines.hasNext()) {
            // Mostly the one line that is new, shared by all followers: not to be appended to.
            return first;
        }
        Buffer many = Buffer.buffer(WRITE_BYTES).appendBuffer(first);
        while (many.length() < WRITE_BYTES && lines.hasNext()) {
            many.appendBuffer(lines.next());
        }
        return many;
    }

    /** Turns to an origin of which something is to be sent; says whether there is one. */
    private boolean advance() {
        finishLines();
        for (Map.Entry<RegionId, Position> head : serving.log().heads().of().entrySet()) {
            RegionId origin = head.getKey();
            if (asked.except().contains(origin)) {
                continue;
            }
            if (replaced.remove(origin)) {
                queueSnapshot(origin);
                return true;
            }
            if (isBehind(origin, head.getValue())) {
                serve(origin, head.getValue());
                return true;
            }
        }
        if (!saidAll) {
            saidAll = true;
            sayHeads();
        }
        return false;
    }

    /**
     * One whose position is not known gets a snapshot, unless there is nothing to put in it. One
     * that knows more than is here may have it from elsewhere; only of the own log there is no more
     * than here.
     */
    private boolean isBehind(RegionId origin, Position head) {
        Position known = sent.get(origin);
        if (known == null && head.seq() == 0) {
            sent.put(origin, head);
            return false;
        }
        return known == null
                || !known.log().equals(head.log())
                || known.seq() < head.seq()
                || (known.seq() == head.seq() && !known.agreesWith(head.hash()))
                || (known.seq() > head.seq() && origin.equals(serving.own()));
    }

    private void serve(RegionId origin, Position head) {
        Position known = sent.get(origin);
        boolean follows =
                known != null && known.log().equals(head.log()) && known.seq() < head.seq();
        if (!follows) {
            queueSnapshot(origin);
            return;
        }
        List<FeedTail.Line> tail = serving.tail().after(origin, known);
        if (tail.isEmpty()) {
            await(
                    serving.log().read(origin, known.log(), known.seq(), PAGE_RECORDS),
                    page -> sendPage(origin, known, page));
        } else {
            sent.put(origin, tail.getLast().at());
            lines = tail.stream().map(FeedTail.Line::bytes).iterator();
        }
    }

    private void sendPage(RegionId origin, Position known, List<FeedRecord> page) {
        if (page.isEmpty() || !follows(page.getFirst(), known)) {
            queueSnapshot(origin);
            return;
        }
        sent.put(origin, Position.of(page.getLast()));
        lines = page.stream().map(FeedLine.Change::new).map(FeedLines::write).iterator();
    }

    private static boolean follows(FeedRecord first, Position known) {
        return first.seq() == known.seq() + 1 && known.agreesWith(first.prev());
    }

    private void queueSnapshot(RegionId origin) {
        Optional<CompletionStage<Permit>> place = serving.snapshots().acquire();
        if (place.isEmpty()) {
            response.cut();
            return;
        }
        await(place.get(), given -> loadSnapshot(origin, given));
    }

    private void loadSnapshot(RegionId origin, Permit given) {
        permit = Optional.of(given);
        if (response.closed()) {
            finishLines();
            return;
        }
        await(serving.log().snapshot(origin), this::sendSnapshot);
    }

    private void sendSnapshot(FeedSnapshot snapshot) {
        RegionId origin = snapshot.origin();
        sent.put(origin, snapshot.head());
        lines = FeedLines.of(snapshot, serving.age(origin)).map(FeedLines::write).iterator();
    }

    /** Goes on with what comes, on this context; nothing else is sent before. */
    private <T> void await(CompletionStage<T> stage, Consumer<T> then) {
        waiting = true;
        stage.whenComplete(
                (value, failure) ->
                        context.runOnContext(
                                now -> {
                                    waiting = false;
                                    goOn(value, Optional.ofNullable(failure), then);
                                }));
    }

    private <T> void goOn(T value, Optional<Throwable> failure, Consumer<T> then) {
        if (failure.isPresent()) {
            LOG.log(Level.WARNING, "the feed's log cannot be read", failure.get());
            finishLines();
            response.cut();
            return;
        }
        then.accept(value);
        pump();
    }

    private void finishLines() {
        lines = Collections.emptyIterator();
        permit.ifPresent(Permit::release);
        permit = Optional.empty();
    }

    private void sayHeads() {
        if (!response.full()) {
            List<String> all = serving.authorities().all();
            List<String> unsaid = all.subList(authoritiesSaid, all.size());
            authoritiesSaid = all.size();
            long sentMs = Duration.ofNanos(serving.nanoTime() - startNs).toMillis();
            response.write(FeedLines.write(serving.heads(asked.except(), sentMs, unsaid)));
        }
    }

    /** What is known here of an authority was known before its first record was. */
    private void sayAuthorities() {
        if (authoritiesSaid < serving.authorities().all().size()) {
            sayHeads();
        }
    }
}
