package io.runnel.attestation.document;

import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Verdict;

import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.DefaultCMSSignatureAlgorithmNameGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.SignerInformationVerifier;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A detached signature of RFC 5652, of which nothing is taken but what {@link DocumentSigner}
 * makes: one signer, ECDSA on P-256 with SHA-256, nothing unsigned.
 */
final class CmsSignature {
    private static final int MOST_BYTES = 16 << 10;
    private static final int MOST_CERTIFICATES = 4;
    private static final Set<AlgorithmIdentifier> SHA256 =
            Set.of(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256));

    private final SignerInformation signer;
    private final X509CertificateHolder certificate;
    private final List<X509Certificate> chain;

    private CmsSignature(
            SignerInformation signer,
            X509CertificateHolder certificate,
            List<X509Certificate> chain) {
        this.signer = signer;
        this.certificate = certificate;
        this.chain = List.copyOf(chain);
    }

    /** The certificates of who signed, theirs first; nobody has checked them yet. */
    List<X509Certificate> chain() {
        return chain;
    }

    /**
     * Reads one that may come from anybody.
     *
     * @param json what it is to be of
     */
    static Verdict<CmsSignature> read(byte[] json, byte[] der) {
        if (der.length > MOST_BYTES) {
            return Verdict.rejected(
                    Reason.TOO_LARGE, "%d bytes of signature".formatted(der.length));
        }
        if (der.length == 0) {
            return Verdict.rejected(Reason.UNSIGNED, "an empty signature");
        }
        try (ASN1InputStream in = new ASN1InputStream(der)) {
            ASN1Primitive first = in.readObject();
            if (in.read() >= 0) {
                return Verdict.rejected(Reason.TRAILING_DATA, "bytes after the signature");
            }
            ContentInfo content = ContentInfo.getInstance(first);
            if (!CMSObjectIdentifiers.signedData.equals(content.getContentType())
                    || !Arrays.equals(content.getEncoded(ASN1Encoding.DER), der)
                    || !isPlain(SignedData.getInstance(content.getContent()))) {
                return Verdict.rejected(Reason.MALFORMED, "more than a signature of its text");
            }
            return read(new CMSSignedData(new CMSProcessableByteArray(json), content));
        } catch (IOException
                | CMSException
                | GeneralSecurityException
                | IllegalArgumentException
                | IllegalStateException
                | ClassCastException
                | NullPointerException e) {
            // What Bouncy Castle throws at a form that it does not know is not all declared.
            return Verdict.rejected(Reason.MALFORMED, e.toString());
        }
    }

    /** Of what no signature covers there is one form: so nobody can change a bit of it. */
    private static boolean isPlain(SignedData data) {
        return data.getVersion().hasValue(1)
                && data.getEncapContentInfo().getContent() == null
                && data.getEncapContentInfo().getContentType().equals(CMSObjectIdentifiers.data)
                && data.getCRLs() == null;
    }

    private static Verdict<CmsSignature> read(CMSSignedData signed)
            throws GeneralSecurityException {
        Collection<SignerInformation> signers = signed.getSignerInfos().getSigners();
        if (signers.size() != 1) {
            return Verdict.rejected(
                    signers.isEmpty() ? Reason.UNSIGNED : Reason.SEVERAL_SIGNERS,
                    "%d signers".formatted(signers.size()));
        }
        SignerInformation signer = signers.iterator().next();
        if (signer.getUnsignedAttributes() != null) {
            return Verdict.rejected(Reason.UNSIGNED_ATTRIBUTES, "attributes that nobody signed");
        }
        if (!signer.getEncryptionAlgOID().equals(X9ObjectIdentifiers.ecdsa_with_SHA256.getId())
                || !signed.getDigestAlgorithmIDs().equals(SHA256)
                || !SHA256.contains(signer.getDigestAlgorithmID())
                || signer.getSignedAttributes() == null) {
            return Verdict.rejected(
                    Reason.ALGORITHM_NOT_ALLOWED,
                    "%s of %s".formatted(signer.getEncryptionAlgOID(), signer.getDigestAlgOID()));
        }
        return chain(signed, signer);
    }

    private static Verdict<CmsSignature> chain(CMSSignedData signed, SignerInformation signer)
            throws GeneralSecurityException {
        Collection<X509CertificateHolder> all = signed.getCertificates().getMatches(null);
        if (all.size() > MOST_CERTIFICATES) {
            return Verdict.rejected(Reason.CHAIN_TOO_LONG, "%d certificates".formatted(all.size()));
        }
        List<X509CertificateHolder> left = new ArrayList<>(all);
        List<X509Certificate> chain = new ArrayList<>();
        Optional<X509CertificateHolder> own =
                left.stream().filter(c -> isOf(c, signer)).findFirst();
        Optional<X509CertificateHolder> next = own;
        while (next.isPresent()) {
            X509CertificateHolder current = next.get();
            left.remove(current);
            chain.add(new JcaX509CertificateConverter().getCertificate(current));
            next =
                    left.stream()
                            .filter(c -> c.getSubject().equals(current.getIssuer()))
                            .findFirst();
        }
        if (all.stream().anyMatch(c -> c.toASN1Structure().getSignature().getPadBits() != 0)) {
            return Verdict.rejected(Reason.MALFORMED, "a signature that is no whole bytes");
        }
        if (own.isEmpty() || !left.isEmpty()) {
            return Verdict.rejected(
                    Reason.ISSUER_UNKNOWN, "its certificates are not those of its signer");
        }
        return Verdict.trusted(new CmsSignature(signer, own.get(), chain));
    }

    /** Not as RFC 5280 compares names, to which large and small letters are alike. */
    private static boolean isOf(X509CertificateHolder certificate, SignerInformation signer) {
        try {
            return signer.toASN1Structure().getVersion().hasValue(1)
                    && Arrays.equals(
                            new IssuerAndSerialNumber(certificate.toASN1Structure())
                                    .getEncoded(ASN1Encoding.DER),
                            signer.toASN1Structure()
                                    .getSID()
                                    .toASN1Primitive()
                                    .getEncoded(ASN1Encoding.DER));
        } catch (IOException e) {
            throw new IllegalArgumentException("a name that cannot be written", e);
        }
    }

    /** Whether the key of the first certificate made it, of the text that it was read with. */
    boolean isValid(SignatureCheck check) {
        try {
            return signer.verify(
                    new SignerInformationVerifier(
                            new DefaultCMSSignatureAlgorithmNameGenerator(),
                            new DefaultSignatureAlgorithmIdentifierFinder(),
                            new CmsCheck(check, certificate, chain.getFirst().getPublicKey()),
                            new JcaDigestCalculatorProviderBuilder().build()));
        } catch (CMSException
                | OperatorCreationException
                | IllegalArgumentException
                | IllegalStateException
                | ClassCastException e) {
            // Not all declared, and thrown at attributes that nobody has signed yet.
            return false;
        }
    }
}
