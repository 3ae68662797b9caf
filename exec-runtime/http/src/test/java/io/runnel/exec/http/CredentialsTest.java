package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.KeyId;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Caller;
import io.vertx.core.MultiMap;

import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

class CredentialsTest {
    private static final BearerToken TOKEN = BearerToken.generate(new SecureRandom());
    private static final String ID = TOKEN.id().value();

    private static Credentials of(String... namesAndValues) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return Credentials.of(headers);
    }

    @Test
    void aSignatureByOurKeyIsOurs() {
        String whole =
                "AWS4-HMAC-SHA256 Credential=%s/20260101/eu/lambda/aws4_request, SignedHeaders=host, Signature=%s"
                        .formatted(ID, "0".repeat(64));
        Credentials shown = of("Authorization", whole);
        assertInstanceOf(Credentials.Signed.class, shown);
        assertEquals(
                CallerProof.BAD, CallerProof.check(shown, id -> Optional.empty()), "not looked at");
        assertInstanceOf(
                Credentials.Malformed.class, of("Authorization", whole.replace("=host", "=Host")));
        assertInstanceOf(
                Credentials.Malformed.class, of("Authorization", whole, "Runnel-Key", "x"));
    }

    private static Credentials ofQuery(String query, String... namesAndValues) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return Credentials.of(headers, query);
    }

    @Test
    void aSignatureInAQueryCountsAlone() {
        String whole =
                "a=1&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=%s/20260101/eu/lambda/aws4_request&X-Amz-Date=20260101T000000Z&X-Amz-Expires=1&X-Amz-SignedHeaders=host&X-Amz-Signature=%s"
                        .formatted(ID, "0".repeat(64));
        assertInstanceOf(Credentials.Signed.class, ofQuery(whole));
        assertInstanceOf(Credentials.Signed.class, ofQuery(whole, "Authorization", "Basic dTpw"));
        for (Credentials broken :
                List.of(
                        ofQuery(whole.replace("=host", "=Host")),
                        ofQuery(whole + "&X-Amz-Date=20260101T000000Z"),
                        ofQuery("X-Amz-Credential=" + ID),
                        ofQuery(whole, "Runnel-Key", TOKEN.text()),
                        ofQuery(whole, "Runnel-Key", "x"),
                        ofQuery(whole, "Authorization", "Bearer " + TOKEN.text()),
                        ofQuery(whole, "Authorization", "AWS4-HMAC-SHA256 Credential=AKIA"),
                        ofQuery(whole, "Authorization", "a", "Authorization", "b"))) {
            assertInstanceOf(Credentials.Malformed.class, broken);
        }
        String others = whole.replace(ID, "AKIAIOSFODNN7EXAMPLE");
        assertInstanceOf(Credentials.None.class, ofQuery(others), "the guest's own");
        assertEquals(new Credentials.Bearer(TOKEN), ofQuery(others, "Runnel-Key", TOKEN.text()));
    }

    @Test
    void aKeyIsReadFromEitherHeader() {
        Credentials expected = new Credentials.Bearer(TOKEN);
        assertEquals(expected, of("Authorization", "Bearer " + TOKEN.text()));
        assertEquals(expected, of("authorization", "bearer  " + TOKEN.text() + " "));
        assertEquals(expected, of("Runnel-Key", TOKEN.text()));
        assertEquals(
                expected, of("Runnel-Key", TOKEN.text(), "Authorization", "Bearer guest's own"));
    }

    @Test
    void whatIsTheGuestsOwnIsNothingToUs() {
        for (String own :
                List.of(
                        "",
                        "Basic dTpw",
                        "Bearer eyJhbGciOiJIUzI1NiJ9.e30.x",
                        "Bearer RNL-mine",
                        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/eu/lambda",
                        TOKEN.text())) {
            assertInstanceOf(Credentials.None.class, of("Authorization", own), own);
            assertFalse(CredentialHeaders.isOurs(own), own);
        }
        assertInstanceOf(Credentials.None.class, of());
    }

    @Test
    void whatIsMeantForUsAndBrokenIsMalformed() {
        String bearer = "Bearer " + TOKEN.text();
        List<Credentials> broken =
                List.of(
                        of("Authorization", "Bearer " + ID),
                        of("Authorization", "Bearer " + ID + ".short"),
                        of("Authorization", bearer + "x"),
                        of("Authorization", "AWS4-HMAC-SHA256 Credential=" + ID + "/2026/eu"),
                        of("Runnel-Key", ""),
                        of("Runnel-Key", "Bearer " + TOKEN.text()),
                        of("Runnel-Key", TOKEN.text(), "Runnel-Key", TOKEN.text()),
                        of("Runnel-Key", TOKEN.text(), "Authorization", bearer),
                        of("Authorization", bearer, "Authorization", "Basic dTpw"));
        for (int i = 0; i < broken.size(); i++) {
            assertInstanceOf(Credentials.Malformed.class, broken.get(i), "case " + i);
        }
        assertTrue(CredentialHeaders.isOurs("BEARER " + ID + "."));
    }

    @Test
    void aKnownKeyWithItsSecretProvesTheAccount() {
        KeyFacts facts = new KeyFacts(new AccountId("demo"), TOKEN.secretSha256());
        Credentials shown = new Credentials.Bearer(TOKEN);
        assertEquals(
                new CallerProof.Proved(new Caller.Keyed(new AccountId("demo"), ID)),
                CallerProof.check(
                        shown,
                        id -> id.equals(new KeyId(ID)) ? Optional.of(facts) : Optional.empty()));
        KeyFacts others =
                new KeyFacts(
                        new AccountId("demo"),
                        BearerToken.generate(new SecureRandom()).secretSha256());
        assertEquals(CallerProof.BAD, CallerProof.check(shown, id -> Optional.of(others)));
        assertEquals(CallerProof.BAD, CallerProof.check(shown, id -> Optional.empty()));
        assertEquals(
                CallerProof.BAD,
                CallerProof.check(new Credentials.Malformed(), id -> Optional.of(facts)));
        assertEquals(
                CallerProof.ANONYMOUS,
                CallerProof.check(new Credentials.None(), id -> Optional.of(facts)));
    }
}
