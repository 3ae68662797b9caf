package io.runnel.attestation.certificate;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Optional;

/** Asks for a certificate, and shows that whoever asks has the key's other half (PKCS #10). */
public final class CertificateRequest {
    /** More than any request for one key takes. */
    private static final int MOST_BYTES = 2048;

    private CertificateRequest() {}

    /** The request in DER. It names nobody: who may have which name is not for the asker to say. */
    public static byte[] of(KeyPair pair) {
        try {
            return new JcaPKCS10CertificationRequestBuilder(
                            new X500Name("CN=request"), pair.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
                    .getEncoded();
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("a certificate request cannot be made", e);
        }
    }

    /**
     * The key that a request is for; empty if it is malformed, larger than 2 KiB, for a key that is
     * not on P-256, or signed by another one.
     *
     * @param der hostile
     */
    public static Optional<PublicKey> key(byte[] der) {
        if (der.length > MOST_BYTES) {
            return Optional.empty();
        }
        try {
            var request = new JcaPKCS10CertificationRequest(der);
            PublicKey key = request.getPublicKey();
            return KeyPairs.isP256(key)
                            && request.isSignatureValid(
                                    new JcaContentVerifierProviderBuilder().build(key))
                    ? Optional.of(key)
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
}
