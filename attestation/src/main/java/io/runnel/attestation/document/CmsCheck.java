package io.runnel.attestation.document;

import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.operator.ContentVerifier;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.OperatorCreationException;

import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.PublicKey;

/**
 * What Bouncy Castle's CMS asks whether a key made a signature. Its own for the JDK's providers
 * works each signature out twice.
 */
final class CmsCheck implements ContentVerifierProvider {
    private static final AlgorithmIdentifier ES256 =
            new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);

    private final SignatureCheck check;
    private final X509CertificateHolder signer;
    private final PublicKey key;

    /**
     * Of one signer.
     *
     * @param signer its certificate, in whose time it must have signed
     * @param key that of the certificate
     */
    CmsCheck(SignatureCheck check, X509CertificateHolder signer, PublicKey key) {
        this.check = check;
        this.signer = signer;
        this.key = key;
    }

    @Override
    public boolean hasAssociatedCertificate() {
        return true;
    }

    @Override
    public X509CertificateHolder getAssociatedCertificate() {
        return signer;
    }

    @Override
    public ContentVerifier get(AlgorithmIdentifier algorithm) throws OperatorCreationException {
        if (!algorithm.equals(ES256)) {
            throw new OperatorCreationException("not " + ES256.getAlgorithm());
        }
        MessageDigest digest = Hashes.sha256();
        OutputStream text = new DigestOutputStream(OutputStream.nullOutputStream(), digest);
        return new ContentVerifier() {
            @Override
            public AlgorithmIdentifier getAlgorithmIdentifier() {
                return ES256;
            }

            @Override
            public OutputStream getOutputStream() {
                return text;
            }

            @Override
            public boolean verify(byte[] expected) {
                return check.isOf(key, digest.digest(), expected);
            }
        };
    }
}
