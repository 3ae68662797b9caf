package io.runnel.pop;

import io.runnel.attestation.SecretFile;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.HostNames;
import io.runnel.attestation.certificate.KeyPairs;
import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.identity.Identity;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The files of a host's certificate, and clients that know who certified it. */
final class TestHostFiles {
    private static final RegionId REGION = new RegionId("elsewhere");

    private final SecureRandom random = new SecureRandom();
    private final CertifiedKey root = CertificateAuthority.root("other", Instant.now(), random);
    private final CertificateAuthority authority =
            new CertificateAuthority(
                    new CertificateAuthority(root, random)
                            .create(
                                    new Identity.Authority("other", REGION),
                                    Instant.now(),
                                    Duration.ofDays(1)),
                    random);
    private final Path certificate;
    private final Path key;

    TestHostFiles(Path folder) throws IOException {
        this.certificate = folder.resolve("host.pem");
        this.key = folder.resolve("host.key");
        renew();
    }

    /** As it stands in a topology. */
    String inTopology() {
        return "[{certificate: %s, key: %s}]".formatted(certificate, key);
    }

    /** A new key, certified for this machine. */
    X509Certificate renew() throws IOException {
        KeyPair pair = KeyPairs.generate(random);
        List<X509Certificate> chain =
                authority.certify(
                        new Identity.RegionNode("other", REGION, new NodeName("host")),
                        new HostNames(
                                List.of("localhost"), List.of(InetAddress.ofLiteral("127.0.0.1"))),
                        pair.getPublic(),
                        Instant.now(),
                        Duration.ofHours(12));
        Files.writeString(certificate, Pem.of(chain));
        new SecretFile(key).write(Pem.of(pair));
        return chain.getFirst();
    }

    /** Nobody can use it any more. */
    void spoil() throws IOException {
        Files.writeString(certificate, "no certificate");
    }

    /** What a client believes that knows the root and nothing else of us. */
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
}
