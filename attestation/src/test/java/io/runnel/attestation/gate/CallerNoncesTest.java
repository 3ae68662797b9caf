package io.runnel.attestation.gate;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.document.Asked;

import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;

/** What callers have their documents bear: good once, for a while, at the node that gave it. */
class CallerNoncesTest {
    private static final Instant NOW = TestNetwork.NOW;

    private final SecureRandom random = new SecureRandom();
    private final CallerNonces nonces = new CallerNonces(random);
    private final String nonce = nonces.next(NOW);

    @Test
    void oneIsGoodOnce() {
        assertNotEquals(nonce, nonces.next(NOW));
        assertTrue(nonces.use(nonce, NOW));
        assertFalse(nonces.use(nonce, NOW));
        assertTrue(nonces.use(nonces.next(NOW), NOW));
    }

    @Test
    void oneIsGoodForAWhile() {
        assertFalse(nonces.use(nonce, NOW.plus(CallerNonces.LIFE)));
        assertFalse(nonces.use(nonce, NOW.minusMillis(1)));
        assertTrue(nonces.use(nonce, NOW.plus(CallerNonces.LIFE).minusMillis(1)));
    }

    @Test
    void nobodyElseMakesOne() {
        assertFalse(new CallerNonces(random).use(nonce, NOW));
        for (int i = 0; i < nonce.length(); i++) {
            char other = nonce.charAt(i) == 'A' ? 'B' : 'A';
            String changed = nonce.substring(0, i) + other + nonce.substring(i + 1);
            assertFalse(nonces.use(changed, NOW), "character " + i);
        }
        for (String text : new String[] {"", "A", "=", nonce + "A", nonce + "==", "n~once"}) {
            assertFalse(nonces.use(text, NOW), text);
        }
        assertTrue(nonces.use(nonce, NOW));
    }

    @Test
    void aDocumentCanBearIt() {
        var unused = new Asked(Optional.empty(), Optional.of(nonce));
    }
}
