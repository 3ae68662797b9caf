package io.runnel.exec.http;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A listener of a node: HTTP/1.1 and HTTP/2 in clear text, with its limits, on several event loops
 * at once. Whatever a handler throws is answered with 500 and logged. Methods are safe for any
 * thread.
 */
public final class NodeListener {
    private static final Logger LOG = System.getLogger(NodeListener.class.getName());
    private static final int MOST_HEADER_BYTES = 32 * 1024;
    private static final int MOST_CHUNK_BYTES = 16 * 1024;
    private static final int STREAM_WINDOW_BYTES = 64 * 1024;
    private static final int BACKLOG = 1024;

    /** Past the patience of a drain: for what Vert.x closes by itself. */
    private static final long LAST_MILLIS = 100;

    /** Tells Vert.x which servers share one free port: a number for each listener. */
    private static final AtomicInteger FREE_PORTS = new AtomicInteger();

    private final LoopShell.Shared shared;
    private final SocketAddress address;
    private final Vertx vertx;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private final List<LoopShell> shells = new CopyOnWriteArrayList<>();

    private volatile String deployment = "";

    private NodeListener(Vertx vertx, LoopShell.Shared shared) {
        this.vertx = vertx;
        ListenerSettings settings = shared.settings();
        this.shared = shared;
        this.address =
                settings.port() == 0
                        ? SocketAddress.sharedRandomPort(
                                FREE_PORTS.incrementAndGet(), settings.host())
                        : SocketAddress.inetSocketAddress(settings.port(), settings.host());
    }

    /**
     * Opens the port.
     *
     * @param handler called on the request's event loop; must not block
     * @return the listener, when it listens; fails if the port is taken
     */
    public static Future<NodeListener> start(
            Vertx vertx,
            ListenerSettings settings,
            RequestIds ids,
            LongSupplier nanoClock,
            Consumer<Exchange> handler) {
        NodeListener listener =
                new NodeListener(
                        vertx,
                        new LoopShell.Shared(
                                settings,
                                ids,
                                nanoClock,
                                handler,
                                new AtomicInteger(),
                                new BodyBudget(settings.bodies()),
                                new RefusalCounts()));
        DeploymentOptions loops = new DeploymentOptions().setInstances(settings.loops());
        return vertx.deployVerticle(() -> listener.new Loop(), loops)
                .recover(cause -> Future.failedFuture(listener.cannotListen(cause)))
                .map(
                        id -> {
                            listener.deployment = id;
                            return listener;
                        });
    }

    private IOException cannotListen(Throwable cause) {
        return new IOException(
                "cannot listen at %s: %s".formatted(address, cause.getMessage()), cause);
    }

    /** One event loop's server. */
    private final class Loop extends VerticleBase {
        @Override
        public Future<?> start() {
            LoopShell shell = new LoopShell(shared, context);
            HttpServer server = vertx.createHttpServer(options(shared.settings()));
            server.connectionHandler(shell::connected);
            server.requestHandler(shell::handle);
            server.invalidRequestHandler(shell::handleInvalid);
            server.exceptionHandler(NodeListener::broken);
            long quarter = Math.max(1, shared.settings().idle().toMillis() / 4);
            vertx.setPeriodic(quarter, timer -> shell.closeIdle());
            shells.add(shell);
            return server.listen(address).onSuccess(servers::add);
        }
    }

    private static HttpServerOptions options(ListenerSettings settings) {
        HttpServerOptions options = new HttpServerOptions();
        options.setMaxInitialLineLength(EdgePath.MOST_CHARACTERS);
        options.setMaxHeaderSize(MOST_HEADER_BYTES);
        options.setMaxChunkSize(MOST_CHUNK_BYTES);
        options.setAcceptBacklog(BACKLOG);
        options.setHttp2ClearTextEnabled(true);
        options.setPerFrameWebSocketCompressionSupported(false);
        options.setPerMessageWebSocketCompressionSupported(false);
        options.setHttp2ConnectionWindowSize((int) settings.window().bytes());
        options.setHttp2RstFloodMaxRstFramePerWindow(settings.resets());
        options.setInitialSettings(
                new Http2Settings()
                        .setMaxConcurrentStreams(settings.streams())
                        .setInitialWindowSize(STREAM_WINDOW_BYTES)
                        .setMaxHeaderListSize(MOST_HEADER_BYTES));
        return options;
    }

    /** Before a request is known: a client that hangs up, bytes that are no HTTP. */
    private static void broken(Throwable cause) {
        LOG.log(Level.DEBUG, "connection failed", cause);
    }

    /** The port it listens at. */
    public int port() {
        return servers.getFirst().actualPort();
    }

    /** Does this once on each of its event loops, soon. */
    public void onEachLoop(Runnable action) {
        shells.forEach(shell -> shell.context().runOnContext(turned -> action.run()));
    }

    /**
     * Tells ten times a second for each of its event loops by how much it is late.
     *
     * @param told called on the loops; must not block
     */
    public void tellLateness(Consumer<Duration> told) {
        onEachLoop(() -> new LoopLateness(vertx, shared.nanoClock(), told).start());
    }

    /** Requests whose answer is not whole yet. */
    public int inFlight() {
        return shared.inFlight().get();
    }

    /** What it answered that something failed, by what, since the start. */
    public RefusalCounts refusals() {
        return shared.refusals();
    }

    /** What gathered bodies may still take. */
    long freeBodyBytes() {
        return shared.bodies().freeBytes();
    }

    /**
     * Takes no new connections and requests, lets those in flight end, and closes what is left
     * after {@code patience}. May be called again, to no effect.
     *
     * @return done when every connection is closed
     */
    public Future<Void> drain(Duration patience) {
        long millis = patience.toMillis();
        Promise<Void> late = Promise.promise();
        long timer = vertx.setTimer(millis + LAST_MILLIS, t -> late.tryComplete());
        Future<?> shutdown =
                Future.join(
                        servers.stream()
                                .map(s -> s.shutdown(millis, TimeUnit.MILLISECONDS))
                                .toList());
        // Vert.x itself waits for clients that read nothing.
        return Future.any(shutdown, late.future())
                .onComplete(done -> vertx.cancelTimer(timer))
                .transform(done -> closeAll())
                .transform(done -> undeploy());
    }

    private Future<Void> undeploy() {
        return vertx.deploymentIDs().contains(deployment)
                ? vertx.undeploy(deployment)
                : Future.succeededFuture();
    }

    private Future<Void> closeAll() {
        return Future.join(shells.stream().map(LoopShell::closeAll).toList()).mapEmpty();
    }
}
