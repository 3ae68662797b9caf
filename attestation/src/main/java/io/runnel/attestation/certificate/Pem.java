package io.runnel.attestation.certificate;

import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keys and certificates as text (RFC 7468); keys as PKCS #8, which a passphrase may encrypt. */
public final class Pem {
    /** Rounds of PBKDF2: some tenths of a second for each guess. */
    private static final int ROUNDS = 600_000;

    private Pem() {}

    /** Certificates one after the other. */
    public static String of(List<X509Certificate> certificates) {
        return write(List.copyOf(certificates));
    }

    /** A key, then its certificates. */
    public static String of(CertifiedKey key) {
        List<Object> all = new ArrayList<>();
        all.add(plain(key.key()));
        all.addAll(key.chain());
        return write(all);
    }

    /** A key and its other half, of which nobody has certified anything. */
    public static String of(KeyPair pair) {
        return write(List.of(plain(pair.getPrivate()), pair.getPublic()));
    }

    /**
     * A key, encrypted with AES-256 under this passphrase, then its certificates.
     *
     * @param passphrase not empty
     */
    public static String of(CertifiedKey key, char[] passphrase, SecureRandom random) {
        try {
            // The JDK knows none of these by the number that PKCS #8 writes; nothing else uses it.
            var encryptor =
                    new JceOpenSSLPKCS8EncryptorBuilder(NISTObjectIdentifiers.id_aes256_CBC)
                            .setProvider(new BouncyCastleProvider())
                            .setPRF(PKCS8Generator.PRF_HMACSHA256)
                            .setIterationCount(ROUNDS)
                            .setRandom(random)
                            .setPassword(passphrase)
                            .build();
            List<Object> all = new ArrayList<>();
            all.add(new JcaPKCS8Generator(key.key(), encryptor).generate());
            all.addAll(key.chain());
            return write(all);
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("a key cannot be encrypted", e);
        }
    }

    /** A list of what is revoked. */
    public static String of(X509CRL list) {
        return write(List.of(list));
    }

    /** The certificate of an authority, then its list. */
    public static String of(RevocationList list) {
        return write(List.of(list.authority(), list.list()));
    }

    /**
     * Lists one after the other, each after the certificate of its authority; perhaps none.
     *
     * @throws PemException if the text holds something else
     */
    public static List<RevocationList> revocationLists(String text) {
        List<Object> parts = read(text);
        List<RevocationList> found = new ArrayList<>();
        for (int i = 0; i < parts.size(); i += 2) {
            if (i + 1 == parts.size()) {
                throw new PemException(
                        PemException.Code.MALFORMED, "ends with a certificate that has no list");
            }
            found.add(new RevocationList(certificate(parts.get(i)), list(parts.get(i + 1))));
        }
        return found;
    }

    /**
     * The list of what is revoked that a text holds.
     *
     * @throws PemException if it holds none, or something else
     */
    public static X509CRL revocationList(String text) {
        List<Object> parts = read(text);
        if (parts.size() != 1) {
            throw new PemException(
                    PemException.Code.MALFORMED, "does not hold one list of what is revoked");
        }
        return list(parts.getFirst());
    }

    private static X509CRL list(Object part) {
        if (!(part instanceof X509CRLHolder holder)) {
            throw new PemException(
                    PemException.Code.MALFORMED, "holds something other than a list");
        }
        try {
            return new JcaX509CRLConverter().getCRL(holder);
        } catch (GeneralSecurityException | IllegalStateException e) {
            // Its parts are parsed only when it is written again.
            throw malformed(e);
        }
    }

    /**
     * The certificates in a text.
     *
     * @throws PemException if there is none, or something else
     */
    public static List<X509Certificate> certificates(String text) {
        List<X509Certificate> found = new ArrayList<>();
        for (Object part : read(text)) {
            found.add(certificate(part));
        }
        if (found.isEmpty()) {
            throw new PemException(PemException.Code.MALFORMED, "holds no certificate");
        }
        return found;
    }

    /**
     * The key and its certificates in a text.
     *
     * @param passphrase asked for only if the key is encrypted
     * @throws PemException if they are not there, or the passphrase is wrong
     */
    public static CertifiedKey key(String text, Optional<char[]> passphrase) {
        List<Object> parts = read(text);
        if (parts.size() < 2) {
            throw new PemException(
                    PemException.Code.MALFORMED, "holds no key with its certificates");
        }
        PrivateKey key = privateKey(parts.getFirst(), passphrase);
        return new CertifiedKey(
                key, parts.subList(1, parts.size()).stream().map(Pem::certificate).toList());
    }

    /**
     * The key and its other half in a text.
     *
     * @throws PemException if they are not there
     */
    public static KeyPair pair(String text) {
        List<Object> parts = read(text);
        if (parts.size() != 2 || !(parts.getLast() instanceof SubjectPublicKeyInfo info)) {
            throw new PemException(
                    PemException.Code.MALFORMED, "does not hold a key and its other half");
        }
        try {
            return new KeyPair(
                    new JcaPEMKeyConverter().getPublicKey(info),
                    privateKey(parts.getFirst(), Optional.empty()));
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /**
     * The one private key that a text holds, beside whatever else: as other programs write them,
     * PKCS #8 or what was there before.
     *
     * @throws PemException if there is none or more than one, or it is encrypted
     */
    public static PrivateKey privateKey(String text) {
        List<Object> keys = read(text).stream().filter(Pem::isPrivateKey).toList();
        if (keys.size() != 1) {
            throw new PemException(
                    PemException.Code.MALFORMED,
                    "must hold one private key: %d".formatted(keys.size()));
        }
        return privateKey(keys.getFirst(), Optional.empty());
    }

    private static boolean isPrivateKey(Object part) {
        return part instanceof PrivateKeyInfo
                || part instanceof PKCS8EncryptedPrivateKeyInfo
                || part instanceof PEMKeyPair
                || part instanceof PEMEncryptedKeyPair;
    }

    private static PrivateKey privateKey(Object part, Optional<char[]> passphrase) {
        try {
            return switch (part) {
                case PrivateKeyInfo info -> new JcaPEMKeyConverter().getPrivateKey(info);
                case PEMKeyPair pair ->
                        new JcaPEMKeyConverter().getPrivateKey(pair.getPrivateKeyInfo());
                case PEMEncryptedKeyPair pair -> throw encrypted();
                case PKCS8EncryptedPrivateKeyInfo info ->
                        new JcaPEMKeyConverter()
                                .getPrivateKey(
                                        info.decryptPrivateKeyInfo(
                                                new JceOpenSSLPKCS8DecryptorProviderBuilder()
                                                        .setProvider(new BouncyCastleProvider())
                                                        .build(
                                                                passphrase.orElseThrow(
                                                                        Pem::encrypted))));
                default ->
                        throw new PemException(
                                PemException.Code.MALFORMED, "does not begin with a private key");
            };
        } catch (PKCSException | OperatorCreationException e) {
            throw new PemException(
                    PemException.Code.PASSPHRASE, "cannot be opened with this passphrase", e);
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    private static PemException encrypted() {
        return new PemException(PemException.Code.PASSPHRASE, "its key is encrypted");
    }

    private static X509Certificate certificate(Object part) {
        if (!(part instanceof X509CertificateHolder holder)) {
            throw new PemException(
                    PemException.Code.MALFORMED, "holds something other than certificates");
        }
        try {
            return new JcaX509CertificateConverter().getCertificate(holder);
        } catch (GeneralSecurityException | IllegalStateException e) {
            throw malformed(e);
        }
    }

    private static List<Object> read(String text) {
        List<Object> parts = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
                parts.add(part);
            }
            return parts;
        } catch (IOException | IllegalArgumentException e) {
            throw malformed(e);
        }
    }

    private static PemException malformed(Exception cause) {
        return new PemException(
                PemException.Code.MALFORMED, "is no PEM: " + cause.getMessage(), cause);
    }

    private static Object plain(PrivateKey key) {
        try {
            return new JcaPKCS8Generator(key, null).generate();
        } catch (IOException e) {
            throw new IllegalStateException("a key cannot be written", e);
        }
    }

    private static String write(List<?> parts) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Object part : parts) {
                writer.writeObject(part);
            }
        } catch (IOException e) {
            throw new IllegalStateException("PEM cannot be written", e);
        }
        return text.toString();
    }
}
