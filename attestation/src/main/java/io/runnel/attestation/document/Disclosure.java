package io.runnel.attestation.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.runnel.attestation.identity.Verdict;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A fact that a document was signed over and does not show: the document holds its hash, and who
 * has the salt can show the fact later (as RFC 9901 does it).
 *
 * @param salt 128 random bits, so that nobody finds the fact by trying
 * @param name of the subject's field
 * @param value of it
 */
public record Disclosure(String salt, String name, JsonNode value) {
    /** As many as a document can withhold. */
    public static final int MOST = 64;

    private static final int SALT_BYTES = 16;
    private static final int PARTS = 3;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    static Disclosure of(String name, JsonNode value, SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return new Disclosure(BASE64.encodeToString(salt), name, value);
    }

    /** What is handed on: {@code ["SALT","NAME",VALUE]} in base64url. */
    public String text() {
        return BASE64.encodeToString(bytes());
    }

    /**
     * What texts of that form say. They are counted before any is read.
     *
     * @param texts hostile
     * @throws IllegalArgumentException if they are too many, or one is none; says which
     */
    public static List<Disclosure> parseAll(List<String> texts) {
        if (texts.size() > MOST) {
            throw new IllegalArgumentException("must be at most %d".formatted(MOST));
        }
        List<Disclosure> read = new ArrayList<>();
        for (String text : texts) {
            read.add(
                    parse(text)
                            .orElseThrow(
                                    () ->
                                            new IllegalArgumentException(
                                                    "number %d is none"
                                                            .formatted(read.size() + 1))));
        }
        return read;
    }

    /**
     * What a text of that form says; nothing if it is not the one way to write it, or says more
     * than {@link CanonicalJson#MOST_BYTES}.
     *
     * @param text hostile
     */
    public static Optional<Disclosure> parse(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return CanonicalJson.read(bytes) instanceof Verdict.Trusted<JsonNode>(JsonNode parts)
                        && parts.isArray()
                        && parts.size() == PARTS
                        && parts.get(0).isTextual()
                        && parts.get(1).isTextual()
                ? Optional.of(
                                new Disclosure(
                                        parts.get(0).textValue(),
                                        parts.get(1).textValue(),
                                        parts.get(2)))
                        .filter(disclosure -> disclosure.text().equals(text))
                : Optional.empty();
    }

    /** What the document holds in its place: SHA-256 of the text that is handed on. */
    String hash() {
        return BASE64.encodeToString(
                Hashes.sha256().digest(text().getBytes(StandardCharsets.US_ASCII)));
    }

    private byte[] bytes() {
        return CanonicalJson.write(
                JsonNodeFactory.instance.arrayNode().add(salt).add(name).add(value));
    }
}
