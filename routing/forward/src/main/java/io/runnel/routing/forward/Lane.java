package io.runnel.routing.forward;

import io.runnel.exec.http.Ticker;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RegionId;
import io.vertx.core.http.HttpConnectOptions;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One event loop's connections to one node of a region, and its calls there. For that loop only.
 */
final class Lane implements Ticker.Tickable {
    private static final long LEAST_HEDGE_NANOS = 2_000_000;
    private static final int OPEN_PERCENT = 5;

    /** How much a call wants of a region, the most first. */
    enum Readiness {
        /**
         * It has room, has not just come back with all that it may have now, and its calls go well.
         */
        READY,
        /** Its calls go well, and it has not just come back. */
        FULL,
        /** Its calls go well. */
        STARTING,
        /** No other is left: now and then one is tried whatever the breaker says. */
        LAST
    }

    private final LoopLanes loop;
    private final RegionLink link;
    private final RegionHealth health;
    private final RegionCell cell;
    private final TenantPlaces places;
    private final Hedger hedger;
    private final List<RegionConnection> connections = new ArrayList<>();
    private final Set<Attempt> open = new LinkedHashSet<>();
    private boolean lastPassed;

    Lane(LoopLanes loop, RegionLink link, RegionHealth health) {
        this.loop = loop;
        this.link = link;
        this.health = health;
        this.cell = health.cell(link);
        ForwardSettings settings = loop.settings();
        this.places = new TenantPlaces(settings.streams() * settings.connections());
        this.hedger = new Hedger(loop.vertx(), loop.nanoClock(), LEAST_HEDGE_NANOS);
    }

    RegionId region() {
        return link.region();
    }

    RegionCounts counts() {
        return cell.counts();
    }

    boolean isDown() {
        return cell.reach().reach() == RegionState.Reach.DOWN;
    }

    /** Whether a call could be sent to it at once, and would likely be answered. */
    boolean isReady() {
        return isWell() && !cell.isFull() && cell.wouldBeGivenOneMore();
    }

    /** Whether a call that it takes would likely be answered, be there room now or not. */
    boolean isWell() {
        RegionState.Reach reach = cell.reach().reach();
        return (reach == RegionState.Reach.UP || reach == RegionState.Reach.UNKNOWN)
                && cell.breaker().state() == RegionState.Breaker.CLOSED;
    }

    RegionLink link() {
        return link;
    }

    /** What is known of its node, to be compared with others'. */
    NodeChoice.Node node(NodeStart.Of starts) {
        RegionState state = cell.state();
        boolean takes =
                state.reach() == RegionState.Reach.UP || state.reach() == RegionState.Reach.UNKNOWN;
        int burden = state.loadPercent() + OPEN_PERCENT * open.size();
        return new NodeChoice.Node(link.zone(), takes, burden, starts.at(link));
    }

    /** Lets a call in, if the region is as it wants it; {@link #pass} is the next thing to ask. */
    boolean admits(Readiness wanted) {
        lastPassed =
                switch (wanted) {
                    case READY ->
                            !cell.isFull() && cell.isGivenOneMore() && cell.breaker().tryPass();
                    case FULL -> !cell.isStarting() && cell.breaker().tryPass();
                    case STARTING -> cell.breaker().tryPass();
                    case LAST -> false;
                };
        return lastPassed || (wanted == Readiness.LAST && cell.lastTrial());
    }

    /** What the call is in with that was let in just now. */
    Pass pass(AccountId tenant) {
        long now = loop.nanoTime();
        return new Pass(cell.breaker(), lastPassed, places, places.of(tenant, now), now);
    }

    /** Gives this waiter a stream, now or soon, or tells it that there is none. */
    void acquire(Waiter waiter) {
        long oldest = loop.nanoTime() - loop.settings().idle().toNanos();
        RegionConnection free = null;
        int usable = 0;
        for (Iterator<RegionConnection> all = connections.iterator(); all.hasNext(); ) {
            RegionConnection connection = all.next();
            if (connection.isIdleSince(oldest)) {
                connection.retire();
            }
            if (connection.isDone()) {
                all.remove();
            } else if (!connection.isRetired()) {
                usable++;
                if (free == null && connection.hasRoom()) {
                    free = connection;
                }
            }
        }
        if (free != null) {
            free.take(waiter);
        } else if (usable < loop.settings().connections()) {
            connect().take(waiter);
        } else {
            waiter.notOpened(AttemptFailure.BUSY);
        }
    }

    /** Has a connection made ready before the first call needs it. */
    void prepare() {
        if (connections.stream().allMatch(RegionConnection::isRetired)) {
            connect();
        }
    }

    private RegionConnection connect() {
        var made = new RegionConnection(loop.settings().streams(), loop.nanoTime());
        connections.add(made);
        // The client's own timeout does not cover the peer's HTTP/2 settings.
        long timer =
                loop.vertx()
                        .setTimer(
                                loop.settings().connectTimeout().toMillis(),
                                late -> connectFailed(made, AttemptFailure.CONNECT_TIMED_OUT));
        loop.client()
                .connect(
                        new HttpConnectOptions()
                                .setHost(link.internal().host())
                                .setPort(link.internal().port()))
                .onComplete(
                        connection -> {
                            loop.vertx().cancelTimer(timer);
                            made.connected(connection);
                        },
                        cause -> {
                            loop.vertx().cancelTimer(timer);
                            connectFailed(made, AttemptFailure.NOT_CONNECTED);
                        });
        return made;
    }

    private void connectFailed(RegionConnection connection, AttemptFailure why) {
        if (connection.isConnecting()) {
            health.connectFailed(link);
            connection.retire(why);
        }
    }

    /** A call is being sent: returns when. */
    long sent(Attempt attempt) {
        if (open.isEmpty()) {
            loop.ticker().add(this);
        }
        open.add(attempt);
        cell.began();
        cell.counts().sent();
        loop.counts().sent();
        return loop.nanoTime();
    }

    /** If its answer is later than usual, it is told so. */
    void mayBeLate(Attempt attempt) {
        hedger.sent(attempt);
    }

    /** A sent call's answer has begun, or there will be none: returns when. */
    long settled() {
        loop.counts().settled();
        return loop.nanoTime();
    }

    /** So long the head of an answer took. */
    void took(long nanos) {
        hedger.took(nanos);
    }

    /** The region says how loaded it is. */
    void said(String load) {
        cell.said(load);
    }

    /** It ran a call, and began to answer after so long. */
    void ran(long nanos) {
        cell.ran(nanos);
    }

    /** It had no room for a call. */
    void refused() {
        cell.refused(loop.random());
    }

    /** An attempt that was sent is over. */
    void release(Attempt attempt, RegionConnection connection) {
        if (open.remove(attempt)) {
            cell.ended();
        }
        if (open.isEmpty()) {
            loop.ticker().remove(this);
        }
        giveBack(connection);
    }

    /** A stream of this connection is not needed any more. */
    void giveBack(RegionConnection connection) {
        connection.release(loop.nanoTime());
    }

    /** The region does not answer: nothing more is sent by these ways, and what can moves on. */
    void down() {
        connections.forEach(connection -> connection.retire(AttemptFailure.CONNECT_TIMED_OUT));
        List.copyOf(open).forEach(Attempt::regionDown);
    }

    /** Looks for connections that are open and say nothing any more. */
    @Override
    public void tick() {
        long now = loop.nanoTime();
        for (RegionConnection connection : List.copyOf(connections)) {
            switch (connection.watch(now, cell.reach().roundTripNanos())) {
                case HEARD -> {}
                case SUSPECT -> {
                    connection.retire(AttemptFailure.CONNECT_TIMED_OUT);
                    health.missed(link, "a connection for calls says nothing");
                    List.copyOf(open).forEach(attempt -> attempt.suspected(connection));
                }
                case DEAD -> {
                    List.copyOf(open).forEach(attempt -> attempt.dead(connection));
                    connection.abandon();
                }
            }
        }
    }
}
