package io.runnel.routing.forward;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.GatheredBody;
import io.runnel.routing.forward.RegionState.Reach;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Sends calls on from a POP to its regions, or from one node of a region to the others, over HTTP/2
 * to their {@code internal} listeners, and hands the answers back. Bodies stream both ways as fast
 * as the slower side takes them.
 *
 * <p>Each event loop has connections of its own, so that a call never changes threads and takes no
 * lock. {@link #forward}, {@link #refuse} and {@link #prepare} are called on the event loop; the
 * rest is safe for any thread.
 */
public final class RegionForwarder implements AutoCloseable {
    private static final int MOST_HEADER_BYTES = 64 * 1024;

    private final LoopLanes.Shared shared;
    private final List<RegionLink> links;
    private final RegionHealth health;
    private final Map<Thread, LoopLanes> loops = new ConcurrentHashMap<>();

    /**
     * Connects when the first call comes, or {@link #prepare} was called.
     *
     * @param links the ways to all nodes of all regions that calls may be forwarded to
     * @param health watches at least these regions
     * @param clients makes what connects to the regions, and secures it
     * @param random for moments that are not to be the same for all; safe for any thread
     * @param nanoClock monotonic, in nanoseconds: the clock of the calls' deadlines
     */
    public RegionForwarder(
            Vertx vertx,
            ForwardSettings settings,
            List<RegionLink> links,
            RegionHealth health,
            BiFunction<HttpClientOptions, PoolOptions, HttpClientAgent> clients,
            RandomGenerator random,
            LongSupplier nanoClock) {
        this.shared =
                new LoopLanes.Shared(
                        vertx,
                        clients.apply(options(settings), new PoolOptions()),
                        new RequestHead(settings),
                        new RetryBudget(settings.keptTries()),
                        new ForwardCounts(),
                        random,
                        nanoClock);
        this.links = List.copyOf(links);
        this.health = health;
        health.onChange(this::changed);
    }

    private static HttpClientOptions options(ForwardSettings settings) {
        int window = (int) settings.window().bytes();
        return new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setHttp2MultiplexingLimit(settings.streams())
                // Every stream may have its window full of what a slow client has not taken; the
                // connection's window is the sum, so that no stream ever stops the others.
                .setHttp2ConnectionWindowSize(window * settings.streams())
                .setInitialSettings(
                        new Http2Settings()
                                .setInitialWindowSize(window)
                                .setMaxHeaderListSize(MOST_HEADER_BYTES)
                                .setPushEnabled(false))
                // Lane watches the whole of a connect; this one only cleans up after it.
                .setConnectTimeout(2 * (int) settings.connectTimeout().toMillis())
                .setTcpNoDelay(true);
    }

    private void changed(RegionLink node, RegionState state) {
        switch (state.reach()) {
            case UP -> loops.values().forEach(lanes -> lanes.linkUp(node));
            case DOWN -> loops.values().forEach(lanes -> lanes.linkDown(node));
            case UNKNOWN, DRAINING -> {}
        }
    }

    /**
     * Makes ready what calls of this event loop need, so that the first of them does not have to:
     * connections to the regions that are up, or will be. To be called on the loop.
     */
    public void prepare() {
        LoopLanes lanes = lanes();
        links.stream()
                .filter(node -> health.cell(node).reach().reach() == Reach.UP)
                .forEach(lanes::linkUp);
    }

    private LoopLanes lanes() {
        return loops.computeIfAbsent(Thread.currentThread(), this::newLanes);
    }

    /**
     * Forwards a call. The answer, or a problem, goes to the client by itself; only after {@link
     * ForwardResult.Unreached} the client still waits for one.
     *
     * @return what came of it, on the exchange's event loop; never fails
     * @throws IllegalArgumentException if a candidate is no region that there is a way to
     */
    public Future<ForwardResult> forward(Exchange exchange, GatheredBody body, ForwardCall call) {
        return new ForwardedCall(lanes(), exchange, body, call).start();
    }

    private LoopLanes newLanes(Thread loop) {
        return new LoopLanes(shared, links, health);
    }

    /** Tells the client that no region could be reached. */
    public void refuse(Exchange exchange, ForwardCall call, ForwardResult.Unreached unreached) {
        ForwardedCall.refuse(
                exchange,
                call,
                ErrorCode.REGION_UNREACHABLE,
                unreached.failed(),
                shared.head().settings().node());
    }

    /** What it did since its start, and where it stands. */
    public ForwardReport report() {
        return shared.counts().report(shared.budget(), links.stream().map(health::cell).toList());
    }

    /** Closes all connections; calls that are under way break. */
    @Override
    public void close() {
        shared.client().close();
    }
}
