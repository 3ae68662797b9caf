package io.runnel.cluster.replication;

import io.runnel.attestation.identity.Identity;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The door of the listener {@code internal}: lets in nodes of the topology that have shown who they
 * are and are believed at the time; tells everybody else 401, whatever they asked for, and hangs
 * up. By HTTP/2 come calls of users, who asked for none of this: such a stream is refused as one
 * that nothing was done with (RFC 9113, section 8.7), so that it can go elsewhere. Safe for any
 * thread.
 */
public final class PeerGate {
    private static final long REFUSED_STREAM = 7;
    private static final long LINGER_SECONDS = 3;

    private final PeerTransport transport;
    private final PeerDirectory directory;

    /** One before the connections of this transport. */
    public PeerGate(PeerTransport transport, PeerDirectory directory) {
        this.transport = Objects.requireNonNull(transport);
        this.directory = Objects.requireNonNull(directory);
    }

    /** Who sends a request; empty if it is nobody of the network: then it was told so already. */
    public Optional<Identity> admits(HttpServerRequest request) {
        Optional<Identity> who = transport.caller(request).filter(directory::isNode);
        if (who.isEmpty()) {
            turnAway(request);
        }
        return who;
    }

    private static void turnAway(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset(REFUSED_STREAM);
            request.connection().shutdown(LINGER_SECONDS, TimeUnit.SECONDS);
        } else {
            Refusal.UNAUTHENTICATED.sendAndClose(request);
        }
    }

    /**
     * What is open to everybody. Who has shown nothing comes by a new connection next, on which it
     * may have something to show.
     */
    public Handler<HttpServerRequest> open(Handler<HttpServerRequest> handler) {
        return request -> {
            if (request.version() != HttpVersion.HTTP_2 && transport.caller(request).isEmpty()) {
                request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
            handler.handle(request);
        };
    }

    /** Tells somebody who was admitted that it has not shown to be what is asked for this. */
    public static void deny(HttpServerRequest request, String why) {
        Refusal.NOT_ATTESTED.send(request, why);
    }

    /** Tells somebody who was admitted that this is not for it. */
    public static void refuse(HttpServerRequest request) {
        Refusal.FORBIDDEN.send(request);
    }
}
