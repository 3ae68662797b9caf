package io.runnel.attestation.record;

import io.runnel.attestation.certificate.KnownRevocations;
import io.runnel.attestation.document.SignatureCheck;
import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Verdict;
import io.runnel.attestation.record.AuthorityCertificates.Authority;
import io.runnel.exec.task.CodeDigest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Says whether a region's authority signed a record: by a certificate that is known, is under the
 * root, is that region's, covers the time and is not revoked. Takes about a tenth of a millisecond;
 * what was found sound before, or was signed here, takes a hundredth of that, for a bounded number
 * of records. Safe for any thread.
 */
public final class RecordVerifier {
    private static final int MOST_REMEMBERED = 32_768;

    private final AuthorityCertificates authorities;
    private final KnownRevocations revocations;
    private final SignatureCheck signatures = new SignatureCheck();
    private final AtomicLong verified = new AtomicLong();

    /** Signatures that are right, whatever became of their keys since. Guarded by itself. */
    private final Map<Mark, Boolean> right =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Mark, Boolean> eldest) {
                    return size() > MOST_REMEMBERED;
                }
            };

    /** The first half of a hash over all that is signed, and the signature. */
    private record Mark(long first, long second) {}

    /** One that goes by these certificates, but for those that were revoked. */
    public RecordVerifier(AuthorityCertificates authorities, KnownRevocations revocations) {
        this.authorities = authorities;
        this.revocations = revocations;
    }

    /**
     * Has a record signed. That this signature is right is known here from then on, so that it is
     * not worked out again; whether it is believed, and of which region, {@link #check} says of it
     * as of any other.
     *
     * @param by the one that signs
     * @param hash of the record
     * @param live the digest of what stands of the log with it
     * @param at the time; cut to milliseconds
     */
    public SignedRecord sign(RecordSigner by, String hash, String live, Instant at) {
        SignedRecord made = by.sign(hash, live, at);
        // Else its key is another one than its certificate says, and all others would find that.
        if (by.isProved()) {
            remember(mark(made.text(), made.signature()));
        }
        return made;
    }

    /** How many signatures were worked out so far: not those that were known to be right. */
    public long verified() {
        return verified.get();
    }

    /**
     * Checks a signature.
     *
     * @param said hostile; its hash is that of the record's content
     * @return the same, if it is believed
     */
    public Verdict<SignedRecord> check(SignedRecord said) {
        Optional<Authority> authority = authorities.find(said.signer());
        if (authority.isEmpty()) {
            return Verdict.rejected(Reason.ISSUER_UNKNOWN, "certificate " + said.signer());
        }
        X509Certificate certificate = authority.get().certificate();
        if (!authority.get().region().equals(said.origin())) {
            return Verdict.rejected(
                    Reason.SIGNER_IS_NOT_SUBJECT,
                    "signed by the authority of " + authority.get().region());
        }
        if (revocations.isRevoked(certificate)) {
            return Verdict.rejected(Reason.REVOKED, certificate.getSerialNumber().toString(16));
        }
        if (!AuthorityCertificates.covers(certificate, said.at())) {
            boolean early = said.at().isBefore(certificate.getNotBefore().toInstant());
            return Verdict.rejected(
                    early ? Reason.NOT_YET_VALID : Reason.EXPIRED, "signed at " + said.at());
        }
        return isRight(said, certificate)
                ? Verdict.trusted(said)
                : Verdict.rejected(Reason.SIGNATURE_WRONG, "certificate " + said.signer());
    }

    private boolean isRight(SignedRecord said, X509Certificate certificate) {
        byte[] text = said.text();
        Mark mark = mark(text, said.signature());
        synchronized (right) {
            if (right.containsKey(mark)) {
                return true;
            }
        }
        verified.incrementAndGet();
        boolean isRight =
                signatures.isOfJwt(certificate.getPublicKey(), text, bytes(said.signature()));
        if (isRight) {
            remember(mark);
        }
        return isRight;
    }

    private void remember(Mark mark) {
        synchronized (right) {
            right.put(mark, true);
        }
    }

    private static Mark mark(byte[] text, String signature) {
        MessageDigest digest = CodeDigest.newHash();
        digest.update(text);
        digest.update((byte) '\n');
        digest.update(signature.getBytes(StandardCharsets.UTF_8));
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new Mark(hash.getLong(), hash.getLong());
    }

    /** What is no number in hexadecimal is no signature either. */
    private static byte[] bytes(String signature) {
        try {
            return HexFormat.of().parseHex(signature);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
