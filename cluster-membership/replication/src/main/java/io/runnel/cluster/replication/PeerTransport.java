package io.runnel.cluster.replication;

import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.tls.NodeTrust;
import io.runnel.attestation.tls.PeerContexts;
import io.runnel.attestation.tls.PeerTrust;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How a node's connections with others are secured: TLS 1.3, both ends with what their regions'
 * authorities certified; and that they end when that does. Safe for any thread.
 */
public final class PeerTransport {
    /** How often connections are looked at. */
    public static final Duration EVERY = Duration.ofSeconds(1);

    /** A handshake is some round trips and signatures: so many times what a connection may take. */
    private static final int HANDSHAKE_CONNECTS = 3;

    private static final int MOST_HANDSHAKE_MS = 10_000;

    private final Vertx vertx;
    private final PeerConnections connections;
    private final PeerEngine engine;

    /**
     * That of one node.
     *
     * @param own what it shows of itself, whichever it has at the time
     * @param trust what it believes of others
     * @param listeners who is to listen where
     */
    public PeerTransport(
            Vertx vertx,
            NodeIdentity own,
            NodeTrust trust,
            PeerTrust.Listeners listeners,
            SecureRandom random,
            InstantSource clock) {
        this.vertx = vertx;
        this.connections = new PeerConnections(own, trust, clock);
        var believed = new PeerTrust(trust, trust.revocations(), listeners, clock);
        this.engine = new PeerEngine(new PeerContexts(own, believed, random), connections);
    }

    /**
     * A client for {@code internal} listeners. A peer that takes a connection and says nothing is
     * given up on after three times the options' connect timeout, and 10 s at most.
     */
    public HttpClientAgent client(HttpClientOptions options, PoolOptions pool) {
        HttpClientOptions secured =
                new HttpClientOptions(options)
                        .setSsl(true)
                        .setSslHandshakeTimeout(handshakeMillis(options.getConnectTimeout()))
                        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setUseAlpn(options.getProtocolVersion() == HttpVersion.HTTP_2)
                        // Names of hosts are nobody's identity here.
                        .setVerifyHost(false)
                        .setSslEngineOptions(engine);
        return vertx.createHttpClient(secured, pool);
    }

    private static int handshakeMillis(int connectMillis) {
        return Math.min(MOST_HANDSHAKE_MS, HANDSHAKE_CONNECTS * connectMillis);
    }

    /** Has a server serve these connections, also to who has nothing to show. */
    public void secure(HttpServerOptions options) {
        options.setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(new PeerEngine.OwnKeys())
                .setClientAuth(ClientAuth.REQUEST)
                .setSslEngineOptions(engine);
    }

    /** Who sends a request, if it has shown that and is still believed. */
    public Optional<Identity> caller(HttpServerRequest request) {
        Optional<PeerConnection> connection = connections.of(request.connection().sslSession());
        if (request.version() == HttpVersion.HTTP_2) {
            connection.ifPresent(c -> c.serves(request.connection()));
        }
        return connection.map(PeerConnection::peer);
    }

    /** Looks at all connections every second. */
    public void start() {
        vertx.setPeriodic(EVERY.toMillis(), tick -> look());
    }

    /** Ends now what is not believed any more, and gives back what soon is not. */
    public void look() {
        connections.look();
    }
}
