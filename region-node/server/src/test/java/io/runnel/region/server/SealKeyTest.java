package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

class SealKeyTest {
    private final SecureRandom random = new SecureRandom();
    @TempDir Path folder;

    @Test
    void isMadeOnceForItsOwnerOnly() throws IOException {
        Path file = folder.resolve("key");
        byte[] made = SealKey.readOrCreate(file, 32, random);
        assertEquals(32, made.length);
        assertArrayEquals(made, SealKey.readOrCreate(file, 32, random));
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void aKeyOfAnotherLengthIsRefusedAndLeftAlone() throws IOException {
        Path file = folder.resolve("key");
        Files.write(file, new byte[7]);
        assertThrows(IOException.class, () -> SealKey.readOrCreate(file, 32, random));
        assertEquals(7, Files.size(file));
    }
}
