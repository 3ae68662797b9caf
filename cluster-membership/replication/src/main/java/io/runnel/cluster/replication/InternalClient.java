package io.runnel.cluster.replication;

import io.runnel.exec.task.PopId;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * This node's way to the {@code internal} listeners of others: the limits, the pool. HTTP/1.1, so
 * that a feed has a connection of its own, whose flow control is the feed's. Safe for any thread.
 */
public final class InternalClient implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MS = 1_000;
    private static final int MOST_CONNECTIONS_A_PEER = 16;
    private static final int MOST_WAITING = 256;
    private static final int MOST_HEADER_BYTES = 32 * 1024;
    private static final int MOST_PEM_BYTES = 16 * 1024;
    private static final int MOST_NONCE_BYTES = 256;
    private static final int MOST_WHY = 512;
    private static final CharSequence DOCUMENT = HttpHeaders.createOptimized("Runnel-Document");
    private static final int MOST_DOCUMENT = 16 * 1024;

    private final HttpClient client;
    private volatile Supplier<Optional<String>> document = Optional::empty;

    /**
     * A way whose connections are made by {@code clients}.
     *
     * @param clients as {@link PeerTransport#client} makes them
     */
    public InternalClient(
            BiFunction<HttpClientOptions, PoolOptions, ? extends HttpClient> clients) {
        this(clients, options());
    }

    /** From now on shows this document, as it is at the time, where one may be asked for. */
    public InternalClient showing(Supplier<Optional<String>> own) {
        document = own;
        return this;
    }

    /** A way that begins at this address of the machine's: what cuts that off cuts this off. */
    public static InternalClient from(
            String host, BiFunction<HttpClientOptions, PoolOptions, ? extends HttpClient> clients) {
        return new InternalClient(clients, options().setLocalAddress(host));
    }

    /** A way with so many connections to a peer. */
    public static InternalClient withConnections(
            int most, BiFunction<HttpClientOptions, PoolOptions, ? extends HttpClient> clients) {
        return new InternalClient(clients, options(), pool().setHttp1MaxSize(most));
    }

    InternalClient(
            BiFunction<HttpClientOptions, PoolOptions, ? extends HttpClient> clients,
            HttpClientOptions options) {
        this(clients, options, pool());
    }

    private InternalClient(
            BiFunction<HttpClientOptions, PoolOptions, ? extends HttpClient> clients,
            HttpClientOptions options,
            PoolOptions pool) {
        this.client = clients.apply(options, pool);
    }

    static HttpClientOptions options() {
        return new HttpClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MS)
                .setMaxHeaderSize(MOST_HEADER_BYTES)
                .setTcpNoDelay(true);
    }

    private static PoolOptions pool() {
        return new PoolOptions()
                .setHttp1MaxSize(MOST_CONNECTIONS_A_PEER)
                .setMaxWaitQueueSize(MOST_WAITING);
    }

    /**
     * A request to a peer, not sent yet. Fails when no connection comes about within a second.
     *
     * @param idle how long the peer may send nothing before request and answer fail; zero for ever
     */
    Future<HttpClientRequest> request(HttpMethod method, Peer peer, String uri, Duration idle) {
        RequestOptions options =
                new RequestOptions()
                        .setMethod(method)
                        .setHost(peer.host())
                        .setPort(peer.port())
                        .setURI(uri)
                        .setConnectTimeout(CONNECT_TIMEOUT_MS)
                        .setIdleTimeout(idle.toMillis());
        return client.request(options);
    }

    /** The same, with this node's document. */
    Future<HttpClientRequest> requestShowing(
            HttpMethod method, Peer peer, String uri, Duration idle) {
        return request(method, peer, uri, idle)
                .onSuccess(
                        request ->
                                document.get().ifPresent(own -> request.putHeader(DOCUMENT, own)));
    }

    /** What a request shows of who sends it; hostile. */
    public static Optional<String> documentOf(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader(DOCUMENT))
                .filter(text -> text.length() <= MOST_DOCUMENT);
    }

    /**
     * What a peer answers to a {@code GET}, whole. Fails if it is not 200, longer than {@code
     * mostBytes}, or does not come within {@code idle}.
     */
    public Future<Buffer> get(Peer peer, String uri, int mostBytes, Duration idle) {
        return request(HttpMethod.GET, peer, uri, idle)
                .compose(
                        request ->
                                request.send()
                                        .compose(response -> body(response, mostBytes))
                                        .onFailure(failure -> request.reset()));
    }

    /**
     * What only one of this node's keys opens.
     *
     * @param to the certificate of that key
     */
    record Sealed(X509Certificate to, Buffer text) {
        @Override
        public String toString() {
            return "Sealed";
        }
    }

    /** What a peer answers to this node alone. Fails as {@link #get}. */
    Future<Sealed> sealed(Peer peer, String path, int mostBytes, Duration idle) {
        return requestShowing(HttpMethod.GET, peer, path, idle)
                .compose(
                        request ->
                                request.send()
                                        .compose(response -> body(response, mostBytes))
                                        .map(text -> new Sealed(shown(request), text))
                                        .onFailure(failure -> request.reset()));
    }

    /** What this node has shown of itself on a request's connection. */
    private static X509Certificate shown(HttpClientRequest request) {
        return (X509Certificate) request.connection().sslSession().getLocalCertificates()[0];
    }

    /** What an authority has a POP sign so that it is certified. Fails as {@link #get}. */
    public Future<String> nonce(Peer peer, PopId pop, Duration idle) {
        return get(peer, CertificateHandler.PATH + pop, MOST_NONCE_BYTES, idle)
                .map(Buffer::toString);
    }

    /**
     * Certifies a POP's key at a peer: its chain as PEM. Fails as {@link #get}.
     *
     * @param request a {@link io.runnel.attestation.join.JoinRequest}
     */
    public Future<Buffer> certify(Peer peer, PopId pop, byte[] request, Duration idle) {
        return request(HttpMethod.POST, peer, CertificateHandler.PATH + pop, idle)
                .compose(
                        post ->
                                post.send(Buffer.buffer(request))
                                        .compose(response -> body(response, MOST_PEM_BYTES))
                                        .onFailure(failure -> post.reset()));
    }

    /**
     * What a peer answers, whatever it is.
     *
     * @param body empty if it is larger than what is wanted of it
     */
    public record Told(int status, MultiMap headers, Optional<Buffer> body) {}

    /**
     * What a peer answers to a {@code POST} without a body. Fails if nothing comes within {@code
     * idle}, or the answer breaks off.
     *
     * @param headers of the request
     */
    public Future<Told> post(
            Peer peer, String path, MultiMap headers, int mostBytes, Duration idle) {
        return request(HttpMethod.POST, peer, path, idle)
                .compose(
                        request -> {
                            request.headers().addAll(headers);
                            return request.send()
                                    .compose(response -> told(response, mostBytes))
                                    .onFailure(failure -> request.reset());
                        });
    }

    static Future<Told> told(HttpClientResponse response, int mostBytes) {
        return BoundedBody.gather(response, mostBytes)
                .map(Optional::of)
                .recover(
                        failure ->
                                failure instanceof ReplicationException too
                                                && too.code() == ReplicationException.Code.TOO_LARGE
                                        ? Future.succeededFuture(Optional.empty())
                                        : Future.failedFuture(failure))
                .map(body -> new Told(response.statusCode(), response.headers(), body));
    }

    private static Future<Buffer> body(HttpClientResponse response, int mostBytes) {
        // Gathered whatever the status: what nobody handles is logged when the request is reset.
        Future<Buffer> body = BoundedBody.gather(response, mostBytes);
        return response.statusCode() == 200
                ? body
                : body.otherwise(Buffer.buffer())
                        .compose(
                                text ->
                                        Future.failedFuture(
                                                new ReplicationException(
                                                        ReplicationException.Code.PEER_REFUSED,
                                                        "answered %d%s"
                                                                .formatted(
                                                                        response.statusCode(),
                                                                        detail(text)))));
    }

    /** What a problem says of why; hostile. */
    static String detail(Buffer problem) {
        try {
            String why = new JsonObject(problem).getString("detail", "");
            return why.isEmpty() || why.length() > MOST_WHY ? "" : ": " + plain(why);
        } catch (DecodeException | ClassCastException e) {
            return "";
        }
    }

    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    @Override
    public void close() {
        client.close();
    }
}
