package io.runnel.attestation.record;

import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.Pem;
import io.runnel.exec.task.RegionId;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/** Signs records with the key of a region's authority. Safe for any thread. */
public final class RecordSigner {
    private static final String ALGORITHM = "SHA256withECDSAinP1363Format";

    private final CertifiedKey authority;
    private final RegionId region;
    private final SecureRandom random;
    private final String id;

    /**
     * One that signs with this key.
     *
     * @param region whose authority it is
     */
    public RecordSigner(CertifiedKey authority, RegionId region, SecureRandom random) {
        this.authority = authority;
        this.region = region;
        this.random = random;
        this.id = AuthorityCertificates.id(authority.certificate());
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
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(authority.key(), random);
            signature.update(SignedRecord.text(hash, live, id, cut));
            String made = HexFormat.of().formatHex(signature.sign());
            return new SignedRecord(region, hash, live, id, cut, made);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a record cannot be signed", e);
        }
    }
}
