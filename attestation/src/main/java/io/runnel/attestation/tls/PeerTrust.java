package io.runnel.attestation.tls;

import io.runnel.attestation.certificate.KnownRevocations;
import io.runnel.attestation.identity.ChainCheck;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom a node believes at the other end of a connection. Who is called must be who is to listen
 * there, and not revoked. Who calls must be somebody of the network; whether that is enough for
 * what it asks is decided with each request, so that it can be told why not. Safe for any thread.
 */
public final class PeerTrust extends X509ExtendedTrustManager {
    private final ChainCheck chains;
    private final KnownRevocations revocations;
    private final Listeners listeners;
    private final InstantSource clock;

    /** Who is to listen where. */
    @FunctionalInterface
    public interface Listeners {
        /** Whether it is this one that is to be reached there, as seen from this node. */
        boolean mayListen(String host, int port, Identity who);
    }

    /** One that believes what {@code chains} believes. */
    public PeerTrust(
            ChainCheck chains,
            KnownRevocations revocations,
            Listeners listeners,
            InstantSource clock) {
        this.chains = chains;
        this.revocations = revocations;
        this.listeners = listeners;
        this.clock = clock;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        Identity who = believe(chain);
        if (revocations.isRevoked(chain[0])) {
            throw new CertificateException(
                    "%s: %s".formatted(who.uri(), Reason.REVOKED.sentence()));
        }
        if (!listeners.mayListen(engine.getPeerHost(), engine.getPeerPort(), who)) {
            throw new CertificateException(
                    "%s is not who is to listen at %s:%d"
                            .formatted(who.uri(), engine.getPeerHost(), engine.getPeerPort()));
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        Identity unused = believe(chain);
    }

    private Identity believe(X509Certificate[] chain) throws CertificateException {
        return switch (chains.check(List.of(chain), clock.instant())) {
            case Verdict.Trusted<Identity>(Identity who) -> who;
            case Verdict.Rejected<Identity>(List<Rejection> reasons) ->
                    throw new CertificateException(
                            "%s (%s)"
                                    .formatted(
                                            reasons.getFirst().reason().sentence(),
                                            reasons.getFirst().detail()));
        };
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw noEngine();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw noEngine();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        throw noEngine();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        throw noEngine();
    }

    private static CertificateException noEngine() {
        return new CertificateException("nodes speak by engines only");
    }

    /** None is named: a node has one certificate at most. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
