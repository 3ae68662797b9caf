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
 * Whether a request is what the holder of a key signed a moment ago. Pure.
 *
 * @param shown what came with it
 * @param request as it came
 */
public record SignedRequestCheck(SignatureV4 shown, SignedRequest request) {
    /** By how much a caller's clock may be wrong, and how long a request may be shown again. */
    public static final Duration SKEW = Duration.ofMinutes(5);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'")
                    .withResolverStyle(ResolverStyle.STRICT);
    private static final String DATE = "x-amz-date";
    private static final String PAYLOAD = "x-amz-content-sha256";
    private static final String OF_AWS = "x-amz-";

    /** Why a request is not looked at any further. */
    public enum Flaw {
        /** It does not say when it was signed, in the one form. */
        NO_TIME,
        /** It was signed long ago, or will be. */
        OTHER_TIME,
        /** Its scope is of another day. */
        OTHER_DAY,
        /** A header could be changed that says something of the call. */
        HEADER_NOT_SIGNED,
        /** A kind of signature, or of payload, that is not taken here. */
        NOT_SUPPORTED
    }

    /** What can be told from the head alone. */
    public Optional<Flaw> flaw(Instant now) {
        Optional<Instant> at = time();
        if (at.isEmpty()) {
            return Optional.of(Flaw.NO_TIME);
        }
        if (Duration.between(at.get(), now).abs().compareTo(SKEW) > 0) {
            return Optional.of(Flaw.OTHER_TIME);
        }
        if (!at.get().atZone(ZoneOffset.UTC).toLocalDate().equals(shown.scope().day())) {
            return Optional.of(Flaw.OTHER_DAY);
        }
        if (!isAllSigned()) {
            return Optional.of(Flaw.HEADER_NOT_SIGNED);
        }
        boolean saysPayload = request.headers().containsKey(PAYLOAD);
        boolean isHash = isHash(request.header(PAYLOAD));
        boolean hasToken = request.headers().containsKey("x-amz-security-token");
        return hasToken || (saysPayload && !isHash)
                ? Optional.of(Flaw.NOT_SUPPORTED)
                : Optional.empty();
    }

    private Optional<Instant> time() {
        try {
            return Optional.of(
                    LocalDateTime.parse(request.header(DATE), TIME).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
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
        boolean isWhatItSays =
                !request.headers().containsKey(PAYLOAD) || same(request.header(PAYLOAD), payload);
        byte[] canonical = request.canonical(shown.signedHeaders(), payload);
        String text =
                String.join(
                        "\n",
                        SignatureV4.ALGORITHM,
                        request.header(DATE),
                        shown.scope().toString(),
                        HexFormat.of().formatHex(sha256().digest(canonical)));
        return same(shown.signature(), key.sign(text)) && isWhatItSays;
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
