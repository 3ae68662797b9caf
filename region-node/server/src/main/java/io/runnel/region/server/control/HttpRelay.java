package io.runnel.region.server.control;

import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.Origin;
import io.runnel.exec.http.Problem;
import io.runnel.exec.http.RunnelHeaders;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.forward.ForwardedBy;
import io.runnel.topology.Address;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Relays over HTTP/1.1 to the other region's {@code internal}, as a node of the same network. */
public final class HttpRelay implements Relay, AutoCloseable {
    private static final Logger LOG = System.getLogger(HttpRelay.class.getName());
    private static final int CONNECTIONS = 32;
    private static final int WAITING = 64;
    private static final int CONNECT_MS = 2000;

    /** Longer than the pause between the signs of life of a log that is followed. */
    private static final int IDLE_SECONDS = 120;

    private static final Set<String> HOP_BY_HOP =
            Set.of(
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "expect",
                    "host");

    private final NodeName node;
    private final HttpClient client;
    private final Function<RegionId, List<Address>> internal;

    /** Answers that do not end by themselves: logs that are followed. As many as connections. */
    private final Set<RelayedAnswer> streams = ConcurrentHashMap.newKeySet();

    private volatile boolean streamsEnd;

    /**
     * A relay with its own connections.
     *
     * @param node who relays
     * @param clients makes what connects to the others, and secures it
     * @param internal where a region's nodes are to be reached, as seen from here; the first that
     *     takes a connection is asked
     */
    public HttpRelay(
            NodeName node,
            BiFunction<HttpClientOptions, PoolOptions, ? extends HttpClient> clients,
            Function<RegionId, List<Address>> internal) {
        this.client =
                clients.apply(
                        new HttpClientOptions()
                                .setConnectTimeout(CONNECT_MS)
                                .setIdleTimeout(IDLE_SECONDS)
                                .setIdleTimeoutUnit(TimeUnit.SECONDS),
                        new PoolOptions()
                                .setHttp1MaxSize(CONNECTIONS)
                                .setMaxWaitQueueSize(WAITING));
        this.internal = internal;
        this.node = node;
    }

    @Override
    public void relay(Exchange exchange, RegionId to, Origin origin) {
        HttpServerRequest request = exchange.request();
        request.pause();
        connected(request, internal.apply(to))
                .compose(onward -> send(exchange, onward, origin))
                .onSuccess(answer -> passOn(answer, exchange))
                .onFailure(failure -> unreachable(exchange, to, failure));
    }

    private Future<HttpClientRequest> connected(HttpServerRequest request, List<Address> nodes) {
        Future<HttpClientRequest> onward = Future.failedFuture("no node");
        for (Address address : nodes) {
            RequestOptions options =
                    new RequestOptions()
                            .setMethod(request.method())
                            .setHost(address.host())
                            .setPort(address.port())
                            .setURI(request.uri());
            onward = onward.recover(before -> client.request(options));
        }
        return onward;
    }

    private static void unreachable(Exchange exchange, RegionId to, Throwable failure) {
        if (exchange.isFinished()) {
            // The user hung up; that the region's answer broke off then says nothing of the region.
            return;
        }
        LOG.log(Level.WARNING, "region {0} does not take a relayed request: {1}", to, failure);
        exchange.refuse(
                Problem.of(ControlError.HOME_UNREACHABLE)
                        .withDetail("region %s, which does this, cannot be reached".formatted(to)));
    }

    private Future<HttpClientResponse> send(
            Exchange exchange, HttpClientRequest onward, Origin origin) {
        HttpServerRequest request = exchange.request();
        copy(request.headers(), onward.headers());
        onward.headers().set(RunnelHeaders.REQUEST_ID, exchange.id().value());
        // Here begins the way between regions: what was said before of where it came is not handed
        // on.
        onward.headers().set(RunnelHeaders.FORWARDED, ForwardedBy.element(origin, node));
        onward.headers().set(RunnelHeaders.RELAYED, "1");
        // What breaks the request off is told by its future; without a handler it is logged as
        // well.
        onward.exceptionHandler(told -> {});
        exchange.whenGone(onward::reset);
        if (request.headers().contains("Expect", "100-continue", true)) {
            exchange.response().writeContinue();
        }
        return request.isEnded() ? onward.send() : onward.send(request);
    }

    private static void copy(MultiMap from, MultiMap to) {
        for (Map.Entry<String, String> header : from) {
            if (!HOP_BY_HOP.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                to.add(header.getKey(), header.getValue());
            }
        }
    }

    private void passOn(HttpClientResponse answer, Exchange exchange) {
        if (exchange.isFinished()) {
            answer.request().reset();
            return;
        }
        HttpServerResponse response = exchange.response();
        response.setStatusCode(answer.statusCode());
        response.headers().remove(RunnelHeaders.REQUEST_ID);
        copy(answer.headers(), response.headers());
        if (!response.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
            response.setChunked(true);
        }
        RelayedAnswer relayed = new RelayedAnswer(answer, exchange);
        relayed.start();
        if (LogFollower.CONTENT_TYPE.equals(answer.getHeader(HttpHeaders.CONTENT_TYPE))) {
            // Nobody knows when its first line comes.
            response.writeHead();
            streams.add(relayed);
            exchange.whenFinished(() -> streams.remove(relayed));
            if (streamsEnd) {
                relayed.end();
            }
        }
    }

    /** Ends the answers that do not end by themselves, and those of them that come later. */
    public void endStreams() {
        streamsEnd = true;
        streams.forEach(RelayedAnswer::end);
    }

    /** Closes the connections. */
    @Override
    public void close() {
        client.close();
    }
}
