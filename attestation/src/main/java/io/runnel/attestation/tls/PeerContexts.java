package io.runnel.attestation.tls;

import io.runnel.attestation.authority.NodeIdentity;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * What makes the engines of a node's connections. No session is ever resumed: each connection shows
 * who is at its ends anew, and so what was renewed or revoked counts from the next one on.
 */
public final class PeerContexts {
    /** The only version of TLS between nodes. */
    public static final String PROTOCOL = "TLSv1.3";

    /**
     * Longer than a ticket may live by RFC 8446 (section 4.6.1), so the JDK makes none. It has no
     * other switch for one context.
     */
    private static final int NO_TICKETS_SECONDS = 8 * 24 * 3600;

    private final NodeIdentity own;
    private final PeerTrust trust;
    private final SecureRandom random;

    /**
     * For one node.
     *
     * @param own what it shows of itself
     * @param trust whom it believes
     */
    public PeerContexts(NodeIdentity own, PeerTrust trust, SecureRandom random) {
        this.own = own;
        this.trust = trust;
        this.random = random;
    }

    /** A new context, for clients or for servers. */
    public SSLContext create() {
        try {
            SSLContext context = SSLContext.getInstance(PROTOCOL);
            context.init(
                    new KeyManager[] {new ShownKeys(KeyChoice.own(own::key))},
                    new TrustManager[] {trust},
                    random);
            context.getServerSessionContext().setSessionTimeout(NO_TICKETS_SECONDS);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + PROTOCOL, e);
        }
    }
}
