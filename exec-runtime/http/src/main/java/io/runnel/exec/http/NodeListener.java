package io.runnel.exec.http;

import io.runnel.exec.http.ListenerSettings.PortSharing;
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
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A listener of a node: HTTP/1.1 and HTTP/2, in clear text or secured, with its limits, on several
 * event loops at once. Whatever a handler throws is answered with 500 and logged. Methods are safe
 * for any thread.
 */
public final class NodeListener {
    private static final Logger LOG = System.getLogger(NodeListener.class.getName());
    private static final int MOST_HEADER_BYTES = 32 * 1024;
    private static final int MOST_CHUNK_BYTES = 16 * 1024;
    private static final int STREAM_WINDOW_BYTES = 64 * 1024;
    private static final int BACKLOG = 1024;

    /** Of a client that keeps its connection: whoever sends more often hears that it ends. */
    private static final Duration QUIET = Duration.ofSeconds(1);

    private static final long LOOK_EVERY_MILLIS = 10;

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
        if (settings.sharing() == PortSharing.WITH_SUCCESSOR) {
            try {
                requireFree(settings);
            } catch (IOException e) {
                return Future.failedFuture(e);
            }
        }
        NodeListener listener =
                new NodeListener(
                        vertx,
                        new LoopShell.Shared(
                                settings,
                                ids,
                                nanoClock,
                                handler,
                                new AtomicInteger(),
                                new AtomicInteger(),
                                new AtomicBoolean(),
                                new BodyBudget(settings.bodies()),
                                new RefusalCounts()));
        DeploymentOptions loops = new DeploymentOptions().setInstances(settings.loops());
        return vertx.deployVerticle(() -> listener.new Loop(), loops)
                .recover(cause -> Future.failedFuture(cannotListen(listener.address, cause)))
                .map(
                        id -> {
                            listener.deployment = id;
                            return listener;
                        });
    }

    /** A socket that shares its port with others of this user would open beside a stranger's. */
    private static void requireFree(ListenerSettings settings) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(settings.host(), settings.port()));
        } catch (IOException e) {
            throw cannotListen(settings.host() + ":" + settings.port(), e);
        }
    }

    private static IOException cannotListen(Object where, Throwable cause) {
        return new IOException(
                "cannot listen at %s: %s".formatted(where, cause.getMessage()), cause);
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
        options.setReusePort(settings.sharing() != PortSharing.NONE);
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
        settings.security().accept(options);
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

    /** Connections that have sent a request and are open. */
    public int connections() {
        return shared.connections().get();
    }

    /**
     * Whether clients that keep connections are told to let them go; new ones are taken all the
     * same. What is told cannot be taken back, but to be told ends.
     *
     * @param patience how long HTTP/2 connections may take to end then
     */
    public void turnAway(boolean yes, Duration patience) {
        shared.turnsAway().set(yes);
        if (yes) {
            Duration notice = patience.compareTo(QUIET) < 0 ? patience : QUIET;
            shells.forEach(shell -> shell.turnAway(notice, patience.minus(notice)));
        }
    }

    /**
     * Takes no new connections, having taken all that have come; if another listens at the port as
     * well a second later than that, so that what was on its way to this one has come. Lets those
     * that it has end: with the answer to the next request, or after a second without one, those of
     * HTTP/2 with the requests that they have; and closes what is left after {@code patience}. May
     * be called again, to no effect.
     *
     * @return done when every connection is closed
     */
    public Future<Void> drain(Duration patience) {
        long endNanos = shared.nanoClock().getAsLong() + patience.toNanos();
        turnAway(true, patience);
        Optional<ConnectionGuard.Server> open =
                NodeVertx.guardOf(vertx)
                        .filter(guard -> !servers.isEmpty())
                        .flatMap(guard -> guard.server(shared.settings().host(), port()));
        return handshakesEnd(open.isPresent(), patience)
                .compose(
                        ended ->
                                open.map(ConnectionGuard.Server::close)
                                        .orElseGet(Future::succeededFuture))
                .compose(closed -> awaitEmpty(open, endNanos))
                .compose(done -> shutdown(endNanos));
    }

    /** Of connections that began before the next one listened: the kernel would reset them. */
    private Future<Void> handshakesEnd(boolean open, Duration patience) {
        if (!open
                || shared.settings().sharing() == PortSharing.NONE
                || ReusePortGroup.listeners(port()) < 2) {
            return Future.succeededFuture();
        }
        Duration wait = patience.compareTo(QUIET) < 0 ? patience : QUIET;
        return vertx.timer(Math.max(1, wait.toMillis()), TimeUnit.MILLISECONDS).mapEmpty();
    }

    private Future<Void> awaitEmpty(Optional<ConnectionGuard.Server> server, long endNanos) {
        Promise<Void> empty = Promise.promise();
        awaitEmpty(server, endNanos, empty);
        return empty.future();
    }

    private void awaitEmpty(
            Optional<ConnectionGuard.Server> server, long endNanos, Promise<Void> empty) {
        // In this order: one that is no new one any more is counted already.
        boolean none =
                server.map(ConnectionGuard.Server::young).orElse(0) == 0 && connections() == 0;
        if (none || endNanos - shared.nanoClock().getAsLong() <= 0) {
            empty.complete();
        } else {
            shells.forEach(shell -> shell.closeQuiet(QUIET));
            vertx.setTimer(LOOK_EVERY_MILLIS, again -> awaitEmpty(server, endNanos, empty));
        }
    }

    private Future<Void> shutdown(long endNanos) {
        long left = endNanos - shared.nanoClock().getAsLong();
        long millis = Math.max(0, TimeUnit.NANOSECONDS.toMillis(left));
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
