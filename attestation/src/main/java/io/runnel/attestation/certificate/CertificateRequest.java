package io.runnel.attestation.certificate;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Optional;

/**
 * Asks for a certificate, and shows that whoever asks has the key's other half (PKCS #10). It names
 * nobody: who may have which name is not for the asker to say.
 *
 * @param key on P-256
 * @param nonce what it was to sign (RFC 2985: challengePassword)
 * @param evidence what it says of itself (RFC 2985: unstructuredName)
 */
public record CertificateRequest(PublicKey key, String nonce, String evidence) {
    /** More than any request for one key takes. */
    private static final int MOST_BYTES = 8192;

    private static final ASN1ObjectIdentifier NONCE =
            PKCSObjectIdentifiers.pkcs_9_at_challengePassword;
    private static final ASN1ObjectIdentifier EVIDENCE =
            PKCSObjectIdentifiers.pkcs_9_at_unstructuredName;

    /** The request in DER. */
    public static byte[] of(KeyPair pair, String nonce, String evidence) {
        try {
            return new JcaPKCS10CertificationRequestBuilder(
                            new X500Name("CN=request"), pair.getPublic())
                    .addAttribute(NONCE, new DERUTF8String(nonce))
                    .addAttribute(EVIDENCE, new DERUTF8String(evidence))
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
                    .getEncoded();
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("a certificate request cannot be made", e);
        }
    }

    /**
     * What a request says; empty if it is malformed, larger than 8 KiB, for a key that is not on
     * P-256, or signed by another one.
     *
     * @param der hostile
     */
    public static Optional<CertificateRequest> read(byte[] der) {
        if (der.length > MOST_BYTES) {
            return Optional.empty();
        }
        try {
            var request = new JcaPKCS10CertificationRequest(der);
            PublicKey key = request.getPublicKey();
            return KeyPairs.isP256(key)
                            && request.isSignatureValid(
                                    new JcaContentVerifierProviderBuilder().build(key))
                    ? Optional.of(
                            new CertificateRequest(
                                    key, text(request, NONCE), text(request, EVIDENCE)))
                    : Optional.empty();
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                | IllegalArgumentException
                | IllegalStateException
                | ClassCastException e) {
            return Optional.empty();
        }
    }

    private static String text(PKCS10CertificationRequest request, ASN1ObjectIdentifier type) {
        Attribute[] all = request.getAttributes(type);
        if (all.length != 1 || all[0].getAttrValues().size() != 1) {
            throw new IllegalArgumentException("not one value of " + type);
        }
        ASN1Encodable value = all[0].getAttrValues().getObjectAt(0);
        return DERUTF8String.getInstance(value).getString();
    }
}
