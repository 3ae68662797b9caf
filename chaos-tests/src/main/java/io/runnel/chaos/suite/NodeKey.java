package io.runnel.chaos.suite;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A node's key with what it was certified by, as whoever reads the node's disk finds it.
 *
 * @param chain the key's own certificate first
 */
record NodeKey(PrivateKey key, List<X509Certificate> chain) {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z ]+)-----([^-]*)-----END \\1-----");

    NodeKey {
        chain = List.copyOf(chain);
    }

    /**
     * Reads it: PEM, the key as PKCS #8.
     *
     * @return empty if there is no such file, or it is being written just now
     */
    static Optional<NodeKey> read(Path file) {
        List<PrivateKey> keys = new ArrayList<>();
        List<X509Certificate> chain = new ArrayList<>();
        try {
            Matcher block = BLOCK.matcher(Files.readString(file, US_ASCII));
            while (block.find()) {
                byte[] der = Base64.getMimeDecoder().decode(block.group(2));
                if (block.group(1).equals("CERTIFICATE")) {
                    chain.add(certificate(der));
                } else {
                    keys.add(KeyFactory.getInstance("EC").generatePrivate(spec(der)));
                }
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new NetworkException("no key of a node in " + file, e);
        }
        return keys.isEmpty() || chain.isEmpty()
                ? Optional.empty()
                : Optional.of(new NodeKey(keys.getFirst(), chain));
    }

    private static PKCS8EncodedKeySpec spec(byte[] der) {
        return new PKCS8EncodedKeySpec(der);
    }

    private static X509Certificate certificate(byte[] der) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(der));
    }

    /** Its own certificate. */
    X509Certificate certificate() {
        return chain.getFirst();
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "NodeKey(%s)".formatted(certificate().getSubjectX500Principal());
    }
}
