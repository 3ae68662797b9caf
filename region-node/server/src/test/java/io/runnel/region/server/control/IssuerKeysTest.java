package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.federation.TestIssuer;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

final class IssuerKeysTest {
    private static final String URL = "https://issuer.example/tenant";
    private static final String DISCOVERY = URL + "/.well-known/openid-configuration";
    private static final String KEYS = "https://keys.example/jwks";
    private static final Optional<String> FIRST = Optional.of("k1");

    private final TestWeb web = new TestWeb();
    private long nanos;
    private final IssuerKeys issuers = new IssuerKeys(web, () -> nanos);

    private void publish(String issuer, String keysAt, String keys) {
        web.documents.put(
                DISCOVERY,
                "{\"issuer\":\"%s\",\"jwks_uri\":\"%s\",\"other\":[]}".formatted(issuer, keysAt));
        web.documents.put(keysAt, keys);
    }

    @Test
    void whatAnIssuerPublishesIsKeptForAWhile() throws IOException {
        publish(URL, KEYS, new TestIssuer(URL, "k1", 2048).keys());
        assertTrue(issuers.of(URL, FIRST).has("k1"));
        assertEquals(List.of(DISCOVERY, KEYS), web.asked);
        nanos += IssuerKeys.KEPT.toNanos() - 1;
        assertTrue(issuers.of(URL, FIRST).has("k1"));
        assertEquals(2, web.asked.size());
        nanos += 1;
        assertTrue(issuers.of(URL, FIRST).has("k1"));
        assertEquals(4, web.asked.size());
    }

    @Test
    void forAKeyThatIsNewItIsAskedAgainButNotAllTheTime() throws IOException {
        publish(URL, KEYS, new TestIssuer(URL, "k1", 2048).keys());
        issuers.of(URL, FIRST);
        publish(URL, KEYS, new TestIssuer(URL, "k2", 2048).keys());
        nanos += IssuerKeys.LEAST_BETWEEN.toNanos() - 1;
        assertTrue(issuers.of(URL, Optional.of("k2")).has("k1"), "as it was");
        nanos += 1;
        assertTrue(issuers.of(URL, Optional.of("k2")).has("k2"));
        assertEquals(4, web.asked.size());
    }

    @Test
    void whoDoesNotAnswerIsNotAskedAllTheTimeEither() throws IOException {
        assertThrows(IOException.class, () -> issuers.of(URL, FIRST));
        assertThrows(IOException.class, () -> issuers.of(URL, FIRST));
        assertEquals(List.of(DISCOVERY), web.asked);
        publish(URL, KEYS, new TestIssuer(URL, "k1", 2048).keys());
        nanos += IssuerKeys.LEAST_BETWEEN.toNanos();
        assertTrue(issuers.of(URL, FIRST).has("k1"));
    }

    @Test
    void whatIsOfAnotherOrInClearTextIsNotTaken() {
        String keys = new TestIssuer(URL, "k1", 2048).keys();
        String[][] wrong = {
            {"https://other.example", KEYS, keys},
            {URL, "http://keys.example/jwks", keys},
            {URL, "file:///etc/passwd", keys},
            {URL, KEYS, "{\"keys\":[]}"},
            {URL, KEYS, "no JSON"},
        };
        for (String[] one : wrong) {
            publish(one[0], one[1], one[2]);
            nanos += IssuerKeys.LEAST_BETWEEN.toNanos();
            assertThrows(IOException.class, () -> issuers.of(URL, FIRST), String.join(" ", one));
        }
        web.documents.put(DISCOVERY, "no JSON");
        nanos += IssuerKeys.LEAST_BETWEEN.toNanos();
        assertThrows(IOException.class, () -> issuers.of(URL, FIRST));
    }
}
