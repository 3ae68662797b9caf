package io.runnel.region.server.control;

import io.runnel.attestation.NetworkToken;
import io.runnel.exec.http.RunnelHeaders;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RequestId;
import io.runnel.topology.Address;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Relays over HTTP/1.1 to the other region's {@code internal}, as a node of the same network. */
public final class HttpRelay implements Relay, AutoCloseable {
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

    private final HttpClient client;
    private final NetworkToken token;
    private final Function<RegionId, Address> internal;

    /**
     * A relay with its own connections.
     *
     * @param internal where a region is to be reached, as seen from here
     */
    public HttpRelay(Vertx vertx, NetworkToken token, Function<RegionId, Address> internal) {
        this.client =
                vertx.createHttpClient(
                        new HttpClientOptions()
                                .setConnectTimeout(CONNECT_MS)
                                .setIdleTimeout(IDLE_SECONDS)
                                .setIdleTimeoutUnit(TimeUnit.SECONDS),
                        new PoolOptions()
                                .setHttp1MaxSize(CONNECTIONS)
                                .setMaxWaitQueueSize(WAITING));
        this.token = token;
        this.internal = internal;
    }

    @Override
    public void relay(HttpServerRequest request, RequestId id, RegionId to) {
        request.pause();
        Address address = internal.apply(to);
        RequestOptions options =
                new RequestOptions()
                        .setMethod(request.method())
                        .setHost(address.host())
                        .setPort(address.port())
                        .setURI(request.uri());
        client.request(options)
                .compose(onward -> send(request, id, onward))
                .onSuccess(answer -> passOn(answer, request.response()))
                .onFailure(
                        failure -> ControlApi.refuse(request, id, ControlError.HOME_UNREACHABLE));
    }

    private io.vertx.core.Future<HttpClientResponse> send(
            HttpServerRequest request, RequestId id, HttpClientRequest onward) {
        copy(request.headers(), onward.headers());
        onward.headers().remove(RunnelHeaders.NETWORK);
        onward.putHeader(RunnelHeaders.NETWORK, token.text());
        onward.putHeader(RunnelHeaders.REQUEST_ID, id.value());
        request.response().exceptionHandler(gone -> onward.reset());
        if (request.headers().contains("Expect", "100-continue", true)) {
            request.response().writeContinue();
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

    private static void passOn(HttpClientResponse answer, HttpServerResponse response) {
        if (response.closed() || response.ended()) {
            answer.request().reset();
            return;
        }
        response.setStatusCode(answer.statusCode());
        response.headers().remove(RunnelHeaders.REQUEST_ID);
        copy(answer.headers(), response.headers());
        if (!response.headers().contains("Content-Length")) {
            response.setChunked(true);
        }
        answer.pipeTo(response).onFailure(failure -> response.reset());
    }

    /** Closes the connections. */
    @Override
    public void close() {
        client.close();
    }
}
