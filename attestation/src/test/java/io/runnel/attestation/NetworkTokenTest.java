package io.runnel.attestation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.AttestationException.Code;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

class NetworkTokenTest {
    @TempDir Path folder;

    private final SecureRandom random = new SecureRandom();

    @Test
    void itIsMadeOnceAndReadAfterwards() throws IOException {
        Path path = folder.resolve("data/network.token");
        var absent = assertThrows(AttestationException.class, () -> NetworkToken.read(path));
        assertEquals(Code.ABSENT, absent.code());
        NetworkToken made = NetworkToken.readOrCreate(path, random);
        assertTrue(NetworkToken.readOrCreate(path, random).matches(made.text()));
        assertTrue(NetworkToken.read(path).matches(made.text()));
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        assertFalse(made.matches(""));
        assertFalse(made.matches(made.text() + "x"));
        assertFalse(made.toString().contains(made.text()));
    }

    @Test
    void allWhoComeAtOnceGetTheSame() throws InterruptedException {
        Path path = folder.resolve("network.token");
        Set<String> seen = ConcurrentHashMap.newKeySet();
        Thread[] comers = new Thread[8];
        for (int i = 0; i < comers.length; i++) {
            comers[i] =
                    Thread.ofPlatform()
                            .start(() -> seen.add(NetworkToken.readOrCreate(path, random).text()));
        }
        for (Thread comer : comers) {
            comer.join();
        }
        assertEquals(1, seen.size());
    }

    @Test
    void whatIsNoTokenIsRefusedAndLeftAsItIs() throws IOException {
        Path path = folder.resolve("network.token");
        Files.writeString(path, "short\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        var e =
                assertThrows(
                        AttestationException.class, () -> NetworkToken.readOrCreate(path, random));
        assertEquals(Code.MALFORMED, e.code());
        assertEquals("short\n", Files.readString(path));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals(
                Code.OPEN_TO_OTHERS,
                assertThrows(AttestationException.class, () -> NetworkToken.read(path)).code());
    }
}
