package io.runnel.exec.http;

import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.HostNames;
import io.runnel.attestation.certificate.KeyPairs;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.tls.UserContexts;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.vertx.core.http.HttpServerOptions;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Secures a listener at 127.0.0.1 as a region's node does, and has clients that know its root. */
final class SecuredNode implements Consumer<HttpServerOptions> {
    private static final RegionId REGION = new RegionId("west");
    private static final Identity.RegionNode NODE =
            new Identity.RegionNode("net", REGION, new NodeName("west-1"));

    private final SecureRandom random = new SecureRandom();
    private final CertifiedKey root = CertificateAuthority.root("net", Instant.now(), random);
    private final CertificateAuthority authority =
            new CertificateAuthority(
                    new CertificateAuthority(root, random)
                            .create(
                                    new Identity.Authority("net", REGION),
                                    Instant.now(),
                                    Duration.ofDays(1)),
                    random);
    private final NodeIdentity identity = new NodeIdentity(random);
    private final UserContexts contexts = UserContexts.of(identity, NODE, Instant.now(), random);

    SecuredNode() {
        renew();
    }

    @Override
    public void accept(HttpServerOptions options) {
        new UserTls(contexts::create).accept(options);
    }

    /** It is certified anew. */
    void renew() {
        KeyPair pair = KeyPairs.generate(random);
        identity.become(
                new CertifiedKey(
                        pair.getPrivate(),
                        authority.certify(
                                NODE,
                                HostNames.of("127.0.0.1"),
                                pair.getPublic(),
                                Instant.now(),
                                Duration.ofHours(1))));
    }

    /** It has nothing to show any more. */
    void lose() {
        identity.lose();
    }

    /** What a client believes that knows the root and nothing of identities. */
    SSLContext client() throws GeneralSecurityException, IOException {
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        roots.setCertificateEntry("root", root.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(roots);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** A client's end of this connection, its handshake done, its host's name verified. */
    SSLSocket client(Socket plain, String host, String protocol, String... versions)
            throws IOException {
        try {
            SSLSocket socket =
                    (SSLSocket)
                            client().getSocketFactory()
                                    .createSocket(plain, host, plain.getPort(), true);
            SSLParameters asked = socket.getSSLParameters();
            asked.setEndpointIdentificationAlgorithm("HTTPS");
            asked.setApplicationProtocols(new String[] {protocol});
            if (versions.length > 0) {
                asked.setProtocols(versions);
            }
            socket.setSSLParameters(asked);
            socket.startHandshake();
            return socket;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }
}
