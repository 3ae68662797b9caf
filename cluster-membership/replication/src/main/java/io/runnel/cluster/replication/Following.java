package io.runnel.cluster.replication;

import io.runnel.cluster.replication.FollowerStatus.State;
import io.runnel.cluster.replication.ReplicationException.Code;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * The follower at work, on its context: at most one source that is followed and one that is tried.
 * The one tried becomes the followed one with its first line; only then is the old one let go, so
 * that going back to a better source loses nothing.
 */
final class Following implements FeedStream.Listener, FeedDelivery.Listener {
    /** Whom to connect to, as whom. */
    record Connecting(
            InternalClient client, NodeName node, List<Peer> sources, Set<RegionId> except) {}

    /** A connection to a source, and what is made of its lines. */
    private record Source(int number, FeedStream stream, FeedIntake intake) {}

    private static final Logger LOG = System.getLogger(Following.class.getName());

    /** How many different records that are refused are told. */
    private static final int MOST_TOLD = 256;

    private final Vertx vertx;
    private final Context context;
    private final Connecting connecting;
    private final SourceChoice choice;
    private final FeedFollower.Settings settings;
    private final LongSupplier nanoClock;
    private final FeedDelivery delivery;
    private final CompletableFuture<Void> firstCaughtUp = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private Optional<Source> followed = Optional.empty();
    private Optional<Source> tried = Optional.empty();
    private Optional<String> lastFailure = Optional.empty();
    private State state = State.IDLE;
    private long followedSinceNs;
    private final Set<String> toldRefused = new HashSet<>();
    private long refused;
    private long changes;
    private long timer;
    private volatile FollowerStatus status;

    Following(
            Vertx vertx,
            Connecting connecting,
            SourceChoice choice,
            FeedSink sink,
            FeedTrust trust,
            Checking checking,
            FeedFollower.Settings settings,
            LongSupplier nanoClock) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.connecting = connecting;
        this.choice = choice;
        this.settings = settings;
        this.nanoClock = nanoClock;
        this.delivery = new FeedDelivery(context, sink, trust, checking, this);
        tell(State.IDLE);
    }

    FollowerStatus status() {
        return status;
    }

    CompletableFuture<Void> caughtUp() {
        return firstCaughtUp.copy();
    }

    void start() {
        context.runOnContext(
                now -> {
                    if (state == State.IDLE) {
                        tell(State.SEEKING);
                        beginRound();
                    }
                });
    }

    CompletableFuture<Void> close() {
        context.runOnContext(
                now -> {
                    tell(State.CLOSED);
                    vertx.cancelTimer(timer);
                    tried.ifPresent(source -> source.stream.close());
                    followed.ifPresent(source -> source.stream.close());
                    delivery.leaveSource();
                    closeWhenIdle();
                });
        return closed.copy();
    }

    private void beginRound() {
        choice.beginRound(followed.map(Source::number));
        tryNext();
    }

    private void tryNext() {
        tried = choice.next().map(this::open);
        if (tried.isEmpty()) {
            choice.pauseMs(followed.map(Source::number)).ifPresent(this::beginRoundIn);
        }
    }

    private void beginRoundIn(long pauseMs) {
        vertx.cancelTimer(timer);
        timer = vertx.setTimer(pauseMs, now -> beginRound());
    }

    private Source open(int number) {
        FeedRequest asked =
                new FeedRequest(
                        delivery.positions(), connecting.except(), Optional.of(connecting.node()));
        FeedStream stream =
                FeedStream.open(
                        vertx,
                        connecting.client(),
                        connecting.sources().get(number),
                        asked,
                        this,
                        settings.silence(),
                        nanoClock);
        FeedIntake intake =
                new FeedIntake(
                        connecting.except(), settings.snapshotRecords(), settings.snapshotBytes());
        return new Source(number, stream, intake);
    }

    @Override
    public void line(FeedStream stream, FeedLine line, long atNs) {
        if (isOf(tried, stream)) {
            changeOver();
        }
        if (isOf(followed, stream)) {
            followed.get().intake.take(line, atNs).forEach(delivery::add);
            if (delivery.full()) {
                stream.pause();
            }
        }
    }

    private void changeOver() {
        followed.ifPresent(old -> old.stream.close());
        followed = tried;
        tried = Optional.empty();
        delivery.changeSource(followed.get().stream.source().region());
        changes++;
        followedSinceNs = nanoClock.getAsLong();
        LOG.log(Level.INFO, "feed: following {0}", followed.get().stream.source());
        tell(State.CATCHING_UP);
        choice.found();
        vertx.cancelTimer(timer);
        tryNext();
    }

    @Override
    public void ended(FeedStream stream, Throwable cause) {
        String what = "%s: %s".formatted(stream.source(), cause.getMessage());
        boolean isNews = !lastFailure.equals(Optional.of(what));
        lastFailure = Optional.of(what);
        if (cause instanceof ReplicationException e && e.code() == Code.FORGED) {
            refused++;
            tellRefused(what);
        }
        if (isOf(tried, stream)) {
            // That one is down is seen elsewhere; that one does not want to is not.
            LOG.log(
                    isNews && isRefusal(cause) ? Level.WARNING : Level.DEBUG,
                    "feed: not to be had from {0}",
                    what);
            tryNext();
        } else if (isOf(followed, stream)) {
            boolean isToldAlready = toldRefused.contains(what);
            LOG.log(isToldAlready ? Level.DEBUG : Level.WARNING, "feed: lost {0}", what);
            lose();
        }
    }

    private static boolean isRefusal(Throwable cause) {
        return cause instanceof ReplicationException refused
                && refused.code() == ReplicationException.Code.PEER_REFUSED;
    }

    /** A source that is tried again and again sends the same again: that is told once. */
    private void tellRefused(String what) {
        if (toldRefused.size() < MOST_TOLD && toldRefused.add(what)) {
            LOG.log(
                    Level.ERROR,
                    "feed: not taken from {0}; whoever sent it, or one before it, made it up",
                    what);
        }
    }

    private void lose() {
        int number = followed.orElseThrow().number;
        followed = Optional.empty();
        tell(State.SEEKING);
        long forNs = nanoClock.getAsLong() - followedSinceNs;
        boolean atOnce = choice.lost(number, forNs >= settings.steady().toNanos());
        if (tried.isEmpty()) {
            vertx.cancelTimer(timer);
            if (atOnce) {
                tryNext();
            } else {
                choice.pauseMs(Optional.empty()).ifPresent(this::beginRoundIn);
            }
        }
    }

    @Override
    public void progress() {
        if (!delivery.full()) {
            followed.ifPresent(source -> source.stream.resume());
        }
        tell(state);
        closeWhenIdle();
    }

    @Override
    public void reachedHead() {
        if (state == State.CATCHING_UP) {
            tell(State.FOLLOWING);
            firstCaughtUp.complete(null);
        }
    }

    @Override
    public void failed(Throwable cause) {
        followed.ifPresent(
                source -> {
                    source.stream.close();
                    ended(source.stream, cause);
                });
    }

    private void closeWhenIdle() {
        if (state == State.CLOSED && !delivery.busy()) {
            closed.complete(null);
        }
    }

    private void tell(State now) {
        state = now;
        Optional<Peer> source = followed.map(one -> one.stream.source());
        status =
                new FollowerStatus(
                        now,
                        now == State.CLOSED ? Optional.empty() : source,
                        delivery.records(),
                        delivery.snapshots(),
                        changes,
                        refused,
                        lastFailure);
    }

    private static boolean isOf(Optional<Source> source, FeedStream stream) {
        return source.isPresent() && source.get().stream == stream;
    }
}
