package io.runnel.attestation.host;

import io.runnel.attestation.certificate.CertifiedKey;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The key of a host and the certificates that say by which names it is called. Immutable.
 *
 * @param key EC or RSA
 * @param names of DNS that its certificate names, in lower case, {@code *.example.com} included
 */
public record HostKey(CertifiedKey key, Set<String> names) {
    private static final int MOST_CERTIFICATES = 10;
    private static final int LEAST_RSA_BITS = 2048;
    private static final Set<Integer> EC_BITS = Set.of(256, 384, 521);

    /** As the extension numbers them (RFC 5280). */
    private static final int DNS_NAME = 2;

    private static final int IP_ADDRESS = 7;

    /** Copies the set. */
    public HostKey {
        names = Set.copyOf(names);
    }

    /**
     * That of a key and its certificates. Whether they lead to an authority that users know is not
     * looked at, nor whether they are of now.
     *
     * @param chain the host's first, then each that certified the one before
     * @throws IllegalArgumentException if they do not belong together, or cannot be used; the
     *     message says why
     */
    public static HostKey of(PrivateKey key, List<X509Certificate> chain) {
        if (chain.isEmpty() || chain.size() > MOST_CERTIFICATES) {
            throw new IllegalArgumentException(
                    "must hold 1 to %d certificates: %d"
                            .formatted(MOST_CERTIFICATES, chain.size()));
        }
        requireOrder(chain);
        X509Certificate host = chain.getFirst();
        requireKind(host.getPublicKey());
        if (!belong(key, host.getPublicKey())) {
            throw new IllegalArgumentException(
                    "its first certificate, of %s, is not of the key: the host's goes first"
                            .formatted(host.getSubjectX500Principal()));
        }
        return new HostKey(new CertifiedKey(key, chain), names(host));
    }

    private static void requireOrder(List<X509Certificate> chain) {
        for (int i = 1; i < chain.size(); i++) {
            try {
                chain.get(i - 1).verify(chain.get(i).getPublicKey());
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException(
                        "certificate %d, of %s, did not certify the one before: the host's goes first, then each that certified the one before"
                                .formatted(i + 1, chain.get(i).getSubjectX500Principal()),
                        e);
            }
        }
    }

    private static void requireKind(PublicKey key) {
        boolean usable =
                switch (key) {
                    case RSAPublicKey rsa -> rsa.getModulus().bitLength() >= LEAST_RSA_BITS;
                    case ECPublicKey ec -> EC_BITS.contains(order(ec).bitLength());
                    default -> false;
                };
        if (!usable) {
            throw new IllegalArgumentException(
                    "its key must be RSA of at least %d bits, or EC on P-256, P-384 or P-521"
                            .formatted(LEAST_RSA_BITS));
        }
    }

    private static BigInteger order(ECPublicKey key) {
        return key.getParams().getOrder();
    }

    private static boolean belong(PrivateKey key, PublicKey other) {
        String algorithm = other instanceof RSAPublicKey ? "SHA256withRSA" : "SHA256withECDSA";
        byte[] said = other.getEncoded();
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(said);
            byte[] signed = signature.sign();
            signature.initVerify(other);
            signature.update(said);
            return signature.verify(signed);
        } catch (InvalidKeyException | SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + algorithm, e);
        }
    }

    private static Set<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        boolean isNamed = false;
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            for (List<?> name : all == null ? List.<List<?>>of() : all) {
                if (name.getFirst().equals(DNS_NAME)) {
                    names.add(name.get(1).toString().toLowerCase(Locale.ROOT));
                }
                isNamed |= name.getFirst().equals(DNS_NAME) || name.getFirst().equals(IP_ADDRESS);
            }
        } catch (CertificateParsingException e) {
            throw new IllegalArgumentException("its names are no names", e);
        }
        if (!isNamed) {
            throw new IllegalArgumentException(
                    "the certificate of %s names no host (subjectAltName)"
                            .formatted(certificate.getSubjectX500Principal()));
        }
        return Set.copyOf(names);
    }

    /** Whether clients that want this kind of key can be shown it. */
    boolean isOf(String algorithm) {
        return key.certificate().getPublicKey().getAlgorithm().equals(algorithm);
    }

    /** When the first of its certificates ends. */
    public Instant end() {
        return key.chain().stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }
}
