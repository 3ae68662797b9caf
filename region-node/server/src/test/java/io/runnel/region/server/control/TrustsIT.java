package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.federation.TestIssuer;
import io.runnel.exec.task.AccountId;
import io.runnel.region.server.control.TestClient.Answer;
import io.runnel.routing.catalog.KeyRecord;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Keys for who brings a token of somebody that an account believes. */
final class TrustsIT {
    private static final String URL = "https://issuer.example";
    private static final String TRUST = "/v1/accounts/demo/trusts/ci";
    private static final String EXCHANGE = "/v1/tokens/demo/ci";
    private static final TestIssuer ISSUER = new TestIssuer(URL, "k1", 2048);
    private static final String MAIN = "repo:acme/site:ref:main";

    @TempDir Path folder;
    private TestRegion region;
    private TestClient demo;
    private TestClient anyone;

    @BeforeEach
    void start() throws IOException {
        region = new TestRegion(folder, TestRegion.WEST);
        demo = region.client(region.demo);
        // Whoever this is, no region knows its key.
        anyone = region.client(BearerToken.generate(new SecureRandom()));
    }

    @AfterEach
    void stop() {
        region.runtime.release.countDown();
        region.close();
    }

    private static String trust(String more) {
        return """
        {"issuer":"%s","audience":"runnel","claims":{"sub":"repo:acme/*"}%s}\
        """
                .formatted(URL, more);
    }

    private static String quoted(String json) {
        return "\"" + json.replace("\"", "\\\"") + "\"";
    }

    private static String withKeys(String more) {
        return trust(",\"keys\":" + quoted(ISSUER.keys()) + more);
    }

    private static Map<String, Object> claims() {
        return ISSUER.claims(MAIN, "runnel", Instant.now());
    }

    private Answer bring(String token) {
        return anyone.post(EXCHANGE, "{\"token\":\"" + token + "\"}");
    }

    private List<KeyRecord> keys() {
        return region.catalog.current().keys(new AccountId("demo"));
    }

    @Test
    void aTokenGivesAKeyForWhatTheTrustSays() {
        Answer made = demo.put(TRUST, withKeys(",\"scopes\":[\"deploy\"],\"lifetime\":\"5m\""));
        assertEquals(201, made.status(), made::toString);
        Answer given = bring(ISSUER.token(claims()));
        assertEquals(201, given.status(), given::toString);
        assertTrue(given.header("Runnel-Change").startsWith("/v1/changes/"));
        assertEquals("demo", given.json().path("account").asText());
        assertEquals("ci", given.json().path("trust").asText());
        Duration left =
                Duration.between(
                        Instant.now(), Instant.parse(given.json().path("expires").asText()));
        assertTrue(left.compareTo(Duration.ofMinutes(5)) <= 0, left::toString);
        TestClient with = new TestClient(region.port, given.json().path("token").asText());
        assertEquals(200, with.get("/v1/tasks").status());
        assertEquals(403, with.get("/v1/accounts/demo/keys").status(), "it is for deploys");
        String listed = demo.get("/v1/accounts/demo/keys").json().path("keys").toString();
        assertTrue(listed.contains("\"trust\":\"ci\""), listed);
        assertFalse(listed.contains(given.json().path("secret").asText()));
    }

    @Test
    void whoDoesNotSayWhatForGetsCallsOnly() {
        demo.put(TRUST, withKeys(",\"tasks\":[\"demo/hello\"]"));
        Answer given = bring(ISSUER.token(claims()));
        assertEquals("[\"invoke\"]", given.json().path("scopes").toString());
        assertEquals("[\"demo/hello\"]", given.json().path("tasks").toString());
    }

    @Test
    void theIssuerIsAskedForItsKeys() {
        demo.put(TRUST, trust(""));
        Answer silent = bring(ISSUER.token(claims()));
        assertEquals("issuer-unreachable", silent.code(), silent::toString);
        demo.put(TRUST, trust(",\"lifetime\":\"1m\"").replace(URL, URL + "/two"));
        region.web.documents.put(
                URL + "/two/.well-known/openid-configuration",
                "{\"issuer\":\"%s/two\",\"jwks_uri\":\"%s/keys\"}".formatted(URL, URL));
        TestIssuer two = new TestIssuer(URL + "/two", "k7", 2048);
        region.web.documents.put(URL + "/keys", two.keys());
        Answer given = bring(two.token(two.claims(MAIN, "runnel", Instant.now())));
        assertEquals(201, given.status(), given::toString);
    }

    @Test
    void whoBringsNoTrueTokenLearnsNothing() {
        demo.put(TRUST, withKeys(""));
        String good = ISSUER.token(claims());
        Answer other = anyone.post("/v1/tokens/demo/other", "{\"token\":\"" + good + "\"}");
        assertEquals(401, other.status(), other::toString);
        for (String path :
                List.of("/v1/tokens/nobody/ci", "/v1/tokens/admin/ci", "/v1/tokens/DE-MO/ci")) {
            Answer answer = anyone.post(path, "{\"token\":\"" + good + "\"}");
            assertEquals(
                    withoutId(other), withoutId(answer), "the same for who is there and who not");
        }
        for (String forged :
                List.of(
                        new TestIssuer(URL, "k1", 2048).token(claims()),
                        ISSUER.unsigned("none", claims()) + ".",
                        "x")) {
            assertEquals(withoutId(other), withoutId(bring(forged)), "nor what is believed there");
        }
        Map<String, Object> forOthers = claims();
        forOthers.put("aud", "other");
        Answer unfit = bring(ISSUER.token(forOthers));
        assertTrue(unfit.toString().contains("does not hold"), unfit::toString);
        Answer stranger =
                bring(ISSUER.token(ISSUER.claims("repo:evil/site", "runnel", Instant.now())));
        assertEquals("token-rejected", stranger.code());
        assertTrue(stranger.toString().contains("claim sub"), stranger::toString);
        assertFalse(stranger.toString().contains("acme"), "nor what is asked for");
        assertEquals("invalid-request", anyone.post(EXCHANGE, "{}").code());
        assertEquals(1, keys().size());
        demo.delete(TRUST);
        assertEquals(withoutId(other), withoutId(bring(good)));
    }

    private static String withoutId(Answer answer) {
        return answer.toString().replaceAll("\"(requestId|instance)\":\"[^\"]*\"", "");
    }

    @Test
    void keysThatAreOverAreForgottenWithTheNext() {
        demo.put(TRUST, withKeys(""));
        bring(ISSUER.token(claims()));
        bring(ISSUER.token(claims()));
        assertEquals(3, keys().size());
        region.ahead = Duration.ofMinutes(16);
        Map<String, Object> later = ISSUER.claims(MAIN, "runnel", Instant.now().plusSeconds(900));
        Answer given = bring(ISSUER.token(later));
        assertEquals(201, given.status(), given::toString);
        assertEquals(2, keys().size(), "the account's own, and the last");
    }

    @Test
    void asManyKeysAsMayBe() {
        demo.put(TRUST, withKeys(""));
        String token = ISSUER.token(claims());
        for (int i = 0; i < TrustOperations.MOST_KEYS; i++) {
            assertEquals(201, bring(token).status());
        }
        assertEquals("limit-reached", bring(token).code());
        Answer own = demo.post("/v1/accounts/demo/keys", "{}");
        assertEquals(201, own.status(), "they count for themselves");
    }

    @Test
    void aSuspendedAccountGivesNone() {
        demo.put(TRUST, withKeys(""));
        region.client(region.admin).put("/v1/accounts/demo/state", "{\"state\":\"suspended\"}");
        assertEquals("token-rejected", bring(ISSUER.token(claims())).code());
    }

    @Test
    void trustsAreListedChangedAndDeleted() {
        Answer made = demo.put(TRUST, trust(""));
        assertEquals("[\"invoke\"]", made.json().path("scopes").toString());
        assertEquals("15m", made.json().path("lifetime").asText());
        assertEquals(412, demo.put(TRUST, trust(""), "If-Match", "\"LOG.1\"").status());
        assertEquals(200, demo.put(TRUST, trust(""), "If-Match", made.header("ETag")).status());
        assertEquals(
                "repo:acme/*",
                demo.get("/v1/accounts/demo/trusts").json().at("/trusts/0/claims/sub").asText());
        assertEquals(204, demo.delete(TRUST).status());
        assertEquals("trust-not-found", demo.get(TRUST).code());
        assertEquals("trust-not-found", demo.delete(TRUST).code());
        assertEquals(401, anyone.get("/v1/accounts/demo/trusts").status());
    }

    @Test
    void badTrustsAreRefused() {
        String good = trust("");
        String[][] wrong = {
            {"https://issuer", "http://issuer"},
            {"https://issuer.example", "https://user@issuer.example"},
            {"https://issuer.example", "https://issuer.example?x"},
            {"https://issuer.example", "issuer"},
            {"\"runnel\"", "\"\""},
            {"{\"sub\":\"repo:acme/*\"}", "{}"},
            {"repo:acme/*", "*"},
            {"repo:acme/*", ""},
            {"\"sub\"", "\"exp\""},
            {"\"sub\"", "\"a b\""},
            {"}}", "},\"lifetime\":\"2h\"}"},
            {"}}", "},\"lifetime\":\"1s\"}"},
            {"}}", "},\"scopes\":[\"all\"]}"},
            {"}}", "},\"tasks\":[\"x\"]}"},
            {"}}", "},\"keys\":\"{}\"}"},
            {"}}", "},\"more\":1}"},
        };
        for (String[] one : wrong) {
            String body = good.replace(one[0], one[1]);
            Answer answer = demo.put(TRUST, body);
            assertEquals("invalid-request", answer.code(), () -> body + " " + answer);
        }
        assertEquals("trust-not-found", demo.put("/v1/accounts/demo/trusts/A", good).code());
    }
}
