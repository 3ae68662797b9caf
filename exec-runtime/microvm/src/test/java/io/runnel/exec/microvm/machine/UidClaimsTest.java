package io.runnel.exec.microvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

final class UidClaimsTest {
    @TempDir Path dir;

    @Test
    void aUserIsClaimedOnceOnTheWholeComputer() throws Exception {
        UidClaims other = new UidClaims(dir, 2_000_000_000, 3);
        try (UidClaims one = new UidClaims(dir, 2_000_000_000, 3)) {
            assertEquals(2_000_000_000, one.claim());
            assertEquals(2_000_000_001, other.claim());
            assertEquals(2_000_000_002, one.claim());
            var e = assertThrows(MachineException.class, one::claim);
            assertEquals("all 3 users of machines from 2000000000 on are taken", e.getMessage());
            one.release(2_000_000_002);
            assertEquals(2_000_000_002, one.claim());
            other.close();
            assertEquals(2_000_000_001, one.claim());
        }
        try (UidClaims next = new UidClaims(dir, 2_000_000_000, 3)) {
            assertEquals(2_000_000_000, next.claim());
        }
        assertEquals(List.of("door"), List.of(dir.toFile().list()));
    }

    @Test
    void aUserThatAProcessHasIsLeftOut() throws Exception {
        int ours = (Integer) Files.getAttribute(Files.createFile(dir.resolve("f")), "unix:uid");
        try (UidClaims claims = new UidClaims(dir.resolve("c"), ours, 1)) {
            assertThrows(MachineException.class, claims::claim);
        }
    }

    @Test
    void usersThatAContainerDoesNotHaveAreNamed() {
        List<String> all = List.of("         0          0 4294967295");
        List<String> few = List.of("         0     100000      65536");
        assertTrue(UidClaims.unmapped(all, 2_100_000_000, 4096).isEmpty());
        assertTrue(UidClaims.unmapped(few, 60_000, 1000).isEmpty());
        assertEquals(
                "users 65000 to 65999 are not there",
                UidClaims.unmapped(few, 65_000, 1000).orElseThrow());
    }

    @Test
    void usersOfTheSystemAreNoneOfMachines() {
        assertThrows(IllegalArgumentException.class, () -> new JailSettings(0, 10, dir));
        assertThrows(
                IllegalArgumentException.class,
                () -> new JailSettings(Integer.MAX_VALUE - 1, 10, dir));
    }
}
