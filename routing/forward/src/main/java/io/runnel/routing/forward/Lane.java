package io.runnel.routing.forward;

import io.runnel.exec.task.RegionId;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpConnectOptions;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/** One event loop's connections to one region, and its calls there. For that loop only. */
final class Lane {
    private final Vertx vertx;
    private final HttpClientAgent client;
    private final ForwardSettings settings;
    private final RegionLink link;
    private final RegionHealth health;
    private final LongSupplier nanoClock;
    private final List<RegionConnection> connections = new ArrayList<>();
    private final Set<Attempt> unanswered = new LinkedHashSet<>();

    Lane(
            Vertx vertx,
            HttpClientAgent client,
            ForwardSettings settings,
            RegionLink link,
            RegionHealth health,
            LongSupplier nanoClock) {
        this.vertx = vertx;
        this.client = client;
        this.settings = settings;
        this.link = link;
        this.health = health;
        this.nanoClock = nanoClock;
    }

    RegionId region() {
        return link.region();
    }

    boolean isDown() {
        return health.state(region()).reach() == RegionState.Reach.DOWN;
    }

    /** Gives this waiter a stream, now or soon, or tells it that there is none. */
    void acquire(Waiter waiter) {
        long oldest = nanoClock.getAsLong() - settings.idle().toNanos();
        RegionConnection free = null;
        for (RegionConnection connection : List.copyOf(connections)) {
            if (connection.isIdleSince(oldest)) {
                connection.retire();
            }
            if (connection.isRetired()) {
                connections.remove(connection);
            } else if (free == null && connection.hasRoom()) {
                free = connection;
            }
        }
        if (free != null) {
            free.take(waiter);
        } else if (connections.size() < settings.connections()) {
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
        var made = new RegionConnection(settings.streams(), nanoClock.getAsLong());
        connections.add(made);
        // The client's own timeout does not cover the peer's HTTP/2 settings.
        long timer =
                vertx.setTimer(
                        settings.connectTimeout().toMillis(),
                        late -> connectFailed(made, AttemptFailure.CONNECT_TIMED_OUT));
        client.connect(
                        new HttpConnectOptions()
                                .setHost(link.internal().host())
                                .setPort(link.internal().port()))
                .onComplete(
                        connection -> {
                            vertx.cancelTimer(timer);
                            made.connected(connection);
                        },
                        cause -> {
                            vertx.cancelTimer(timer);
                            connectFailed(made, AttemptFailure.NOT_CONNECTED);
                        });
        return made;
    }

    private void connectFailed(RegionConnection connection, AttemptFailure why) {
        if (connection.isConnecting()) {
            health.connectFailed(region());
            connection.retire(why);
        }
    }

    /** A call was sent, and its answer has not begun. */
    void sent(Attempt attempt) {
        unanswered.add(attempt);
    }

    /** The call's answer has begun, or there will be none. */
    void settled(Attempt attempt) {
        unanswered.remove(attempt);
    }

    void release(RegionConnection connection) {
        connection.release(nanoClock.getAsLong());
    }

    /** The region does not answer: nothing more is sent by these ways, and what can moves on. */
    void down() {
        connections.forEach(connection -> connection.retire(AttemptFailure.CONNECT_TIMED_OUT));
        List.copyOf(unanswered).forEach(Attempt::regionDown);
    }
}
