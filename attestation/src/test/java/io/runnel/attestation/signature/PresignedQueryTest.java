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

/** Signatures that stand in a query. */
class PresignedQueryTest {
    private static final String ID = "RNLABCDEFGHIJKLMNOPQ";
    private static final Instant AT = Instant.parse("2026-11-29T12:00:00Z");
    private static final byte[] BODY = "{\"a\":1}".getBytes(UTF_8);
    private static final SigningScope SCOPE =
            new SigningScope(LocalDate.of(2026, 11, 29), "eu-west", "lambda");
    private static final SigningKey KEY = SigningKey.derive("secret", SCOPE);
    private static final String UNSIGNED =
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
                    + ID
                    + "%2F20261129%2Feu-west%2Flambda%2Faws4_request&X-Amz-Date=20261129T120000Z"
                    + "&X-Amz-Expires=3600&X-Amz-SignedHeaders=host";
    private static final String SOME = "&X-Amz-Signature=" + "0".repeat(64);

    private final Map<String, List<String>> headers = new HashMap<>();

    PresignedQueryTest() {
        headers.put("host", List.of("localhost:8081"));
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private SignedRequest request(String query) {
        return new SignedRequest("POST", "/fn/demo/echo", query, headers);
    }

    /** As a caller makes it, of a query that names {@code host} as all that it signs. */
    private String signed(String query) throws Exception {
        String text =
                "AWS4-HMAC-SHA256\n20261129T120000Z\n%s\n%s"
                        .formatted(
                                SCOPE,
                                sha256(request(query).canonical(List.of("host"), sha256(BODY))));
        return query + "&X-Amz-Signature=" + KEY.sign(text);
    }

    private SignedRequestCheck check(String query) {
        return new SignedRequestCheck(
                new PresignedQuery(query).parse().orElseThrow(), request(query));
    }

    private static Optional<SignatureV4> parse(String query) {
        return new PresignedQuery(query).parse();
    }

    /** The example of its authors' reference, of S3, where bodies need not be signed. */
    @Test
    void thePublishedExampleComesOut() throws Exception {
        SigningScope scope = new SigningScope(LocalDate.of(2013, 5, 24), "us-east-1", "s3");
        PresignedQuery query =
                new PresignedQuery(
                        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE"
                                + "%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400"
                                + "&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c01"
                                + "09b86d86835f995330da4c265957d157751f604d404");
        SignedRequest request =
                new SignedRequest(
                        "GET",
                        "/test.txt",
                        query.withoutSignature(),
                        Map.of("host", List.of("examplebucket.s3.amazonaws.com")));
        String hash = sha256(request.canonical(List.of("host"), "UNSIGNED-PAYLOAD"));
        assertEquals("3bfa292879f6447bbcda7001decf97f4a54dc650c8942174ae0a9121cf58ad04", hash);
        assertEquals(
                "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
                SigningKey.derive("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", scope)
                        .sign("AWS4-HMAC-SHA256\n20130524T000000Z\n%s\n%s".formatted(scope, hash)));
        assertFalse(query.isOne(), "no key of ours");
    }

    @Test
    void whatItsCallerSignedIsTakenInAnyOrder() throws Exception {
        String whole = signed("b=2&" + UNSIGNED + "&a=1");
        assertEquals(Optional.empty(), check(whole).flaw(AT));
        assertTrue(check(whole).isBy(KEY, BODY));
        String[] pairs = whole.split("&", -1);
        List<String> turned = List.of(pairs).reversed();
        assertTrue(check(String.join("&", turned)).isBy(KEY, BODY));
        assertTrue(check(whole.replace("X-Amz-Date", "%58-Amz-Date")).isBy(KEY, BODY));
        assertTrue(check("&" + whole + "&").isBy(KEY, BODY), "nothing between");
    }

    @Test
    void whateverIsChangedAfterwardsIsFound() throws Exception {
        String whole = signed("b=2&" + UNSIGNED);
        assertFalse(check(whole).isBy(KEY, "{\"a\":2}".getBytes(UTF_8)), "another body");
        assertFalse(check(whole).isBy(SigningKey.derive("other", SCOPE), BODY), "another key");
        for (String changed :
                List.of(
                        whole.replace("b=2", "b=3"),
                        whole + "&c=1",
                        whole.replace("Expires=3600", "Expires=3601"),
                        whole.replace("T120000Z", "T120001Z"),
                        whole.replace("eu-west", "us-east"),
                        whole.replace("%2F", "%252F").replace("%252F20", "%2F20"),
                        whole.replace("b=2", "b=%2532"))) {
            Optional<SignatureV4> shown = parse(changed);
            boolean isBy =
                    shown.isPresent()
                            && new SignedRequestCheck(shown.get(), request(changed))
                                    .isBy(KEY, BODY);
            assertFalse(isBy, changed);
        }
        headers.put("host", List.of("other:8081"));
        assertFalse(check(whole).isBy(KEY, BODY), "another host");
    }

    /** From five minutes before its date, and not a second longer than it says. */
    @Test
    void itCountsUntilItExpires() {
        SignedRequestCheck hour = check(UNSIGNED + SOME);
        assertEquals(Optional.of(Flaw.NOT_YET), hour.flaw(AT.minusSeconds(301)));
        assertEquals(Optional.empty(), hour.flaw(AT.minusSeconds(300)));
        assertEquals(Optional.empty(), hour.flaw(AT.plusSeconds(3_600)));
        assertEquals(Optional.of(Flaw.EXPIRED), hour.flaw(AT.plusSeconds(3_601)));
        SignedRequestCheck second = check(UNSIGNED.replace("Expires=3600", "Expires=1") + SOME);
        assertEquals(Optional.empty(), second.flaw(AT.plusSeconds(1)));
        assertEquals(Optional.of(Flaw.EXPIRED), second.flaw(AT.plusSeconds(2)));
        SignedRequestCheck week = check(UNSIGNED.replace("Expires=3600", "Expires=604800") + SOME);
        Instant last = AT.plus(PresignedQuery.MOST);
        assertEquals(Optional.empty(), week.flaw(last));
        assertTrue(SCOPE.isNear(last), "its key is to be had");
        assertEquals(Optional.of(Flaw.EXPIRED), week.flaw(last.plusSeconds(1)));
        assertFalse(SCOPE.isNear(last.plus(Duration.ofDays(1))));
    }

    @Test
    void whatIsNotWholeIsNone() {
        String whole = UNSIGNED + SOME;
        assertTrue(parse(whole).isPresent());
        for (String part : whole.split("&", -1)) {
            String without = ("&" + whole).replace("&" + part, "");
            assertEquals(Optional.empty(), parse(without), part);
            assertEquals(Optional.empty(), parse(whole + "&" + part), "twice: " + part);
            String small = part.toLowerCase(java.util.Locale.ROOT);
            assertEquals(Optional.empty(), parse(whole + "&" + small), "twice: " + small);
            String hidden = "%" + HexFormat.of().toHexDigits((byte) 'X') + part.substring(1);
            assertEquals(Optional.empty(), parse(whole + "&" + hidden), "twice: " + hidden);
        }
        for (String seconds :
                List.of("", "0", "-1", "+1", "01", "1.0", "604801", "999999", "1000000", "1e3")) {
            String other = whole.replace("Expires=3600", "Expires=" + seconds);
            assertEquals(Optional.empty(), parse(other), seconds);
        }
        for (String broken :
                List.of(
                        whole.replace("SHA256", "SHA1"),
                        whole.replace("=host", "=Host"),
                        whole.replace("=host", "=x%3Bhost"),
                        whole.replace("=host", "="),
                        whole.replace("20261129%2F", "20261329%2F"),
                        whole.replace("Signature=0", "Signature=g"),
                        whole + "0")) {
            assertEquals(Optional.empty(), parse(broken), broken);
        }
    }

    @Test
    void itHasItsOwnFlaws() {
        assertEquals(
                Optional.of(Flaw.NO_TIME), flaw(UNSIGNED.replace("T120000Z", "T120000") + SOME));
        assertEquals(
                Optional.of(Flaw.NO_TIME),
                flaw(UNSIGNED.replace("Date=2026", "Date=%2B999999999") + SOME));
        assertEquals(
                Optional.of(Flaw.OTHER_DAY),
                flaw(UNSIGNED.replace("%2F20261129", "%2F20261128") + SOME));
        assertEquals(
                Optional.of(Flaw.OTHER_SERVICE), flaw(UNSIGNED.replace("lambda", "s3") + SOME));
        assertEquals(
                Optional.of(Flaw.HEADER_NOT_SIGNED),
                flaw(UNSIGNED.replace("=host", "=host%3Bx-amz-x") + SOME),
                "one that is not there");
        assertEquals(Optional.of(Flaw.SESSION), flaw(UNSIGNED + SOME + "&X-Amz-Security-Token=t"));
        for (String payload : List.of("UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")) {
            assertEquals(
                    Optional.of(Flaw.NO_HASH),
                    flaw(UNSIGNED + SOME + "&X-Amz-Content-Sha256=" + payload));
        }
        for (String name : List.of("x-amz-date", "x-amz-invocation-type")) {
            headers.put(name, List.of("20261129T120000Z"));
            assertEquals(Optional.of(Flaw.HEADER_NOT_SIGNED), flaw(UNSIGNED + SOME), name);
            headers.remove(name);
        }
        assertEquals(Optional.empty(), flaw(UNSIGNED + SOME));
    }

    private Optional<Flaw> flaw(String query) {
        return check(query).flaw(AT);
    }

    @Test
    void aGuestSeesNothingOfIt() {
        String token = "&x-amz-security-TOKEN=t";
        assertEquals("", new PresignedQuery(UNSIGNED + SOME).withoutProof());
        assertEquals(
                "a=1&X-Amz-Other=2&b",
                new PresignedQuery("a=1&" + UNSIGNED + "&X-Amz-Other=2" + SOME + token + "&b")
                        .withoutProof());
        assertEquals(
                "a",
                new PresignedQuery("a&" + UNSIGNED.replace("X-Amz", "%58%2dAmZ")).withoutProof());
        for (String own :
                List.of("", "a=1", "X-Amz-Signature=1", UNSIGNED.replace(ID, "AKIA" + ID))) {
            assertEquals(own, new PresignedQuery(own).withoutProof());
        }
    }
}
