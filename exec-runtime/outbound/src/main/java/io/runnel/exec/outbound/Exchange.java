package io.runnel.exec.outbound;

import io.runnel.exec.wasi.OutboundAnswer;
import io.runnel.exec.wasi.OutboundException;
import io.runnel.exec.wasi.OutboundException.Code;
import io.runnel.exec.wasi.OutboundHeader;
import io.runnel.exec.wasi.OutboundRequest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;

import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One request on its way: looked up, connected, sent, answered. Each step begins the next; whoever
 * waits may cancel at any time.
 */
final class Exchange {
    private static final System.Logger LOG = System.getLogger(Exchange.class.getName());

    /** How many of a name's addresses are tried. */
    private static final int MOST_ADDRESSES = 3;

    private final HttpClient client;
    private final AddressPolicy policy;
    private final NameResolver resolver;
    private final OutboundRequest request;
    private final CompletableFuture<OutboundAnswer> answer;

    // Guarded by this.
    private Optional<HttpClientRequest> sent = Optional.empty();
    private boolean cancelled;

    Exchange(
            HttpClient client,
            AddressPolicy policy,
            NameResolver resolver,
            OutboundRequest request,
            CompletableFuture<OutboundAnswer> answer) {
        this.client = client;
        this.policy = policy;
        this.resolver = resolver;
        this.request = request;
        this.answer = answer;
    }

    /** Looks the name up, which blocks, and goes on from there on an event loop. */
    void begin() {
        try {
            if (!isCancelled()) {
                connect(addresses(), 0);
            }
        } catch (OutboundException e) {
            answer.completeExceptionally(e);
        } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e);
        }
    }

    private List<InetAddress> addresses() throws OutboundException {
        List<InetAddress> allowed = new ArrayList<>();
        for (InetAddress found : resolved()) {
            if (allowed.size() < MOST_ADDRESSES && policy.allows(found)) {
                allowed.add(withoutName(found));
            }
        }
        if (allowed.isEmpty()) {
            throw notAllowed();
        }
        return allowed;
    }

    private InetAddress[] resolved() throws OutboundException {
        try {
            return resolver.resolve(request.url().host());
        } catch (UnknownHostException e) {
            throw new OutboundException(Code.UNREACHABLE, "the name has no address");
        }
    }

    private OutboundException notAllowed() {
        return new OutboundException(
                Code.NOT_ALLOWED, "the name leads to an address that tasks may not reach");
    }

    /** So that nothing on the way can look the name up once more. */
    private static InetAddress withoutName(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has another length", e);
        }
    }

    private void connect(List<InetAddress> addresses, int which) {
        RequestOptions options =
                new RequestOptions()
                        .setServer(
                                SocketAddress.inetSocketAddress(
                                        request.url().port(),
                                        addresses.get(which).getHostAddress()))
                        .setHost(request.url().host())
                        .setPort(request.url().port())
                        .setSsl(request.url().secure())
                        .setMethod(HttpMethod.valueOf(request.method()))
                        .setURI(request.url().target())
                        .setFollowRedirects(false)
                        .setConnectTimeout(OutboundClient.TO_CONNECT.toMillis());
        Future<HttpClientRequest> opened = client.request(options);
        opened.onComplete(
                this::send,
                cause -> {
                    if (which + 1 < addresses.size() && !isCancelled()) {
                        connect(addresses, which + 1);
                    } else {
                        answer.completeExceptionally(
                                new OutboundException(
                                        Code.UNREACHABLE, "no connection: " + Causes.of(cause)));
                    }
                });
    }

    private void send(HttpClientRequest opened) {
        if (!keep(opened)) {
            opened.reset();
            return;
        }
        // Vert.x else logs as severe what any peer can cause; whoever waits is told.
        opened.connection().exceptionHandler(cause -> LOG.log(Level.DEBUG, "a peer", cause));
        // Pinned as it is this cannot be: seen here, nothing is sent, whatever went wrong.
        if (!policy.allows(remote(opened))) {
            opened.reset();
            answer.completeExceptionally(notAllowed());
            return;
        }
        for (OutboundHeader header : request.headers()) {
            opened.headers().add(header.name(), header.value());
        }
        byte[] body = request.body();
        Future<HttpClientResponse> response =
                body.length == 0 ? opened.send() : opened.send(Buffer.buffer(body));
        response.onComplete(
                head -> {
                    StreamedAnswer streamed = new StreamedAnswer(opened, head);
                    if (!answer.complete(streamed) || isCancelled()) {
                        streamed.close();
                    }
                },
                cause ->
                        answer.completeExceptionally(
                                new OutboundException(
                                        Code.BROKEN, "no answer: " + Causes.of(cause))));
    }

    private static InetAddress remote(HttpClientRequest opened) {
        try {
            return InetAddress.getByName(opened.connection().remoteAddress().hostAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("a connection without an address", e);
        }
    }

    private synchronized boolean keep(HttpClientRequest opened) {
        sent = Optional.of(opened);
        return !cancelled;
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }

    /** Nobody waits any more. */
    void cancel() {
        Optional<HttpClientRequest> running;
        synchronized (this) {
            cancelled = true;
            running = sent;
        }
        answer.cancel(false);
        running.ifPresent(HttpClientRequest::reset);
    }
}
