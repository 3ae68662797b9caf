package io.runnel.attestation.audit;

import io.runnel.attestation.document.Hashes;
import io.runnel.attestation.identity.Identity;

import java.math.BigInteger;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One thing that an authority did.
 *
 * @param subject the node, or the other authority, that it is about
 * @param certificate which one, if one was made
 * @param proof by what, if the node had to show something
 * @param head of another log, if it is about one
 * @param by who wanted it: an account with its key, or from where a node asked
 * @param why in words, for people; may be empty
 */
public record AuditFact(
        AuditEvent event,
        Identity subject,
        Optional<Made> certificate,
        Optional<Proof> proof,
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
     * What a node shows so that a key is certified, and for which key: it is good for one.
     *
     * @param id which token, or which certificate of before
     * @param key the hash of the key; none as long as it is not used
     */
    public record Proof(String id, Optional<String> key) {
        private static final Pattern ID =
                Pattern.compile("(?:token|certificate)/[A-Za-z0-9_-]{1,64}");
        private static final Pattern KEY = Pattern.compile("[0-9a-f]{64}");

        /**
         * Checks the form.
         *
         * @throws IllegalArgumentException if it is none
         */
        public Proof {
            if (!ID.matcher(id).matches() || !key.map(k -> KEY.matcher(k).matches()).orElse(true)) {
                throw new IllegalArgumentException("no proof: " + id);
            }
        }

        /** A join token. */
        public static Proof ofToken(String serial) {
            return new Proof("token/" + serial, Optional.empty());
        }

        /**
         * A certificate of before: what was signed of it, for its signature may be written anew.
         */
        public static Proof ofCertificate(X509Certificate certificate) {
            try {
                byte[] hash = Hashes.sha256().digest(certificate.getTBSCertificate());
                return new Proof("certificate/" + HexFormat.of().formatHex(hash), Optional.empty());
            } catch (CertificateEncodingException e) {
                throw new IllegalArgumentException("no certificate", e);
            }
        }

        /** The same, for this key. */
        public Proof by(String hash) {
            return new Proof(id, Optional.of(hash));
        }
    }

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
    public static AuditFact certified(
            Identity subject, X509Certificate certificate, Optional<Proof> proof, String by) {
        return new AuditFact(
                AuditEvent.CERTIFIED,
                subject,
                Optional.of(
                        new Made(
                                certificate.getSerialNumber(),
                                certificate.getNotAfter().toInstant())),
                proof,
                Optional.empty(),
                by,
                "");
    }

    /** That a token was made for this node. */
    public static AuditFact admitted(Identity subject, Proof token, String by, String why) {
        return new AuditFact(
                AuditEvent.ADMITTED,
                subject,
                Optional.empty(),
                Optional.of(token),
                Optional.empty(),
                by,
                why);
    }

    /** That something else was done, or not done. */
    public static AuditFact of(AuditEvent event, Identity subject, String by, String why) {
        return new AuditFact(
                event, subject, Optional.empty(), Optional.empty(), Optional.empty(), by, why);
    }

    /** That another authority's log was found so, or otherwise. */
    public static AuditFact of(
            AuditEvent event, Identity.Authority other, Head head, String by, String why) {
        return new AuditFact(
                event, other, Optional.empty(), Optional.empty(), Optional.of(head), by, why);
    }
}
