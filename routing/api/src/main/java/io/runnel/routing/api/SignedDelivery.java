package io.runnel.routing.api;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a webhook's headers say of its signature. Pure.
 *
 * @param scheme by which it was read
 * @param before what is signed before the body
 * @param epochSeconds when it was signed; 0 where the scheme has no time
 * @param signatures each one of 32 bytes; one that fits is enough
 */
record SignedDelivery(
        WebhookRule.Scheme scheme, String before, long epochSeconds, List<byte[]> signatures) {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SIGNATURE_BYTES = 32;
    private static final int MOST_SIGNATURES = 16;
    private static final int LONGEST_HEADER = 4_096;
    private static final int MOST_DIGITS = 12;
    private static final String SECRET_PREFIX = "whsec_";

    static SignedDelivery read(WebhookRule.Scheme scheme, Function<String, List<String>> headers)
            throws FlawException {
        return switch (scheme) {
            case GITHUB -> ofGithub(one(headers, "x-hub-signature-256"));
            case STRIPE -> ofStripe(one(headers, "stripe-signature"));
            case STANDARD ->
                    ofStandard(
                            one(headers, "webhook-id"),
                            one(headers, "webhook-timestamp"),
                            one(headers, "webhook-signature"));
        };
    }

    private static String one(Function<String, List<String>> headers, String name)
            throws FlawException {
        List<String> values = headers.apply(name);
        if (values.isEmpty()) {
            throw new FlawException(WebhookFlaw.MISSING);
        }
        if (values.size() > 1 || values.getFirst().length() > LONGEST_HEADER) {
            throw malformed();
        }
        return values.getFirst();
    }

    private static SignedDelivery ofGithub(String header) throws FlawException {
        String prefix = "sha256=";
        if (!header.startsWith(prefix)) {
            throw malformed();
        }
        List<byte[]> signatures = List.of(hex(header.substring(prefix.length())));
        return new SignedDelivery(WebhookRule.Scheme.GITHUB, "", 0, signatures);
    }

    private static SignedDelivery ofStripe(String header) throws FlawException {
        Optional<String> time = Optional.empty();
        List<byte[]> signatures = new ArrayList<>();
        for (String part : header.split(",", -1)) {
            if (part.startsWith("t=")) {
                if (time.isPresent()) {
                    throw malformed();
                }
                time = Optional.of(part.substring(2));
            } else if (part.startsWith("v1=")) {
                signatures.add(hex(part.substring(3)));
            }
        }
        String seconds = time.orElseThrow(SignedDelivery::malformed);
        return timed(WebhookRule.Scheme.STRIPE, seconds + ".", seconds, signatures);
    }

    private static SignedDelivery ofStandard(String id, String seconds, String header)
            throws FlawException {
        // With a full stop in it the three parts could be cut in another way.
        if (id.isEmpty() || id.indexOf('.') >= 0) {
            throw malformed();
        }
        List<byte[]> signatures = new ArrayList<>();
        for (String part : header.split(" ", -1)) {
            if (part.startsWith("v1,")) {
                signatures.add(base64(part.substring(3)));
            }
        }
        String before = id + "." + seconds + ".";
        return timed(WebhookRule.Scheme.STANDARD, before, seconds, signatures);
    }

    private static SignedDelivery timed(
            WebhookRule.Scheme scheme, String before, String seconds, List<byte[]> signatures)
            throws FlawException {
        boolean digits = seconds.chars().allMatch(c -> c >= '0' && c <= '9');
        if (seconds.isEmpty() || seconds.length() > MOST_DIGITS || !digits) {
            throw malformed();
        }
        if (signatures.isEmpty() || signatures.size() > MOST_SIGNATURES) {
            throw malformed();
        }
        return new SignedDelivery(scheme, before, Long.parseLong(seconds), signatures);
    }

    private static byte[] hex(String text) throws FlawException {
        if (text.length() != 2 * SIGNATURE_BYTES) {
            throw malformed();
        }
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    private static byte[] base64(String text) throws FlawException {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length == SIGNATURE_BYTES) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
        throw malformed();
    }

    /** Whether one of the signatures is this secret's; in a time that tells nothing of it. */
    Optional<WebhookFlaw> check(byte[] secret, byte[] body) {
        Optional<byte[]> key = key(secret);
        if (key.isEmpty()) {
            return Optional.of(WebhookFlaw.BAD_SECRET);
        }
        byte[] right = sign(key.get(), body);
        boolean fits = false;
        for (byte[] signature : signatures) {
            fits |= MessageDigest.isEqual(right, signature);
        }
        return fits ? Optional.empty() : Optional.of(WebhookFlaw.WRONG);
    }

    private Optional<byte[]> key(byte[] secret) {
        if (scheme != WebhookRule.Scheme.STANDARD) {
            return Optional.of(secret).filter(key -> key.length > 0);
        }
        String text = new String(secret, StandardCharsets.ISO_8859_1);
        String encoded =
                text.startsWith(SECRET_PREFIX) ? text.substring(SECRET_PREFIX.length()) : text;
        try {
            return Optional.of(Base64.getDecoder().decode(encoded)).filter(key -> key.length > 0);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private byte[] sign(byte[] key, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            mac.update(before.getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    private static FlawException malformed() {
        return new FlawException(WebhookFlaw.MALFORMED);
    }

    /** The headers are not as the scheme has them. */
    static final class FlawException extends Exception {
        private static final long serialVersionUID = 1L;

        private final WebhookFlaw flaw;

        FlawException(WebhookFlaw flaw) {
            super(flaw.name(), null, false, false);
            this.flaw = flaw;
        }

        WebhookFlaw flaw() {
            return flaw;
        }
    }
}
