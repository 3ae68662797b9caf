package io.runnel.routing.forward;

import io.runnel.attestation.NetworkToken;
import io.runnel.exec.task.RegionId;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * Which regions can be reached, and how far they are. Each is pinged over a connection of its own,
 * by the same way as the calls, so that neither waits for the other; connections that fail or fall
 * silent count as missed pings. Two misses in a row, and a region is down; one answer, and it is
 * up.
 *
 * <p>Safe for any thread; reading takes no lock.
 */
public final class RegionHealth implements AutoCloseable {
    private static final Logger LOG = System.getLogger(RegionHealth.class.getName());

    /** Told when a region's reach changes. */
    @FunctionalInterface
    public interface Listener {
        /** On whatever thread noticed it: must be short. */
        void changed(RegionId region, RegionState state);
    }

    private final HealthSettings settings;
    private final Map<RegionId, RegionCell> cells;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final HttpClient client;
    private final List<Pinger> pingers;

    /**
     * Knows nothing until {@link #start}.
     *
     * @param nanoClock monotonic, in nanoseconds
     */
    public RegionHealth(
            Vertx vertx,
            HealthSettings settings,
            List<RegionLink> links,
            NetworkToken token,
            LongSupplier nanoClock) {
        this.settings = settings;
        Map<RegionId, RegionCell> unknown = new HashMap<>();
        for (RegionLink link : links) {
            unknown.put(link.region(), new RegionCell(link, nanoClock));
        }
        this.cells = Map.copyOf(unknown);
        this.client = vertx.createHttpClient(options(settings), pool());
        this.pingers =
                links.stream()
                        .map(link -> new Pinger(vertx, client, settings, link, token, nanoClock))
                        .toList();
    }

    private static HttpClientOptions options(HealthSettings settings) {
        return new HttpClientOptions()
                .setConnectTimeout((int) settings.timeout().toMillis())
                .setTcpNoDelay(true);
    }

    /** For each region one connection, and room for a ping behind one that is given up. */
    private static PoolOptions pool() {
        return new PoolOptions().setHttp1MaxSize(1).setMaxWaitQueueSize(2);
    }

    /** Begins to ping. */
    public void start() {
        pingers.forEach(pinger -> pinger.start(this));
    }

    /**
     * What is known of a region.
     *
     * @throws IllegalArgumentException if it is none of those watched
     */
    public RegionState state(RegionId region) {
        return cell(region).state();
    }

    /** Whether of each region something is known: that it answers, or that it does not. */
    public boolean knowsAll() {
        return cells.values().stream()
                .noneMatch(cell -> cell.reach().reach() == RegionState.Reach.UNKNOWN);
    }

    /** Calls this listener from the next change on. */
    public void onChange(Listener listener) {
        listeners.add(listener);
    }

    /** A connection for a call could not be made. */
    void connectFailed(RegionId region) {
        missed(region, "no connection");
    }

    void missed(RegionId region, String why) {
        change(region, state -> state.missed(settings.misses()), why);
    }

    /** What it says of its load comes with answers to pings, and with those to calls. */
    void said(RegionId region, String load) {
        cell(region).said(load);
    }

    void answered(RegionId region, RegionState.Reach as, long roundTripNanos) {
        change(region, state -> state.answered(as, roundTripNanos), "it answered");
    }

    private void change(RegionId region, UnaryOperator<RegionState> step, String why) {
        RegionState before = cell(region).change(step);
        RegionState after = step.apply(before);
        if (before.reach() != after.reach()) {
            Level level = after.reach() == RegionState.Reach.DOWN ? Level.WARNING : Level.INFO;
            LOG.log(level, () -> "region %s is %s: %s".formatted(region, after.reach(), why));
            listeners.forEach(listener -> listener.changed(region, state(region)));
        }
    }

    RegionCell cell(RegionId region) {
        RegionCell cell = cells.get(region);
        if (cell == null) {
            throw new IllegalArgumentException("not a region that is watched: " + region);
        }
        return cell;
    }

    @Override
    public void close() {
        pingers.forEach(Pinger::stop);
        client.close();
    }
}
