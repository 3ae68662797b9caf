package io.runnel.attestation.authority;

import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.document.DocumentSigner;

import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who a node can prove to be: nobody until an authority has certified a key of its own, and with a
 * new key from time to time. Safe for any thread.
 */
public final class NodeIdentity {
    private final SecureRandom random;
    private final PublishedKeys published = new PublishedKeys();
    private volatile Optional<DocumentSigner> signer = Optional.empty();
    private volatile Optional<CertifiedKey> before = Optional.empty();
    private volatile boolean revoked;

    /** Nobody yet. */
    public NodeIdentity(SecureRandom random) {
        this.random = random;
    }

    /** From now on signs with this key. */
    public void become(CertifiedKey key) {
        DocumentSigner next = new DocumentSigner(key, random);
        before = key();
        // First: what it signs is not to be met before its key is.
        published.add(key.chain());
        signer = Optional.of(next);
        revoked = false;
    }

    /** Is nobody from now on: what it was certified with is worth nothing any more. */
    public void lose() {
        revoked = true;
        signer = Optional.empty();
        before = Optional.empty();
        published.clear();
    }

    /** Whether it was somebody and is nobody now. */
    public boolean isRevoked() {
        return revoked;
    }

    /** Whether it is to be certified again: never yet, or two thirds of its time are over. */
    public boolean isDue(Instant now) {
        return certificate().filter(c -> !isDue(c, now)).isEmpty();
    }

    private static boolean isDue(X509Certificate certificate, Instant now) {
        Instant begin = certificate.getNotBefore().toInstant();
        Duration life = Duration.between(begin, certificate.getNotAfter().toInstant());
        return !now.isBefore(begin.plus(life.multipliedBy(2).dividedBy(3)));
    }

    /** What signs for it, once an authority has certified it. */
    public Optional<DocumentSigner> signer() {
        return signer;
    }

    /** Its key and what was certified of it, once an authority has. */
    public Optional<CertifiedKey> key() {
        return signer.map(DocumentSigner::key);
    }

    /**
     * The key of a certificate of this node's: what it has, or had right before, for connections
     * outlive a renewal.
     */
    public Optional<CertifiedKey> key(X509Certificate certificate) {
        return Stream.concat(key().stream(), before.stream())
                .filter(key -> key.certificate().equals(certificate))
                .findFirst();
    }

    /**
     * How many seconds until the certificate of the authority ends that certified it: for meters.
     *
     * @return no number ({@code NaN}) while it is nobody
     */
    public double authoritySeconds(Instant now) {
        return key().map(key -> key.chain().getLast().getNotAfter().toInstant())
                .map(end -> (double) Duration.between(now, end).toSeconds())
                .orElse(Double.NaN);
    }

    /**
     * The public keys that its JWTs are signed with, as a key set (RFC 7517): that which it signs
     * with, and those before it whose certificates have not ended. None while it is nobody.
     */
    public String publishedKeys(Instant now) {
        return published.text(now);
    }

    /** Its certificate, once it has one. */
    public Optional<X509Certificate> certificate() {
        return key().map(CertifiedKey::certificate);
    }
}
