package io.runnel.exec.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.runnel.exec.task.RequestId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** One event loop's part of a listener: its connections and requests. For that loop only. */
final class LoopShell {
    private static final Logger LOG = System.getLogger(LoopShell.class.getName());

    /** Tasks may be called by others too; CONNECT and TRACE are no listener's. */
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    private static final long NO_ERROR = 0;

    /** What all loops of a listener share. */
    record Shared(
            ListenerSettings settings,
            RequestIds ids,
            LongSupplier nanoClock,
            Consumer<Exchange> handler,
            AtomicInteger inFlight,
            AtomicInteger connections,
            AtomicBoolean turnsAway,
            BodyBudget bodies,
            RefusalCounts refusals) {}

    private final Shared shared;
    private final Context context;
    private final Ticker ticker;
    private final AnswerHeads heads = new AnswerHeads();
    private final IdentityHashMap<HttpConnection, Connection> connections = new IdentityHashMap<>();

    /** For the loop of this context. */
    LoopShell(Shared shared, Context context) {
        this.shared = shared;
        this.context = context;
        this.ticker = new Ticker(context.owner());
    }

    Context context() {
        return context;
    }

    Shared shared() {
        return shared;
    }

    Ticker ticker() {
        return ticker;
    }

    AnswerHeads heads() {
        return heads;
    }

    long now() {
        return shared.nanoClock().getAsLong();
    }

    void connected(HttpConnection connection) {
        // Counted before it is no new one any more: whoever counts both misses none.
        shared.connections().incrementAndGet();
        ConnectionGuard.release(connection);
        TurnFlush.on(connection);
        connections.put(connection, new Connection(now()));
        connection.closeHandler(v -> disconnected(connection));
    }

    private void disconnected(HttpConnection connection) {
        connections.remove(connection);
        shared.connections().decrementAndGet();
    }

    /**
     * Tells clients of HTTP/2 to send nothing new here; those of HTTP/1 hear it with their next
     * answer. In two steps, for what they have sent meanwhile is taken (RFC 9113 section 6.8). Any
     * thread.
     *
     * @param notice how long they may take to hear of it
     * @param patience after which connections that have not ended by then are closed
     */
    void turnAway(Duration notice, Duration patience) {
        context.runOnContext(
                v -> {
                    List<HttpConnection> told =
                            connections.keySet().stream().filter(LoopShell::isHttp2).toList();
                    told.forEach(connection -> connection.goAway(NO_ERROR, Integer.MAX_VALUE));
                    context.owner()
                            .setTimer(
                                    Math.max(1, notice.toMillis()),
                                    heard -> told.forEach(c -> shutdown(c, patience)));
                });
    }

    private static void shutdown(HttpConnection connection, Duration patience) {
        connection.shutdown(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static boolean isHttp2(HttpConnection connection) {
        return connection instanceof HttpServerConnection internal
                && internal.channelHandlerContext().pipeline().get(Http2ConnectionHandler.class)
                        != null;
    }

    /** Connections that had no request for too long; slow heads of requests count as none. */
    void closeIdle() {
        closeIdle(shared.settings().idle());
    }

    /** Connections of HTTP/1 that had none for so long while others are told to go. Any thread. */
    void closeQuiet(Duration idle) {
        context.runOnContext(v -> closeIdle(idle));
    }

    private void closeIdle(Duration most) {
        long idleNanos = most.toNanos();
        long now = now();
        List<HttpConnection> idle = new ArrayList<>();
        connections.forEach(
                (connection, state) -> {
                    if (state.active == 0 && now - state.idleSinceNanos > idleNanos) {
                        idle.add(connection);
                    }
                });
        idle.forEach(HardClose::of);
    }

    /** Ends what is left; done when all who waited for it were told. Any thread. */
    Future<Void> closeAll() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(
                v -> {
                    new ArrayList<>(connections.keySet()).forEach(HardClose::of);
                    // Netty tells of each end in a task of its own, before this one.
                    context.runOnContext(next -> done.complete());
                });
        return done.future();
    }

    void handle(HttpServerRequest request) {
        Exchange exchange = open(request);
        if (shared.inFlight().get() > shared.settings().inFlight()) {
            exchange.refuse(ErrorCode.OVER_CAPACITY);
        } else if (RequestCheck.isSound(request)) {
            pass(exchange);
        } else {
            exchange.refuseAndClose(ErrorCode.BAD_REQUEST);
        }
    }

    private void pass(Exchange exchange) {
        HttpMethod method = exchange.request().method();
        if (method.equals(HttpMethod.CONNECT) || method.equals(HttpMethod.TRACE)) {
            exchange.response().headers().set(HttpHeaders.ALLOW, METHODS);
            exchange.refuse(ErrorCode.METHOD_NOT_ALLOWED);
            return;
        }
        exchange.guarded(() -> shared.handler().accept(exchange));
    }

    /** What the decoder gave up on: the connection ends after the answer. */
    void handleInvalid(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        ErrorCode code =
                switch (cause) {
                    case TooLongHttpLineException e -> ErrorCode.URI_TOO_LONG;
                    case TooLongHttpHeaderException e -> ErrorCode.HEADERS_TOO_LARGE;
                    case null, default -> ErrorCode.BAD_REQUEST;
                };
        open(request).refuseAndClose(code);
    }

    private Exchange open(HttpServerRequest request) {
        RequestId id = shared.ids().next();
        Exchange exchange = new Exchange(this, request, id, now());
        request.response().headers().set(RunnelHeaders.REQUEST_ID, id.value());
        request.response().endHandler(exchange::closed);
        begun(exchange);
        if (shared.turnsAway().get()) {
            exchange.closeAfterAnswer();
        }
        return exchange;
    }

    void begun(Exchange exchange) {
        shared.inFlight().incrementAndGet();
        Connection connection = connections.get(exchange.request().connection());
        if (connection != null) {
            connection.active++;
        }
    }

    void finished(Exchange exchange) {
        shared.inFlight().decrementAndGet();
        Connection connection = connections.get(exchange.request().connection());
        if (connection != null) {
            connection.active--;
            connection.idleSinceNanos = now();
        }
    }

    /** The connection is still of use: its client reads an answer that was handed over. */
    void stays(Exchange exchange) {
        Connection connection = connections.get(exchange.request().connection());
        if (connection != null) {
            connection.idleSinceNanos = now();
        }
    }

    static void logFailure(Exchange exchange, Throwable cause) {
        LOG.log(Level.ERROR, () -> "call %s failed here".formatted(exchange.id()), cause);
    }

    /** What is known of a connection. */
    private static final class Connection {
        private int active;
        private long idleSinceNanos;

        Connection(long nowNanos) {
            this.idleSinceNanos = nowNanos;
        }
    }
}
