package io.runnel.attestation.signature;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Whether a request is what the holder of a key signed a moment ago, or for a time that has not
 * ended: as AWS Lambda has it, a {@linkplain PresignedQuery presigned} one counts from five minutes
 * before its date until it expires, seven days at most. The body that came is part of either. Pure.
 *
 * @param shown what came with it
 * @param request as it came
 */
public record SignedRequestCheck(SignatureV4 shown, SignedRequest request) {
    /**
     * By how much a caller's clock may be wrong, and how long a request that is not presigned may
     * be shown again.
     */
    public static final Duration SKEW = Duration.ofMinutes(5);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'")
                    .withResolverStyle(ResolverStyle.STRICT);
    private static final int TIME_CHARACTERS = 16;
    private static final String DATE = "x-amz-date";
    private static final String PAYLOAD = "x-amz-content-sha256";
    private static final String TOKEN = "x-amz-security-token";
    private static final String OF_AWS = "x-amz-";

    /** Callers' tools are made for it. */
    private static final String SERVICE = "lambda";

    /** Why a request is not looked at any further. */
    public enum Flaw {
        /** It does not say when it was signed, in the one form. */
        NO_TIME,
        /** It was signed long ago, or its time has ended. */
        EXPIRED,
        /** It says that it will be signed. */
        NOT_YET,
        /** Its scope is of another day. */
        OTHER_DAY,
        /** It was signed for something else. */
        OTHER_SERVICE,
        /** A header could be changed that says something of the call. */
        HEADER_NOT_SIGNED,
        /** It goes with the token of a session, of which there are none here. */
        SESSION,
        /** What is said of the payload is not its hash: that it is not signed, or in chunks. */
        NO_HASH
    }

    /** What can be told from the head alone. */
    public Optional<Flaw> flaw(Instant now) {
        Optional<Instant> at = time();
        if (at.isEmpty()) {
            return Optional.of(Flaw.NO_TIME);
        }
        if (now.isAfter(at.get().plus(lasts()))) {
            return Optional.of(Flaw.EXPIRED);
        }
        if (now.isBefore(at.get().minus(SKEW))) {
            return Optional.of(Flaw.NOT_YET);
        }
        return flawOfDay(at.get());
    }

    private Duration lasts() {
        return shown.presigned().map(SignatureV4.Presigned::lasts).orElse(SKEW);
    }

    private Optional<Flaw> flawOfDay(Instant at) {
        if (!at.atZone(ZoneOffset.UTC).toLocalDate().equals(shown.scope().day())) {
            return Optional.of(Flaw.OTHER_DAY);
        }
        if (!shown.scope().service().equals(SERVICE)) {
            return Optional.of(Flaw.OTHER_SERVICE);
        }
        if (!isAllSigned()) {
            return Optional.of(Flaw.HEADER_NOT_SIGNED);
        }
        if (said(TOKEN).isPresent()) {
            return Optional.of(Flaw.SESSION);
        }
        return said(PAYLOAD).map(SignedRequestCheck::isHash).orElse(true)
                ? Optional.empty()
                : Optional.of(Flaw.NO_HASH);
    }

    /** When it says that it was signed; empty if it does not, in the one form. */
    public Optional<Instant> time() {
        String date = date();
        if (date.length() != TIME_CHARACTERS) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDateTime.parse(date, TIME).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Until when it counts; empty as {@link #time}. */
    public Optional<Instant> end() {
        return time().map(at -> at.plus(lasts()));
    }

    private String date() {
        return shown.presigned()
                .map(SignatureV4.Presigned::date)
                .orElseGet(() -> request.header(DATE));
    }

    /** By a header, or in the query of a presigned one. */
    private Optional<String> said(String name) {
        return request.headers().containsKey(name)
                ? Optional.of(request.header(name))
                : shown.presigned().flatMap(in -> new PresignedQuery(request.query()).said(name));
    }

    /** {@code host}, and whatever is a word to AWS. */
    private boolean isAllSigned() {
        return shown.signedHeaders().contains("host")
                && request.headers().keySet().containsAll(shown.signedHeaders())
                && request.headers().keySet().stream()
                        .filter(name -> name.startsWith(OF_AWS))
                        .allMatch(shown.signedHeaders()::contains);
    }

    private static boolean isHash(String text) {
        return text.length() == 2 * sha256().getDigestLength()
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    /**
     * Whether the key made it. Hashes the body.
     *
     * @param key of the scope that it names
     */
    public boolean isBy(SigningKey key, byte[] body) {
        return isBy(key, HexFormat.of().formatHex(sha256().digest(body)));
    }

    /**
     * Whether the key made it.
     *
     * @param key of the scope that it names
     * @param payload the body's SHA-256, in small hexadecimal digits
     */
    public boolean isBy(SigningKey key, String payload) {
        boolean isWhatItSays = said(PAYLOAD).map(said -> same(said, payload)).orElse(true);
        byte[] canonical = signed().canonical(shown.signedHeaders(), payload);
        String text =
                String.join(
                        "\n",
                        SignatureV4.ALGORITHM,
                        date(),
                        shown.scope().toString(),
                        HexFormat.of().formatHex(sha256().digest(canonical)));
        return same(shown.signature(), key.sign(text)) && isWhatItSays;
    }

    private SignedRequest signed() {
        return shown.presigned().isPresent()
                ? request.with(new PresignedQuery(request.query()).withoutSignature())
                : request;
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(US_ASCII), other.getBytes(US_ASCII));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
