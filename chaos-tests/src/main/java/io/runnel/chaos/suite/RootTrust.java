package io.runnel.chaos.suite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Knows a network's regions as any user's program does: by the root's certificate and by host. */
public final class RootTrust {
    private RootTrust() {}

    /** The root's certificate in a network's data folder. */
    public static Path file(Path data) {
        return data.resolve("ca.pem");
    }

    /**
     * What a client needs that believes who shows what this root leads to.
     *
     * @param root the root's certificate as PEM
     * @throws NetworkException if it cannot be read
     */
    public static SSLContext context(Path root) {
        return context(root, Optional.empty());
    }

    /** The same for a client that shows this key. */
    static SSLContext context(Path root, NodeKey shown) {
        return context(root, Optional.of(shown));
    }

    private static SSLContext context(Path root, Optional<NodeKey> shown) {
        try (InputStream pem = Files.newInputStream(root)) {
            KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
            roots.load(null, null);
            roots.setCertificateEntry(
                    "root", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(roots);
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] keys = shown.isPresent() ? keys(shown.get()) : null;
            context.init(keys, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new NetworkException("cannot use the root's certificate in " + root, e);
        }
    }

    private static KeyManager[] keys(NodeKey shown) throws GeneralSecurityException, IOException {
        char[] none = new char[0];
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setKeyEntry("own", shown.key(), none, shown.chain().toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, none);
        return factory.getKeyManagers();
    }
}
