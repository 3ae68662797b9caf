package io.runnel.attestation.certificate;

import io.runnel.attestation.identity.Identity;

import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;

/**
 * Certifies keys: a root those of regions' authorities, an authority those of nodes (RFC 5280, with
 * the identity as the only URI among the alternative names, constrained to the network). Safe for
 * any thread.
 */
public final class CertificateAuthority {
    /** How far clocks may be apart where nothing is said of it. */
    public static final Duration SKEW = Duration.ofSeconds(60);

    /**
     * A node's certificate is valid from so long before it is made: a node whose clock was set back
     * an hour still knows the others.
     */
    public static final Duration NODE_BACKDATED = Duration.ofHours(2);

    /** The same of authorities and roots: they must be valid when what they certified is. */
    public static final Duration AUTHORITY_BACKDATED = Duration.ofDays(1);

    /** How long a node's certificate is valid. */
    public static final Duration NODE_LIFE = Duration.ofHours(24);

    /** How long that of a region's authority is. */
    public static final Duration AUTHORITY_LIFE = Duration.ofDays(365);

    /** How long a list of what is revoked may be relied on. */
    public static final Duration LIST_LIFE = Duration.ofHours(1);

    private static final Duration ROOT_LIFE = Duration.ofDays(3650);
    private static final String ALGORITHM = "SHA256withECDSA";
    private static final int SERIAL_BITS = 127;

    private final CertifiedKey own;
    private final SecureRandom random;

    /** One that certifies with this key. */
    public CertificateAuthority(CertifiedKey own, SecureRandom random) {
        this.own = own;
        this.random = random;
    }

    /** A new root of a network, which certifies itself. */
    public static CertifiedKey root(String network, Instant now, SecureRandom random) {
        KeyPair pair = KeyPairs.generate(random);
        Identity root = new Identity.Root(network);
        X509Certificate certificate =
                sign(
                        new Content(
                                root, HostNames.NONE, pair.getPublic(), now, now.plus(ROOT_LIFE)),
                        root,
                        pair.getPublic(),
                        pair.getPrivate(),
                        random);
        return new CertifiedKey(pair.getPrivate(), List.of(certificate));
    }

    /**
     * A new key of a node that no authority has certified: that it is this node it says itself, and
     * nobody believes it.
     */
    public static CertifiedKey uncertified(Identity who, Instant now, SecureRandom random) {
        KeyPair pair = KeyPairs.generate(random);
        X509Certificate certificate =
                sign(
                        new Content(
                                who, HostNames.NONE, pair.getPublic(), now, now.plus(ROOT_LIFE)),
                        who,
                        pair.getPublic(),
                        pair.getPrivate(),
                        random);
        return new CertifiedKey(pair.getPrivate(), List.of(certificate));
    }

    /** Who certifies. */
    public Identity identity() {
        return own.identity();
    }

    /** What says so. */
    public X509Certificate certificate() {
        return own.certificate();
    }

    /** What it certifies with. */
    public CertifiedKey key() {
        return own;
    }

    /** A new key for this holder, certified. */
    public CertifiedKey create(Identity who, Instant now, Duration life) {
        KeyPair pair = KeyPairs.generate(random);
        return new CertifiedKey(pair.getPrivate(), certify(who, pair.getPublic(), now, life));
    }

    /**
     * Certifies a key; not for longer than the own certificate lives.
     *
     * @param key on P-256; that its holder has the other half was seen before
     * @return the chain, the new certificate first, without the root
     * @throws IllegalArgumentException if this one may not certify such a holder, or such a key
     */
    public List<X509Certificate> certify(Identity who, PublicKey key, Instant now, Duration life) {
        return certify(who, HostNames.NONE, key, now, life);
    }

    /**
     * The same for a node that users call by names of hosts, so that clients that know no
     * identities know it too.
     *
     * @param hosts what the topology says, never what who asks says
     * @throws IllegalArgumentException as above, or if anybody but a region's node has such names
     */
    public List<X509Certificate> certify(
            Identity who, HostNames hosts, PublicKey key, Instant now, Duration life) {
        if (!hosts.isEmpty() && !(who instanceof Identity.RegionNode)) {
            throw new IllegalArgumentException(who.uri() + " has no names of hosts");
        }
        if (!Chain.mayCertify(identity(), who)) {
            throw new IllegalArgumentException(
                    "%s does not certify %s".formatted(identity().uri(), who.uri()));
        }
        if (!KeyPairs.isP256(key)) {
            throw new IllegalArgumentException("only keys on P-256 are certified");
        }
        Instant ownEnd = own.certificate().getNotAfter().toInstant();
        Instant end = now.plus(life);
        X509Certificate made =
                sign(
                        new Content(who, hosts, key, now, end.isAfter(ownEnd) ? ownEnd : end),
                        identity(),
                        own.certificate().getPublicKey(),
                        own.key(),
                        random);
        return identity() instanceof Identity.Root
                ? List.of(made)
                : List.of(made, own.certificate());
    }

    /**
     * Signs which certificates are revoked (RFC 5280, section 5).
     *
     * @param number higher than that of the list before
     * @param revoked since when, by serial number
     */
    public X509CRL revocationList(
            Map<BigInteger, Instant> revoked, BigInteger number, Instant now) {
        var builder =
                new X509v2CRLBuilder(Names.distinguished(identity()), Date.from(now.minus(SKEW)));
        builder.setNextUpdate(Date.from(now.plus(LIST_LIFE)));
        revoked.forEach(
                (serial, since) ->
                        builder.addCRLEntry(serial, Date.from(since), CRLReason.unspecified));
        try {
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils()
                            .createAuthorityKeyIdentifier(own.certificate().getPublicKey()));
            builder.addExtension(Extension.cRLNumber, false, new CRLNumber(number));
            var signer = new JcaContentSignerBuilder(ALGORITHM).setSecureRandom(random);
            return new JcaX509CRLConverter().getCRL(builder.build(signer.build(own.key())));
        } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("a revocation list cannot be made", e);
        }
    }

    private record Content(
            Identity who, HostNames hosts, PublicKey key, Instant now, Instant end) {}

    private static X509Certificate sign(
            Content content,
            Identity issuer,
            PublicKey issuerKey,
            PrivateKey signing,
            SecureRandom random) {
        var builder =
                new JcaX509v3CertificateBuilder(
                        Names.distinguished(issuer),
                        new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
                        Date.from(content.now().minus(backdated(content.who()))),
                        Date.from(content.end()),
                        Names.distinguished(content.who()),
                        content.key());
        try {
            extend(builder, content, issuerKey);
            var signer = new JcaContentSignerBuilder(ALGORITHM).setSecureRandom(random);
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(signer.build(signing)));
        } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("a certificate cannot be made", e);
        }
    }

    private static Duration backdated(Identity who) {
        return switch (who) {
            case Identity.Root root -> AUTHORITY_BACKDATED;
            case Identity.Authority authority -> AUTHORITY_BACKDATED;
            case Identity.RegionNode node -> NODE_BACKDATED;
            case Identity.Pop pop -> NODE_BACKDATED;
            case Identity.Supervisor supervisor -> NODE_BACKDATED;
        };
    }

    private static void extend(
            JcaX509v3CertificateBuilder builder, Content content, PublicKey issuerKey)
            throws CertIOException, GeneralSecurityException {
        var utils = new JcaX509ExtensionUtils();
        Identity who = content.who();
        builder.addExtension(
                Extension.subjectKeyIdentifier,
                false,
                utils.createSubjectKeyIdentifier(content.key()));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                utils.createAuthorityKeyIdentifier(issuerKey));
        builder.addExtension(Extension.subjectAlternativeName, false, names(who, content.hosts()));
        switch (who) {
            case Identity.Root root -> mayCertify(builder, 1);
            case Identity.Authority authority -> {
                mayCertify(builder, 0);
                builder.addExtension(Extension.nameConstraints, true, only(authority.network()));
            }
            case Identity.RegionNode node -> speaks(builder);
            case Identity.Pop pop -> speaks(builder);
            case Identity.Supervisor supervisor -> speaks(builder);
        }
    }

    private static void mayCertify(JcaX509v3CertificateBuilder builder, int below)
            throws CertIOException {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(below));
        builder.addExtension(
                Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    }

    private static void speaks(JcaX509v3CertificateBuilder builder) throws CertIOException {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(
                        new KeyPurposeId[] {
                            KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                        }));
    }

    private static GeneralNames names(Identity who, HostNames hosts) {
        List<GeneralName> names = new ArrayList<>();
        names.add(new GeneralName(GeneralName.uniformResourceIdentifier, who.uri()));
        hosts.names().forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
        hosts.addresses()
                .forEach(
                        address ->
                                names.add(
                                        new GeneralName(
                                                GeneralName.iPAddress,
                                                new DEROctetString(address.getAddress()))));
        return new GeneralNames(names.toArray(GeneralName[]::new));
    }

    private static NameConstraints only(String network) {
        var host = new GeneralName(GeneralName.uniformResourceIdentifier, network);
        return new NameConstraints(new GeneralSubtree[] {new GeneralSubtree(host)}, null);
    }
}
