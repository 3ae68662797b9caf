package io.runnel.attestation.join;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.identity.Identity;
import io.runnel.exec.task.PopId;

import org.junit.jupiter.api.Test;

import java.time.Instant;

/** What whoever joins has to sign. */
class JoinNoncesTest {
    private static final Instant NOW = TestNetwork.NOW;
    private static final Identity.Pop AMS = TestNetwork.AMS;

    private final TestNetwork net = new TestNetwork();
    private final JoinNonces nonces = new JoinNonces(net.eu);
    private final String nonce = nonces.next(AMS, NOW);

    @Test
    void allNodesOfARegionKnowIt() {
        assertTrue(new JoinNonces(net.eu).isOf(nonce, AMS, NOW));
        assertFalse(new JoinNonces(net.us).isOf(nonce, AMS, NOW));
        assertFalse(nonces.isOf(nonce, new Identity.Pop("net", new PopId("iad")), NOW));
        assertNotEquals(nonce, nonces.next(AMS, NOW.plusMillis(1)));
    }

    @Test
    void itIsGoodForAMinute() {
        assertTrue(nonces.isOf(nonce, AMS, NOW.plusSeconds(60)));
        assertFalse(nonces.isOf(nonce, AMS, NOW.plusSeconds(61)));
        assertTrue(nonces.isOf(nonce, AMS, NOW.minusSeconds(60)), "by another node's clock");
        assertFalse(nonces.isOf(nonce, AMS, NOW.minusSeconds(61)));
    }

    @Test
    void nobodyElseMakesOne() {
        for (int i = 0; i < nonce.length(); i++) {
            char other = nonce.charAt(i) == 'A' ? 'B' : 'A';
            String changed = nonce.substring(0, i) + other + nonce.substring(i + 1);
            assertFalse(nonces.isOf(changed, AMS, NOW), "character " + i);
        }
        for (String text : new String[] {"", "A", "=", nonce + "A", "\u00e9".repeat(32)}) {
            assertFalse(nonces.isOf(text, AMS, NOW), text);
        }
    }
}
