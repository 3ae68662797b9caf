package io.runnel.attestation.join;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;

import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.document.CanonicalJson;
import io.runnel.attestation.document.CompactForm;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;

import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Lets a POP be certified that has nothing else to show: signed by the authority that is to certify
 * it, good once, and for a short time. As text it is a JWS (RFC 7515, compact) with ES256.
 *
 * @param serial which one it is: 128 random bits, in base64url
 * @param authority who made it, and takes it
 * @param node whom it is for
 * @param issuedAt when it was made, to the millisecond
 * @param notAfter when it ends, at most {@link #MOST_LIFE} later
 */
public record JoinToken(
        String serial,
        Identity.Authority authority,
        Identity.Pop node,
        Instant issuedAt,
        Instant notAfter) {
    /** How long one is good if nothing else is said. */
    public static final Duration LIFE = Duration.ofHours(1);

    /** How long one may be good. */
    public static final Duration MOST_LIFE = Duration.ofDays(7);

    private static final String SCHEMA = "runnel/join/1";
    private static final JOSEObjectType TYPE = new JOSEObjectType("runnel-join+jwt");
    private static final Set<String> HEADER = Set.of("alg", "typ");
    private static final Pattern SERIAL = Pattern.compile("[A-Za-z0-9_-]{22}");
    private static final int SERIAL_BYTES = 16;
    private static final int MOST_CHARACTERS = 2048;

    /**
     * A new one.
     *
     * @throws IllegalArgumentException if {@code life} is not positive or longer than {@link
     *     #MOST_LIFE}
     */
    public static JoinToken create(
            Identity.Authority authority,
            Identity.Pop node,
            Instant now,
            Duration life,
            SecureRandom random) {
        if (!life.isPositive() || life.compareTo(MOST_LIFE) > 0) {
            throw new IllegalArgumentException(
                    "a join token is good for at most %d days".formatted(MOST_LIFE.toDays()));
        }
        byte[] serial = new byte[SERIAL_BYTES];
        random.nextBytes(serial);
        Instant issuedAt = now.truncatedTo(ChronoUnit.MILLIS);
        return new JoinToken(
                Base64.getUrlEncoder().withoutPadding().encodeToString(serial),
                authority,
                node,
                issuedAt,
                issuedAt.plus(life));
    }

    /**
     * As text, signed.
     *
     * @param key the authority's
     */
    public String signed(CertifiedKey key) {
        byte[] claims =
                CanonicalJson.write(
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("schema", SCHEMA)
                                .put("serial", serial)
                                .put("authority", authority.uri())
                                .put("node", node.uri())
                                .put("issuedAt", issuedAt.toString())
                                .put("notAfter", notAfter.toString()));
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256).type(TYPE).build();
        JWSObject object = new JWSObject(header, new Payload(claims));
        try {
            object.sign(new ECDSASigner(key.key(), Curve.P_256));
        } catch (JOSEException e) {
            throw new IllegalStateException("a join token cannot be signed", e);
        }
        return object.serialize();
    }

    /**
     * What a text says, if this key signed it; whether that is good now is not asked.
     *
     * @param text hostile
     */
    public static Verdict<JoinToken> read(String text, PublicKey key) {
        return switch (parsed(text)) {
            case Verdict.Rejected<Signed>(List<Rejection> why) -> new Verdict.Rejected<>(why);
            case Verdict.Trusted<Signed>(Signed signed) ->
                    signed.isBy(key)
                            ? Verdict.trusted(signed.token())
                            : Verdict.rejected(
                                    Reason.SIGNATURE_WRONG, signed.token().authority().uri());
        };
    }

    /** What a text says, whoever wrote it: for whoever is to present it. */
    public static Optional<JoinToken> unchecked(String text) {
        return parsed(text) instanceof Verdict.Trusted<Signed>(Signed signed)
                ? Optional.of(signed.token())
                : Optional.empty();
    }

    private record Signed(JWSObject object, JoinToken token) {
        boolean isBy(PublicKey key) {
            try {
                return key instanceof ECPublicKey ec && object.verify(new ECDSAVerifier(ec));
            } catch (JOSEException | IllegalStateException e) {
                return false;
            }
        }
    }

    private static Verdict<Signed> parsed(String text) {
        if (text.length() > MOST_CHARACTERS) {
            return Verdict.rejected(Reason.TOO_LARGE, "%d characters".formatted(text.length()));
        }
        if (!CompactForm.isTheOneWay(text)) {
            return Verdict.rejected(Reason.MALFORMED, "not base64url in the one way to write it");
        }
        try {
            JWSObject object = JWSObject.parse(text);
            JWSHeader header = object.getHeader();
            if (!JWSAlgorithm.ES256.equals(header.getAlgorithm())) {
                return Verdict.rejected(
                        Reason.ALGORITHM_NOT_ALLOWED, header.getAlgorithm().getName());
            }
            if (!HEADER.equals(header.toJSONObject().keySet()) || !TYPE.equals(header.getType())) {
                return Verdict.rejected(Reason.MALFORMED, "not the header of a join token");
            }
            return switch (CanonicalJson.read(object.getPayload().toString().getBytes(UTF_8))) {
                case Verdict.Rejected<JsonNode>(List<Rejection> why) -> new Verdict.Rejected<>(why);
                case Verdict.Trusted<JsonNode>(JsonNode json) ->
                        Verdict.trusted(new Signed(object, token(json)));
            };
        } catch (ParseException | DateTimeException | IllegalArgumentException e) {
            return Verdict.rejected(Reason.MALFORMED, e.toString());
        }
    }

    private static JoinToken token(JsonNode json) {
        Instant issuedAt = Instant.parse(json.path("issuedAt").asText());
        Instant notAfter = Instant.parse(json.path("notAfter").asText());
        String serial = json.path("serial").asText();
        boolean isForm =
                json.path("schema").asText().equals(SCHEMA)
                        && SERIAL.matcher(serial).matches()
                        && notAfter.isAfter(issuedAt)
                        && !notAfter.isAfter(issuedAt.plus(MOST_LIFE));
        if (!isForm) {
            throw new IllegalArgumentException("not the claims of a join token");
        }
        return new JoinToken(
                serial,
                known(json, "authority", Identity.Authority.class),
                known(json, "node", Identity.Pop.class),
                issuedAt,
                notAfter);
    }

    private static <T extends Identity> T known(JsonNode json, String field, Class<T> kind) {
        return Identity.parse(json.path(field).asText())
                .filter(kind::isInstance)
                .map(kind::cast)
                .orElseThrow(() -> new IllegalArgumentException(field + " is none"));
    }
}
