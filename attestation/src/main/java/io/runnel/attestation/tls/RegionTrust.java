package io.runnel.attestation.tls;

import io.runnel.attestation.identity.ChainCheck;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom a user's program believes where a region listens: any node of a region of its network. By
 * which name or address it was called does not matter: that may be a detour's, and its identity
 * says more than the name of a host. Safe for any thread.
 */
public final class RegionTrust extends X509ExtendedTrustManager {
    private final ChainCheck chains;
    private final InstantSource clock;

    /** One that believes what {@code chains} believes. */
    public RegionTrust(ChainCheck chains, InstantSource clock) {
        this.chains = chains;
        this.clock = clock;
    }

    /** A new context of clients that believe this; they show nothing of themselves. */
    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[0], new TrustManager[] {this}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    private void believe(X509Certificate[] chain) throws CertificateException {
        switch (chains.check(List.of(chain), clock.instant())) {
            case Verdict.Trusted<Identity>(Identity.RegionNode node) -> {}
            case Verdict.Trusted<Identity>(Identity other) ->
                    throw new CertificateException(
                            "it is %s, and no node of a region".formatted(other.uri()));
            case Verdict.Rejected<Identity>(List<Rejection> reasons) ->
                    throw new CertificateException(
                            "%s (%s)"
                                    .formatted(
                                            reasons.getFirst().reason().sentence(),
                                            reasons.getFirst().detail()));
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        believe(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        believe(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        believe(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw noServer();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw noServer();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        throw noServer();
    }

    private static CertificateException noServer() {
        return new CertificateException("users' programs serve nobody");
    }

    /** None is named: no client is asked for its certificate here. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
