package io.runnel.exec.outbound;

import io.runnel.exec.wasi.OutboundAnswer;
import io.runnel.exec.wasi.OutboundException;
import io.runnel.exec.wasi.OutboundException.Code;
import io.runnel.exec.wasi.OutboundHttp;
import io.runnel.exec.wasi.OutboundRequest;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Sends guests' requests over HTTP/1.1, each on a connection of its own: what one account's guest
 * does to a connection, no other's sees. A name is looked up once for a request, its addresses are
 * checked, and the connection is made to one of those very addresses, so that no second look-up can
 * lead elsewhere; the name is still what certificates are checked against. Redirects are for the
 * guest to follow, by a request that is checked as the first was.
 *
 * <p>A guest's thread only waits here. Names are looked up on a few threads of their own, the rest
 * runs on event loops.
 */
public final class OutboundClient implements OutboundHttp, AutoCloseable {
    static final Duration TO_CONNECT = Duration.ofSeconds(5);
    private static final int MOST_HEAD_BYTES = 32 * 1024;
    private static final int LOOKUPS_AT_ONCE = 16;
    private static final int LOOKUPS_WAITING = 256;
    private static final int CONNECTIONS_OF_A_HOST = 256;
    private static final int WAITING_FOR_A_HOST = 256;

    private final HttpClient client;
    private final AddressPolicy policy;
    private final NameResolver resolver;
    private final ThreadPoolExecutor lookups;

    /**
     * That of a node: to the public internet, and to none of the network's nodes.
     *
     * @param nodeHosts names or addresses of all nodes
     */
    public static OutboundClient ofNode(
            Vertx vertx, List<String> nodeHosts, LongSupplier nanoClock) {
        return new OutboundClient(
                vertx, AddressPolicy.publicExcept(new NodeAddresses(nodeHosts, nanoClock)));
    }

    /**
     * A client with another policy, for networks that are not the public internet's, and tests.
     *
     * @param policy which addresses may be connected to
     */
    public OutboundClient(Vertx vertx, AddressPolicy policy) {
        this(vertx, policy, NameResolver.ofSystem(), new HttpClientOptions());
    }

    /** With names and trust of a test's own. */
    OutboundClient(
            Vertx vertx, AddressPolicy policy, NameResolver resolver, HttpClientOptions options) {
        this.client =
                vertx.createHttpClient(
                        options.setProtocolVersion(HttpVersion.HTTP_1_1)
                                .setKeepAlive(false)
                                .setVerifyHost(true)
                                .setConnectTimeout((int) TO_CONNECT.toMillis())
                                .setMaxHeaderSize(MOST_HEAD_BYTES),
                        new PoolOptions()
                                .setHttp1MaxSize(CONNECTIONS_OF_A_HOST)
                                .setMaxWaitQueueSize(WAITING_FOR_A_HOST));
        this.policy = policy;
        this.resolver = resolver;
        this.lookups =
                new ThreadPoolExecutor(
                        LOOKUPS_AT_ONCE,
                        LOOKUPS_AT_ONCE,
                        1,
                        TimeUnit.MINUTES,
                        new LinkedBlockingQueue<>(LOOKUPS_WAITING),
                        Thread.ofPlatform().name("outbound-names-", 0).daemon().factory());
        lookups.allowCoreThreadTimeOut(true);
    }

    /** Which addresses it connects to. */
    public AddressPolicy policy() {
        return policy;
    }

    @Override
    public OutboundAnswer send(OutboundRequest request, Duration most)
            throws OutboundException, InterruptedException {
        CompletableFuture<OutboundAnswer> answer = new CompletableFuture<>();
        Exchange exchange = new Exchange(client, policy, resolver, request, answer);
        try {
            lookups.execute(exchange::begin);
            return answer.get(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            throw new OutboundException(Code.LIMIT, "too many requests wait on this node");
        } catch (TimeoutException e) {
            exchange.cancel();
            throw new OutboundException(Code.TIMEOUT, "no answer in time");
        } catch (InterruptedException e) {
            exchange.cancel();
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof OutboundException told) {
                throw told;
            }
            throw new IllegalStateException("a request failed in an unknown way", e.getCause());
        }
    }

    @Override
    public void close() {
        lookups.shutdownNow();
        client.close();
    }
}
