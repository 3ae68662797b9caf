package io.runnel.cluster.replication;

import io.netty.channel.Channel;
import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Verdict;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import javax.net.ssl.SSLPeerUnverifiedException;
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

    /** Both ends have shown what they have. On the channel's event loop. */
    void opened(Channel channel, SSLSession session) {
        Certificate[] shown;
        try {
            shown = session.getPeerCertificates();
        } catch (SSLPeerUnverifiedException e) {
            // Who has nothing to show may ask for a certificate, and for nothing else.
            return;
        }
        Instant now = clock.instant();
        if (trust.check(Stream.of(shown).map(X509Certificate.class::cast).toList(), now)
                instanceof Verdict.Trusted<Identity>(Identity peer)) {
            X509Certificate certificate = (X509Certificate) shown[0];
            var connection =
                    new PeerConnection(
                            channel,
                            peer,
                            certificate,
                            isOwnShown(session),
                            now,
                            end(certificate, session));
            session.putValue(KEY, connection);
            open.add(connection);
            channel.closeFuture().addListener(closed -> open.remove(connection));
        }
    }

    private static boolean isOwnShown(SSLSession session) {
        Certificate[] shown = session.getLocalCertificates();
        return shown != null && shown.length > 0;
    }

    private static Instant end(X509Certificate peers, SSLSession session) {
        Instant end = peers.getNotAfter().toInstant();
        if (!isOwnShown(session)) {
            return end;
        }
        X509Certificate own = (X509Certificate) session.getLocalCertificates()[0];
        Instant other = own.getNotAfter().toInstant();
        return other.isBefore(end) ? other : end;
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
        return !connection.isOver(now)
                && (own.certificate().isPresent() || !connection.isOwnShown())
                && !trust.revocations().isRevoked(connection.certificate());
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
