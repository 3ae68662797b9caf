package io.runnel.attestation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.util.Optional;

class BearerTokenTest {
    private static final String ID = "RNLABCDEFGHIJKLMN234";
    private static final String SECRET = "A-_z0".repeat(8) + "123";

    @Test
    void whatIsGeneratedIsReadAgain() {
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < 50; i++) {
            BearerToken token = BearerToken.generate(random);
            assertEquals(Optional.of(token), BearerToken.parse(token.text()));
            assertTrue(token.matches(token.secretSha256()));
        }
    }

    @Test
    void anythingElseIsNoToken() {
        String good = ID + "." + SECRET;
        assertTrue(BearerToken.parse(good).isPresent());
        String[] bad = {
            "",
            ".",
            ID,
            ID + ".",
            good + "x",
            good.substring(1),
            "x" + good.substring(1),
            good.toLowerCase(java.util.Locale.ROOT),
            ID + ":" + SECRET,
            ID + "." + SECRET.substring(1) + " ",
            ID + "." + SECRET.substring(1) + "\n",
            ID + "." + SECRET.substring(1) + "\u0131",
            "RNLABCDEFGHIJKLMN231." + SECRET,
        };
        for (String text : bad) {
            assertEquals(Optional.empty(), BearerToken.parse(text), text);
        }
    }

    @Test
    void aGuestsOwnTokenIsNotTakenForAKey() {
        for (String own : new String[] {"RNL", "RNL.x", "eyJhbGciOi.a.b", ID + "x", ID + "-y.z"}) {
            assertFalse(BearerToken.looksLikeOne(own), own);
        }
        for (String ours : new String[] {ID, ID + ".", ID + ".short"}) {
            assertTrue(BearerToken.looksLikeOne(ours), ours);
        }
    }

    @Test
    void onlyTheRightSecretMatches() {
        BearerToken token = new BearerToken(new KeyId(ID), SECRET);
        String sha256 = token.secretSha256();
        assertEquals(64, sha256.length());
        assertTrue(token.matches(sha256));
        assertFalse(token.matches(sha256.substring(1) + "0"));
        assertFalse(token.matches(""));
        String other = "B" + SECRET.substring(1);
        assertFalse(new BearerToken(new KeyId(ID), other).matches(sha256));
    }

    @Test
    void theSecretIsInNoMessage() {
        BearerToken token = new BearerToken(new KeyId(ID), SECRET);
        assertFalse(token.toString().contains(SECRET), token.toString());
        Profile profile = new Profile("demo", token, Optional.empty());
        assertFalse(profile.toString().contains(SECRET), profile.toString());
        String wrong = SECRET + "!";
        var e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new BearerToken(new KeyId(ID), wrong));
        assertFalse(e.getMessage().contains(SECRET), e.getMessage());
        var ofId = assertThrows(IllegalArgumentException.class, () -> new KeyId(SECRET));
        assertFalse(ofId.getMessage().contains(SECRET), ofId.getMessage());
    }
}
