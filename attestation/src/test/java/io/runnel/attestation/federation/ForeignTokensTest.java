package io.runnel.attestation.federation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

final class ForeignTokensTest {
    private static final String URL = "https://issuer.example";
    private static final String AUDIENCE = "runnel";
    private static final Instant NOW = Instant.parse("2027-01-31T12:00:00Z");
    private static final TestIssuer ISSUER = new TestIssuer(URL, "k1", 2048);
    private static final IssuerKeySet KEYS = IssuerKeySet.parse(ISSUER.keys());

    private static Map<String, String> check(String token) throws ForeignTokenException {
        return ForeignTokens.check(token, KEYS, URL, AUDIENCE, NOW);
    }

    private static void rejected(String why, String token) {
        ForeignTokenException e =
                assertThrows(ForeignTokenException.class, () -> check(token), token);
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    private static Map<String, Object> claims() {
        return ISSUER.claims("repo:acme/site:ref:main", AUDIENCE, NOW);
    }

    private static String with(String claim, Object value) {
        Map<String, Object> claims = new HashMap<>(claims());
        claims.put(claim, value);
        return ISSUER.token(claims);
    }

    @Test
    void whatAnIssuerSignedIsBelieved() throws ForeignTokenException {
        Map<String, Object> claims = claims();
        claims.put("run", 7);
        claims.put("protected", true);
        Map<String, String> said = check(ISSUER.token(claims));
        assertEquals("repo:acme/site:ref:main", said.get("sub"));
        assertEquals("7", said.get("run"));
        assertEquals("true", said.get("protected"));
        assertEquals(Optional.of("k1"), ForeignTokens.keyId(ISSUER.token(claims)));
    }

    @Test
    void whatIsForOthersOrOfOthersOrOverIsNot() {
        rejected("does not hold", with("aud", "other"));
        rejected("does not hold", with("iss", "https://other.example"));
        rejected("does not hold", with("exp", NOW.getEpochSecond() - 120));
        rejected("does not hold", with("nbf", NOW.getEpochSecond() + 120));
        for (String needed : new String[] {"exp", "iat", "sub", "aud", "iss"}) {
            Map<String, Object> claims = claims();
            claims.remove(needed);
            rejected("does not hold", ISSUER.token(claims));
        }
    }

    @Test
    void whatSomebodyElseSignedIsNot() throws Exception {
        String good = ISSUER.token(claims());
        rejected("signature", new TestIssuer(URL, "k1", 2048).token(claims()));
        rejected("signature", new TestIssuer(URL, "k2", 2048).token(claims()));
        String[] parts = good.split("\\.", -1);
        String other = ISSUER.unsigned("RS256", ISSUER.claims("admin", AUDIENCE, NOW));
        rejected("signature", other + "." + parts[2]);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(ISSUER.publicKey(), "HmacSHA256"));
        String text = ISSUER.unsigned("HS256", claims());
        String code = TestIssuer.encoded(mac.doFinal(text.getBytes(UTF_8)));
        rejected("signature", text + "." + code);
    }

    @Test
    void whatIsNoSignedTokenIsNot() {
        rejected("no signed JWT", ISSUER.unsigned("none", claims()) + ".");
        for (String none : new String[] {"", "a.b.c", "x", "a.b", "{}", "..", "é.é.é"}) {
            rejected("no signed JWT", none);
        }
        rejected("longer", "a".repeat(ForeignTokens.MOST_CHARACTERS + 1));
    }

    @Test
    void keysThatCouldNotBeUsedAreLeftOut() {
        String weak = new TestIssuer(URL, "weak", 1024).keys();
        String secret = "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"s\",\"k\":\"AAAA\"}]}";
        for (String none : new String[] {weak, secret, "{\"keys\":[]}", "{}", "[]", "x"}) {
            assertThrows(IllegalArgumentException.class, () -> IssuerKeySet.parse(none), none);
        }
        assertTrue(KEYS.has("k1"));
        assertFalse(KEYS.has("k2"));
        assertEquals(KEYS.toString(), IssuerKeySet.parse(KEYS.toString()).toString());
    }
}
