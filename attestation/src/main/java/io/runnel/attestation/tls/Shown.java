package io.runnel.attestation.tls;

import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Verdict;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * What the ends of a connection have shown each other. Who was believed at the beginning is not for
 * that believed for ever.
 *
 * @param peer who is at the other end
 * @param certificate what says so
 * @param own whether this node has shown who it is, and is to be that as long as it lasts
 * @param end when the first of the certificates that were shown ends
 */
public record Shown(Identity peer, X509Certificate certificate, boolean own, Instant end) {
    /**
     * What was shown in a handshake that is over.
     *
     * @return empty if the other end has shown nothing, or nothing that is believed
     */
    public static Optional<Shown> in(SSLSession session, NodeTrust trust, Instant now) {
        Certificate[] chain;
        try {
            chain = session.getPeerCertificates();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
        X509Certificate certificate = (X509Certificate) chain[0];
        Optional<X509Certificate> own = own(session);
        return trust.check(Stream.of(chain).map(X509Certificate.class::cast).toList(), now)
                        instanceof Verdict.Trusted<Identity>(Identity peer)
                ? Optional.of(new Shown(peer, certificate, own.isPresent(), end(certificate, own)))
                : Optional.empty();
    }

    private static Optional<X509Certificate> own(SSLSession session) {
        Certificate[] shown = session.getLocalCertificates();
        return shown == null || shown.length == 0
                ? Optional.empty()
                : Optional.of((X509Certificate) shown[0]);
    }

    private static Instant end(X509Certificate peers, Optional<X509Certificate> own) {
        Instant end = peers.getNotAfter().toInstant();
        return own.map(certificate -> certificate.getNotAfter().toInstant())
                .filter(end::isAfter)
                .orElse(end);
    }

    /**
     * Whether it still counts: no certificate has ended, the other's is not revoked, and this node
     * has not lost what it has shown itself.
     *
     * @param self who this node is now
     */
    public boolean isBelieved(NodeIdentity self, NodeTrust trust, Instant now) {
        return now.isBefore(end)
                && (self.certificate().isPresent() || !own)
                && !trust.revocations().isRevoked(certificate);
    }
}
