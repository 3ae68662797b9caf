package io.runnel.attestation.audit;

import io.runnel.attestation.identity.Identity;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One thing that an authority did.
 *
 * @param subject the node, or the other authority, that it is about
 * @param certificate which one, if one was made
 * @param head of another log, if it is about one
 * @param by who wanted it: an account with its key, or from where a node asked
 * @param why in words, for people; may be empty
 */
public record AuditFact(
        AuditEvent event,
        Identity subject,
        Optional<Made> certificate,
        Optional<Head> head,
        String by,
        String why) {
    /** The most characters of who and why: more is cut off. */
    public static final int MOST_TEXT = 256;

    /**
     * A certificate that was made.
     *
     * @param notAfter until when it is valid
     */
    public record Made(BigInteger serial, Instant notAfter) {}

    /**
     * An entry of a log, which stands for all those before it.
     *
     * @param seq from 1 on
     * @param hash as {@link AuditEntry#hash}
     */
    public record Head(long seq, String hash) {
        private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

        /**
         * Checks the form.
         *
         * @throws IllegalArgumentException if it is none
         */
        public Head {
            if (seq < 1 || !HASH.matcher(hash).matches()) {
                throw new IllegalArgumentException("no head of a log: " + seq + " " + hash);
            }
        }

        /** That of this entry. */
        public static Head of(AuditEntry entry) {
            return new Head(entry.seq(), entry.hash());
        }
    }

    /** Cuts what is too long, and takes out what is no character of a line. */
    public AuditFact {
        by = line(by);
        why = line(why);
    }

    private static String line(String text) {
        String plain = text.replaceAll("\\p{Cntrl}", " ");
        return plain.codePointCount(0, plain.length()) <= MOST_TEXT
                ? plain
                : plain.substring(0, plain.offsetByCodePoints(0, MOST_TEXT));
    }

    /** That this key was certified. */
    public static AuditFact certified(Identity subject, X509Certificate certificate, String by) {
        return new AuditFact(
                AuditEvent.CERTIFIED,
                subject,
                Optional.of(
                        new Made(
                                certificate.getSerialNumber(),
                                certificate.getNotAfter().toInstant())),
                Optional.empty(),
                by,
                "");
    }

    /** That something else was done, or not done. */
    public static AuditFact of(AuditEvent event, Identity subject, String by, String why) {
        return new AuditFact(event, subject, Optional.empty(), Optional.empty(), by, why);
    }

    /** That another authority's log was found so, or otherwise. */
    public static AuditFact of(
            AuditEvent event, Identity.Authority other, Head head, String by, String why) {
        return new AuditFact(event, other, Optional.empty(), Optional.of(head), by, why);
    }
}
