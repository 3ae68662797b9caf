package io.runnel.attestation.certificate;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Certificates that no authority of ours would make, to see that they are not believed. */
public final class Forged {
    private final CertifiedKey issuer;
    private final Instant now;
    private final Map<ASN1ObjectIdentifier, ASN1Encodable> extensions = new LinkedHashMap<>();
    private KeyPair pair;
    private String algorithm = "SHA256withECDSA";

    /** One by this issuer, that is as a node's would be. */
    public Forged(CertifiedKey issuer, String uri, Instant now) throws Exception {
        this.issuer = issuer;
        this.now = now;
        this.pair = ec("secp256r1");
        with(Extension.basicConstraints, new BasicConstraints(false));
        with(Extension.keyUsage, new KeyUsage(KeyUsage.digitalSignature));
        named(uri);
    }

    /** A key of this curve. */
    public static KeyPair ec(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    /** With this extension in the other's place; without if it is null. */
    public Forged with(ASN1ObjectIdentifier extension, ASN1Encodable value) {
        if (value == null) {
            extensions.remove(extension);
        } else {
            extensions.put(extension, value);
        }
        return this;
    }

    /** With these alternative names. */
    public Forged named(String... uris) {
        GeneralName[] names = new GeneralName[uris.length];
        for (int i = 0; i < uris.length; i++) {
            names[i] = new GeneralName(GeneralName.uniformResourceIdentifier, uris[i]);
        }
        return with(
                Extension.subjectAlternativeName,
                uris.length == 0 ? null : new GeneralNames(names));
    }

    /** One that may certify. */
    public Forged authority() {
        with(Extension.basicConstraints, new BasicConstraints(0));
        return with(Extension.keyUsage, new KeyUsage(KeyUsage.keyCertSign));
    }

    /** Of this key. */
    public Forged of(KeyPair other) {
        pair = other;
        return this;
    }

    /** Signed so. */
    public Forged signed(String other) {
        algorithm = other;
        return this;
    }

    /** Its key, with the issuer's chain below it. */
    public CertifiedKey make() throws Exception {
        var builder =
                new JcaX509v3CertificateBuilder(
                        X500Name.getInstance(
                                issuer.certificate().getSubjectX500Principal().getEncoded()),
                        BigInteger.valueOf(now.toEpochMilli()),
                        Date.from(now.minusSeconds(60)),
                        Date.from(now.plusSeconds(86_400)),
                        new X500Name("CN=forged"),
                        pair.getPublic());
        for (var extension : extensions.entrySet()) {
            builder.addExtension(extension.getKey(), true, extension.getValue());
        }
        X509Certificate made =
                new JcaX509CertificateConverter()
                        .getCertificate(
                                builder.build(
                                        new JcaContentSignerBuilder(algorithm)
                                                .build(issuer.key())));
        List<X509Certificate> chain = new ArrayList<>(List.of(made));
        if (!isRoot(issuer.certificate())) {
            chain.addAll(issuer.chain());
        }
        return new CertifiedKey(pair.getPrivate(), chain);
    }

    private static boolean isRoot(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }
}
