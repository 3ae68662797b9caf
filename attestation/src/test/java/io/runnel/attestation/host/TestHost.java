package io.runnel.attestation.host;

import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;

/** Certificates of hosts as an authority that has nothing to do with us makes them. */
public final class TestHost {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final KeyPair AUTHORITY = pair("EC", 256);
    private static final X509Certificate ROOT =
            certificate("root", AUTHORITY, after(60), List.of());

    private TestHost() {}

    /** A new pair. */
    public static KeyPair pair(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits, RANDOM);
            return generator.generateKeyPair();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Who certifies them. */
    public static X509Certificate root() {
        return ROOT;
    }

    private static Instant after(int days) {
        return Instant.now().plus(Duration.ofDays(days)).truncatedTo(ChronoUnit.SECONDS);
    }

    /** A host's certificate of these names, which ends in 30 days, and who certified it. */
    public static List<X509Certificate> chain(KeyPair pair, String... names) {
        return chain(pair, after(30), names);
    }

    /** A host's certificate that ends then, and who certified it. */
    public static List<X509Certificate> chain(KeyPair pair, Instant end, String... names) {
        List<GeneralName> all =
                Stream.of(names).map(name -> new GeneralName(kind(name), name)).toList();
        return List.of(certificate("host", pair, end, all), ROOT);
    }

    private static int kind(String name) {
        return Character.isDigit(name.charAt(0)) ? GeneralName.iPAddress : GeneralName.dNSName;
    }

    private static X509Certificate certificate(
            String subject, KeyPair pair, Instant end, List<GeneralName> names) {
        try {
            JcaX509v3CertificateBuilder builder =
                    new JcaX509v3CertificateBuilder(
                            new X500Name("CN=root"),
                            new BigInteger(64, RANDOM),
                            Date.from(after(-90)),
                            Date.from(end),
                            new X500Name("CN=" + subject),
                            pair.getPublic());
            if (pair.equals(AUTHORITY)) {
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            }
            if (!names.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(names.toArray(GeneralName[]::new)));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA")
                                            .build(AUTHORITY.getPrivate())));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** That key and its certificates. */
    public static HostKey key(String algorithm, int bits, String... names) {
        KeyPair pair = pair(algorithm, bits);
        return HostKey.of(pair.getPrivate(), chain(pair, names));
    }

    /** As other programs write it: {@code EC PRIVATE KEY} of P-256, {@code RSA PRIVATE KEY}. */
    static String traditional(PrivateKey key) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            if (key instanceof ECPrivateKey ec) {
                ASN1Object curve = SECObjectIdentifiers.secp256r1;
                byte[] written =
                        new org.bouncycastle.asn1.sec.ECPrivateKey(256, ec.getS(), curve)
                                .getEncoded();
                writer.writeObject(new PemObject("EC PRIVATE KEY", written));
            } else {
                writer.writeObject(key);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return text.toString();
    }
}
