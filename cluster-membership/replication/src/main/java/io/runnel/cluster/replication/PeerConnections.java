package io.runnel.cluster.replication;

import io.netty.channel.Channel;
import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.tls.NodeTrust;
import io.runnel.attestation.tls.Shown;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.SSLSession;

/**
 * A node's connections to and from others that have shown who they are. Who was believed at the
 * beginning is not for that believed for ever. Safe for any thread.
 */
final class PeerConnections {
    private static final Logger LOG = System.getLogger(PeerConnections.class.getName());
    private static final String KEY = PeerConnection.class.getName();

    private final NodeIdentity own;
    private final NodeTrust trust;
    private final InstantSource clock;
    private final Set<PeerConnection> open = ConcurrentHashMap.newKeySet();

    PeerConnections(NodeIdentity own, NodeTrust trust, InstantSource clock) {
        this.own = own;
        this.trust = trust;
        this.clock = clock;
    }

    /**
     * Both ends have shown what they have; who has nothing to show may ask for a certificate, and
     * for nothing else. On the channel's event loop.
     */
    void opened(Channel channel, SSLSession session) {
        Instant now = clock.instant();
        Shown.in(session, trust, now)
                .ifPresent(
                        shown -> opened(channel, session, new PeerConnection(channel, shown, now)));
    }

    private void opened(Channel channel, SSLSession session, PeerConnection connection) {
        session.putValue(KEY, connection);
        open.add(connection);
        channel.closeFuture().addListener(closed -> open.remove(connection));
    }

    /** The connection of this session, if its other end is still believed. */
    Optional<PeerConnection> of(SSLSession session) {
        return session != null
                        && session.getValue(KEY) instanceof PeerConnection connection
                        && isBelieved(connection, clock.instant())
                ? Optional.of(connection)
                : Optional.empty();
    }

    private boolean isBelieved(PeerConnection connection, Instant now) {
        return connection.shown().isBelieved(own, trust, now);
    }

    /** Breaks off what is not to go on, and lets end what soon is not. */
    void look() {
        Instant now = clock.instant();
        for (PeerConnection connection : open) {
            if (isBelieved(connection, now)) {
                connection.retire(now);
            } else {
                LOG.log(Level.INFO, "a connection with {0} ends", connection.peer().uri());
                connection.cut();
            }
        }
    }
}
