package io.runnel.attestation.signature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.attestation.signature.SignedRequestCheck.Flaw;

import org.junit.jupiter.api.Test;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is taken for a caller's own request, and what is not. */
class SignedRequestCheckTest {
    private static final String ID = "RNLABCDEFGHIJKLMNOPQ";
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
    private static final byte[] BODY = "{\"a\":1}".getBytes(UTF_8);
    private static final SigningScope SCOPE =
            new SigningScope(LocalDate.of(2026, 11, 29), "eu-west", "lambda");
    private static final SigningKey KEY = SigningKey.derive("secret", SCOPE);

    private final Map<String, List<String>> headers = new HashMap<>();
    private List<String> signed = List.of("host", "x-amz-date");
    private SigningScope scope = SCOPE;

    SignedRequestCheckTest() {
        headers.put("host", List.of("localhost:8081"));
        headers.put("x-amz-date", List.of("20261129T120000Z"));
    }

    private SignedRequest request() {
        return new SignedRequest("POST", "/fn/demo/echo", "b=2&a=1", headers);
    }

    /** As a caller makes it of what is here. */
    private SignatureV4 signature() throws Exception {
        MessageDigest hash = MessageDigest.getInstance("SHA-256");
        String payload = HexFormat.of().formatHex(hash.digest(BODY));
        String text =
                "AWS4-HMAC-SHA256\n%s\n%s\n%s"
                        .formatted(
                                request().header("x-amz-date"),
                                scope,
                                HexFormat.of()
                                        .formatHex(
                                                hash.digest(request().canonical(signed, payload))));
        return SignatureV4.parse(
                        "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                                .formatted(ID, scope, String.join(";", signed), KEY.sign(text)))
                .orElseThrow();
    }

    private SignedRequestCheck check() throws Exception {
        return new SignedRequestCheck(signature(), request());
    }

    private Optional<Flaw> flaw() throws Exception {
        return check().flaw(NOW);
    }

    @Test
    void whatItsCallerSignedIsTaken() throws Exception {
        assertEquals(Optional.empty(), flaw());
        assertTrue(check().isBy(KEY, BODY));
        assertFalse(check().isBy(SigningKey.derive("other", SCOPE), BODY));
    }

    @Test
    void whateverIsChangedAfterwardsIsFound() throws Exception {
        SignatureV4 shown = signature();
        assertFalse(
                new SignedRequestCheck(shown, request()).isBy(KEY, "{\"a\":2}".getBytes(UTF_8)));
        List<SignedRequest> changed =
                List.of(
                        new SignedRequest("PUT", "/fn/demo/echo", "b=2&a=1", headers),
                        new SignedRequest("POST", "/fn/demo/other", "b=2&a=1", headers),
                        new SignedRequest("POST", "/fn/demo/echo", "b=2&a=2", headers),
                        new SignedRequest("POST", "/fn/demo/echo", "b=2&a=1&c=3", headers));
        for (SignedRequest each : changed) {
            assertFalse(new SignedRequestCheck(shown, each).isBy(KEY, BODY), each::toString);
        }
        for (String name : List.of("host", "x-amz-date")) {
            List<String> before = headers.put(name, List.of("20261129T120001Z"));
            assertFalse(new SignedRequestCheck(shown, request()).isBy(KEY, BODY), name);
            headers.put(name, before);
        }
        assertTrue(new SignedRequestCheck(shown, request()).isBy(KEY, BODY));
        SignedRequest same = new SignedRequest("POST", "/fn//demo/./echo", "a=1&b=2", headers);
        assertTrue(new SignedRequestCheck(shown, same).isBy(KEY, BODY), "another way to write it");
    }

    @Test
    void itCountsForAFewMinutesOfItsDay() throws Exception {
        Duration most = SignedRequestCheck.SKEW;
        for (Duration age : List.of(Duration.ZERO, most, most.negated())) {
            assertEquals(Optional.empty(), check().flaw(NOW.plus(age)), age::toString);
        }
        assertEquals(Optional.of(Flaw.EXPIRED), check().flaw(NOW.plus(most).plusSeconds(1)));
        assertEquals(Optional.of(Flaw.NOT_YET), check().flaw(NOW.minus(most).minusSeconds(1)));
        scope = new SigningScope(SCOPE.day().minusDays(1), "eu-west", "lambda");
        assertEquals(Optional.of(Flaw.OTHER_DAY), flaw());
        scope = new SigningScope(SCOPE.day(), "eu-west", "s3");
        assertEquals(Optional.of(Flaw.OTHER_SERVICE), flaw());
        scope = SCOPE;
        for (String time :
                List.of(
                        "",
                        "soon",
                        "20261129T120000",
                        "20261129T250000Z",
                        "+9999999991129T120000Z")) {
            headers.put("x-amz-date", List.of(time));
            assertEquals(Optional.of(Flaw.NO_TIME), flaw(), time);
        }
        headers.put("x-amz-date", List.of("20261129T120000Z", "20261129T120000Z"));
        assertEquals(Optional.of(Flaw.NO_TIME), flaw());
    }

    @Test
    void whatSaysSomethingOfTheCallMustBeSigned() throws Exception {
        headers.put("x-amz-invocation-type", List.of("Event"));
        assertEquals(Optional.of(Flaw.HEADER_NOT_SIGNED), flaw());
        signed = List.of("host", "x-amz-date", "x-amz-invocation-type");
        assertEquals(Optional.empty(), flaw());
        headers.remove("x-amz-invocation-type");
        assertEquals(Optional.of(Flaw.HEADER_NOT_SIGNED), flaw(), "one that is not there");
        signed = List.of("x-amz-date");
        assertEquals(Optional.of(Flaw.HEADER_NOT_SIGNED), flaw(), "no host");
    }

    @Test
    void aPayloadIsWhatItsHashSaysOrNotSaid() throws Exception {
        signed = List.of("host", "x-amz-content-sha256", "x-amz-date");
        String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(BODY));
        headers.put("x-amz-content-sha256", List.of(hash));
        assertEquals(Optional.empty(), flaw());
        assertTrue(check().isBy(KEY, BODY));
        headers.put("x-amz-content-sha256", List.of("0".repeat(64)));
        assertEquals(Optional.empty(), flaw());
        assertFalse(check().isBy(KEY, BODY));
        for (String other :
                List.of("UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "", "abc")) {
            headers.put("x-amz-content-sha256", List.of(other));
            assertEquals(Optional.of(Flaw.NO_HASH), flaw(), other);
        }
    }

    @Test
    void tokensOfSessionsAreNotTaken() throws Exception {
        headers.put("x-amz-security-token", List.of("t"));
        signed = List.of("host", "x-amz-date", "x-amz-security-token");
        assertEquals(Optional.of(Flaw.SESSION), flaw());
    }

    @Test
    void brokenHeadersAreNone() throws Exception {
        String whole =
                "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=host;x-amz-date, Signature=%s"
                        .formatted(ID, SCOPE, "0".repeat(64));
        assertEquals(
                List.of("host", "x-amz-date"),
                SignatureV4.parse(whole).orElseThrow().signedHeaders());
        assertEquals(
                SignatureV4.parse(whole), SignatureV4.parse(whole.replace(", ", ",")), "no blanks");
        List<String> broken =
                List.of(
                        "",
                        "AWS4-HMAC-SHA256",
                        whole.replace("SHA256", "SHA1"),
                        whole.replace(ID, ID.substring(1)),
                        whole.replace(ID, ID.toLowerCase(java.util.Locale.ROOT)),
                        whole.replace("/20261129/", "/20261329/"),
                        whole.replace("/20261129/", "/2026112/"),
                        whole.replace("/lambda/", "/lambda/x/"),
                        whole.replace("eu-west", "EU"),
                        whole.replace("aws4_request", "aws4"),
                        whole.replace("host;x-amz-date", "x-amz-date;host"),
                        whole.replace("host;x-amz-date", "host;host"),
                        whole.replace("host;x-amz-date", ""),
                        whole.replace("host;x-amz-date", "Host"),
                        whole.replace("Signature=0", "Signature=G"),
                        whole.replace("Signature=0", "Signature="),
                        whole + ", Signature=" + "1".repeat(64),
                        whole + ", Other=1");
        for (String each : broken) {
            assertEquals(Optional.empty(), SignatureV4.parse(each), each);
        }
    }

    @Test
    void aKeyIsOfUseAroundItsDay() {
        for (int days = -9; days <= 9; days++) {
            assertEquals(
                    days >= -1 && days <= 7,
                    SCOPE.isNear(NOW.plus(Duration.ofDays(days))),
                    days + "");
        }
        assertEquals(Optional.empty(), SigningKey.of(new byte[31]));
        assertEquals("SigningKey", KEY.toString());
    }
}
