package io.runnel.routing.forward;

import io.runnel.exec.http.BodyLimits;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.GatheredBody;
import io.runnel.exec.http.ListenerSettings;
import io.runnel.exec.http.NodeListener;
import io.runnel.exec.http.RequestIds;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** A POP that forwards every call to its regions, in their order. */
final class Pop implements AutoCloseable {
    static final AccountId DEMO = new AccountId("demo");
    private static final long SEED = 7;
    static final NodeName AMS = new NodeName("ams");
    static final ForwardSettings SETTINGS = ForwardSettings.of(AMS);
    private static final BodyLimits BODIES = new BodyLimits(ByteSize.ofMiB(200), ByteSize.ofMiB(1));

    final RegionHealth health;
    final BlockingQueue<ForwardResult> results = new LinkedBlockingQueue<>();
    volatile NodeStart.Of starts = NodeStart.Of.UNKNOWN;
    volatile BooleanSupplier otherWay = () -> false;
    volatile boolean onlyReady;
    volatile Duration patience = Duration.ofSeconds(15);
    volatile Function<Exchange, AccountId> tenant = exchange -> DEMO;
    final RegionForwarder forwarder;
    private final NodeListener listener;
    private final List<RegionId> candidates;

    Pop(Vertx vertx, ForwardSettings settings, RegionLink... links) {
        this(vertx, settings, System::nanoTime, links);
    }

    /**
     * One by another clock.
     *
     * @param knowledge the clock by which what is known of regions grows old
     */
    Pop(Vertx vertx, ForwardSettings settings, LongSupplier knowledge, RegionLink... links) {
        this(vertx, settings, knowledge, ListenerSettings.at("127.0.0.1", 0), links);
    }

    private Pop(
            Vertx vertx,
            ForwardSettings settings,
            LongSupplier knowledge,
            ListenerSettings listen,
            RegionLink... links) {
        List<RegionLink> all = List.of(links);
        this.candidates = all.stream().map(RegionLink::region).distinct().toList();
        var pings = new HealthSettings(Duration.ofMillis(20), Duration.ofMillis(200), 2);
        this.health = new RegionHealth(vertx, pings, all, vertx::createHttpClient, knowledge);
        this.forwarder =
                new RegionForwarder(
                        vertx,
                        settings,
                        all,
                        health,
                        vertx::createHttpClient,
                        new Random(SEED),
                        System::nanoTime);
        var ids = new RequestIds(InstantSource.system(), Random::new);
        this.listener =
                Await.value(
                        NodeListener.start(
                                vertx,
                                listen,
                                ids,
                                System::nanoTime,
                                exchange -> exchange.gather(BODIES, b -> forward(exchange, b))));
    }

    static Pop before(Vertx vertx, FakeRegion... regions) {
        return new Pop(
                vertx,
                SETTINGS,
                Arrays.stream(regions).map(FakeRegion::link).toArray(RegionLink[]::new));
    }

    /** One that users reach in this way only. */
    static Pop secured(Vertx vertx, Consumer<HttpServerOptions> security, FakeRegion region) {
        ListenerSettings listen = ListenerSettings.at("127.0.0.1", 0).withSecurity(security);
        return new Pop(vertx, SETTINGS, System::nanoTime, listen, region.link());
    }

    /** Watches its regions too. */
    Pop watching() {
        health.start();
        return this;
    }

    /** Connects before its first call. */
    Pop prepared() {
        listener.onEachLoop(forwarder::prepare);
        return this;
    }

    int loops() {
        return ListenerSettings.at("127.0.0.1", 0).loops();
    }

    /** Gives its calls more time than any test waits. */
    Pop patient() {
        patience = Duration.ofMinutes(2);
        return this;
    }

    private void forward(Exchange exchange, GatheredBody body) {
        long deadline = System.nanoTime() + patience.toNanos();
        var call =
                new ForwardCall(
                        tenant.apply(exchange),
                        deadline,
                        candidates,
                        starts,
                        otherWay,
                        onlyReady,
                        headers -> headers.set("Runnel-Placed", "uncommon"));
        forwarder
                .forward(exchange, body, call)
                .onComplete(
                        result -> {
                            if (result instanceof ForwardResult.Unreached unreached) {
                                forwarder.refuse(exchange, call, unreached);
                            }
                            results.add(result);
                        },
                        cause -> exchange.fail(cause));
    }

    int port() {
        return listener.port();
    }

    @Override
    public void close() {
        Await.value(listener.drain(Duration.ofMillis(1)));
        forwarder.close();
        health.close();
    }
}
