package io.runnel.routing.forward;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.forward.RegionState.Reach;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * Which regions can be reached, and how far they are. Each is pinged over a connection of its own,
 * by the same way as the calls, so that neither waits for the other; connections that fail or fall
 * silent count as missed pings. Two misses in a row, and a region is down; one answer, and it is
 * up. With its answer a region's node says what it has, if that is not what it said last.
 *
 * <p>Safe for any thread; reading takes no lock.
 */
public final class RegionHealth implements AutoCloseable {
    private static final Logger LOG = System.getLogger(RegionHealth.class.getName());

    /** Told when the reach of a region's node changes. */
    @FunctionalInterface
    public interface Listener {
        /** On whatever thread noticed it: must be short. */
        void changed(RegionLink node, RegionState state);
    }

    /** Told of what a region's node says of its stock, when it says something else. */
    @FunctionalInterface
    public interface StockListener {
        /** On an event loop: must be short. */
        void told(RegionLink node, String text);
    }

    private final HealthSettings settings;
    private final Map<RegionLink, RegionCell> cells;
    private final Map<RegionId, List<RegionCell>> regions;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final List<StockListener> stockListeners = new CopyOnWriteArrayList<>();
    private final HttpClient client;
    private final List<Pinger> pingers;

    /**
     * Knows nothing until {@link #start}.
     *
     * @param clients makes what connects to the regions, and secures it
     * @param nanoClock monotonic, in nanoseconds
     */
    public RegionHealth(
            Vertx vertx,
            HealthSettings settings,
            List<RegionLink> links,
            BiFunction<HttpClientOptions, PoolOptions, ? extends HttpClient> clients,
            LongSupplier nanoClock) {
        this.settings = settings;
        Map<RegionLink, RegionCell> unknown = new HashMap<>();
        Map<RegionId, List<RegionCell>> grouped = new HashMap<>();
        for (RegionLink link : links) {
            RegionCell cell = new RegionCell(link, nanoClock);
            unknown.put(link, cell);
            grouped.computeIfAbsent(link.region(), region -> new ArrayList<>()).add(cell);
        }
        this.cells = Map.copyOf(unknown);
        this.regions = Map.copyOf(grouped);
        this.client = clients.apply(options(settings), pool());
        this.pingers =
                links.stream()
                        .map(link -> new Pinger(vertx, client, settings, link, nanoClock))
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
     * What is known of a region: of its node that a call would best go to.
     *
     * @throws IllegalArgumentException if it is none of those watched
     */
    public RegionState state(RegionId region) {
        List<RegionCell> nodes = nodes(region);
        RegionState best = nodes.getFirst().state();
        for (int i = 1; i < nodes.size(); i++) {
            RegionState other = nodes.get(i).state();
            if (other.isBetterThan(best)) {
                best = other;
            }
        }
        return best;
    }

    private List<RegionCell> nodes(RegionId region) {
        List<RegionCell> nodes = regions.get(region);
        if (nodes == null) {
            throw new IllegalArgumentException("not a region that is watched: " + region);
        }
        return nodes;
    }

    /** Whether of each region something is known: that it answers, or that it does not. */
    public boolean knowsAll() {
        return regions.values().stream().allMatch(RegionHealth::isKnown);
    }

    /** One node that answers is enough; that none does only all of them can show. */
    private static boolean isKnown(List<RegionCell> nodes) {
        Set<Reach> reach = EnumSet.noneOf(Reach.class);
        nodes.forEach(node -> reach.add(node.reach().reach()));
        return !reach.contains(Reach.UNKNOWN) || reach.contains(Reach.UP);
    }

    /** Whether one of a region's nodes has answered a ping lately. */
    public boolean answeredWithin(RegionId region, Duration time) {
        return nodes(region).stream().anyMatch(node -> node.answeredWithin(time));
    }

    /** Calls this listener from the next change on. */
    public void onChange(Listener listener) {
        listeners.add(listener);
    }

    /** Calls this listener with what is said from now on; to be called before {@link #start}. */
    public void onStock(StockListener listener) {
        stockListeners.add(listener);
    }

    /** It says what it has. */
    void stock(RegionLink node, String text) {
        stockListeners.forEach(listener -> listener.told(node, text));
    }

    /** A connection for a call could not be made. */
    void connectFailed(RegionLink node) {
        missed(node, "no connection");
    }

    void missed(RegionLink node, String why) {
        change(node, state -> state.missed(settings.misses()), why);
    }

    /** What it says of its load comes with answers to pings, and with those to calls. */
    void said(RegionLink node, String load) {
        cell(node).said(load);
    }

    void answered(RegionLink node, Reach as, long roundTripNanos) {
        cell(node).answers();
        change(node, state -> state.answered(as, roundTripNanos), "it answered");
    }

    private void change(RegionLink node, UnaryOperator<RegionState> step, String why) {
        RegionState before = cell(node).change(step);
        RegionState after = step.apply(before);
        if (before.reach() != after.reach()) {
            Level level = after.reach() == Reach.DOWN ? Level.WARNING : Level.INFO;
            LOG.log(level, () -> "%s is %s: %s".formatted(named(node), after.reach(), why));
            RegionState now = cell(node).state();
            listeners.forEach(listener -> listener.changed(node, now));
        }
    }

    private String named(RegionLink node) {
        return nodes(node.region()).size() == 1
                ? "region " + node.region()
                : "region %s at %s".formatted(node.region(), node.internal());
    }

    RegionCell cell(RegionLink node) {
        RegionCell cell = cells.get(node);
        if (cell == null) {
            throw new IllegalArgumentException("not a node that is watched: " + node);
        }
        return cell;
    }

    @Override
    public void close() {
        pingers.forEach(Pinger::stop);
        client.close();
    }
}
