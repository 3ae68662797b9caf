package io.runnel.attestation.record;

import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.document.SignatureCheck;
import io.runnel.exec.task.RegionId;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * Signs records with the key of a region's authority. A node that checks records too has them
 * signed by way of {@link RecordVerifier#sign}. Safe for any thread.
 */
public final class RecordSigner {
    private static final String ALGORITHM = "SHA256withECDSAinP1363Format";

    private final CertifiedKey authority;
    private final RegionId region;
    private final SecureRandom random;
    private final String id;
    private final boolean proved;

    /**
     * One that signs with this key. Takes about as long as to sign a record and to check it.
     *
     * @param region whose authority it is
     */
    public RecordSigner(CertifiedKey authority, RegionId region, SecureRandom random) {
        this.authority = authority;
        this.region = region;
        this.random = random;
        this.id = AuthorityCertificates.id(authority.certificate());
        this.proved = proves();
    }

    /** By a signature of no record: none has such a hash. */
    private boolean proves() {
        byte[] probe = SignedRecord.text("", "", id, Instant.EPOCH);
        try {
            return new SignatureCheck()
                    .isOfJwt(authority.certificate().getPublicKey(), probe, signature(probe));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private byte[] signature(byte[] text) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(ALGORITHM);
        signature.initSign(authority.key(), random);
        signature.update(text);
        return signature.sign();
    }

    /** Whether its key is the one that its certificate is of, as a signature showed. */
    boolean isProved() {
        return proved;
    }

    /** Its certificate, as PEM. */
    public String certificate() {
        return Pem.of(List.of(authority.certificate()));
    }

    /** Whether what it signs at this time is believed by others: its certificate covers that. */
    public boolean isGood(Instant at) {
        return AuthorityCertificates.covers(authority.certificate(), at);
    }

    /**
     * Signs a record.
     *
     * @param hash of the record
     * @param live the digest of what stands of the log with it
     * @param at the time; cut to milliseconds
     */
    public SignedRecord sign(String hash, String live, Instant at) {
        Instant cut = Instant.ofEpochMilli(at.toEpochMilli());
        try {
            byte[] made = signature(SignedRecord.text(hash, live, id, cut));
            return new SignedRecord(region, hash, live, id, cut, HexFormat.of().formatHex(made));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a record cannot be signed", e);
        }
    }
}
