package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

final class SmallPartsTest {
    @Test
    void timesAreReadAsTheyAreWritten() {
        for (String text : List.of("0ms", "500ms", "10s", "90s", "5m", "1h", "7d")) {
            assertEquals(text, DurationText.format(DurationText.parse(text)));
        }
        assertEquals(Duration.ofMinutes(1), DurationText.parse("60s"));
        for (String text : List.of("", "s", "-1s", "1.5s", "1 year", "9999999999999s")) {
            assertThrows(IllegalArgumentException.class, () -> DurationText.parse(text), text);
        }
    }

    @Test
    void aSealedSecretOpensForItsOwnerOnly() {
        SecretSeal seal = new SecretSeal(new byte[32], new SecureRandom());
        byte[] sealed = seal.seal("key A", "sécret");
        assertEquals(Optional.of("sécret"), seal.open("key A", sealed));
        assertEquals(Optional.empty(), seal.open("key B", sealed));
        byte[] other = new byte[32];
        other[0] = 1;
        assertEquals(
                Optional.empty(), new SecretSeal(other, new SecureRandom()).open("key A", sealed));
        sealed[20] ^= 1;
        assertEquals(Optional.empty(), seal.open("key A", sealed));
        assertEquals(Optional.empty(), seal.open("key A", new byte[3]));
        assertNotEquals(Arrays.toString(seal.seal("a", "b")), Arrays.toString(seal.seal("a", "b")));
    }
}
