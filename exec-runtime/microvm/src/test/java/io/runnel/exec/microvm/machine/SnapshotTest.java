package io.runnel.exec.microvm.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.CodeDigest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

final class SnapshotTest {
    private static final int MIB = 1 << 20;
    private static final SnapshotTraits TRAITS =
            new SnapshotTraits(Map.of("qemu", "7.2", "memoryBytes", Integer.toString(4 * MIB)));

    @TempDir Path dir;
    private Path folder;
    private byte[] memory;

    @BeforeEach
    void write() throws Exception {
        folder = dir.resolve("snapshot");
        memory = new byte[4 * MIB];
        memory[5] = 1;
        memory[2 * MIB + 12345] = 2;
        Path machine = Files.write(dir.resolve("machine"), memory);
        Snapshot.write(folder, TRAITS, new byte[] {1, 2, 3}, machine, memory.length);
        Files.write(machine, new byte[1], java.nio.file.StandardOpenOption.WRITE);
    }

    private boolean isThere(Snapshot.Check check) throws IOException {
        return Snapshot.openOrDelete(folder, check, TRAITS).isPresent();
    }

    private void assertGone(Snapshot.Check check) throws IOException {
        assertFalse(isThere(check));
        assertFalse(Files.exists(folder));
    }

    private void damage(String file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve(file));
        bytes[at] ^= 1;
        Files.write(folder.resolve(file), bytes);
    }

    @Test
    void itIsWhatWasWritten() throws Exception {
        assertTrue(isThere(Snapshot.Check.ALL));
        Snapshot snapshot = Snapshot.open(folder, Snapshot.Check.ALL);
        assertArrayEquals(new byte[] {1, 2, 3}, snapshot.readState());
        assertArrayEquals(memory, Files.readAllBytes(snapshot.memory()));
        assertEquals(4 * MIB, snapshot.memoryBytes());
    }

    @Test
    void zerosTakeNoRoom() throws Exception {
        String blocks =
                Tool.run(List.of("stat", "-c", "%b", folder.resolve("memory").toString())).said();
        assertTrue(Long.parseLong(blocks.strip()) * 512 < MIB, blocks);
    }

    @Test
    void theLastByteMayBeZeroOrNot() throws Exception {
        memory[4 * MIB - 1] = 3;
        Path machine = Files.write(dir.resolve("other"), memory);
        Snapshot.write(folder, TRAITS, new byte[0], machine, memory.length);
        assertArrayEquals(memory, Files.readAllBytes(folder.resolve("memory")));
    }

    @Test
    void noFolderIsNoSnapshot() throws Exception {
        Trees.delete(folder);
        assertFalse(isThere(Snapshot.Check.ALL));
    }

    @Test
    void aDamagedStateIsDeleted() throws Exception {
        damage("state", 1);
        assertGone(Snapshot.Check.STATE);
    }

    @Test
    void aStateCutShortIsDeleted() throws Exception {
        Files.write(folder.resolve("state"), new byte[] {1, 2});
        assertGone(Snapshot.Check.STATE);
    }

    @Test
    void aStateThatIsDamagedAfterItWasOpenedIsNotUsed() throws Exception {
        Snapshot snapshot = Snapshot.open(folder, Snapshot.Check.STATE);
        damage("state", 0);
        assertThrows(MachineException.class, snapshot::readState);
    }

    @Test
    void aDamagedMemoryIsSeenWhenAllIsChecked() throws Exception {
        damage("memory", 3 * MIB);
        assertTrue(isThere(Snapshot.Check.STATE));
        assertGone(Snapshot.Check.ALL);
    }

    @Test
    void aDamagedMemoryIsSeenOnceTheComputerHasStartedAgain() throws Exception {
        damage("memory", 3 * MIB);
        Path manifest = folder.resolve("manifest.json");
        String text = Files.readString(manifest);
        Files.writeString(manifest, text.replace(HostFacts.bootId(), "another"));
        assertGone(Snapshot.Check.STATE);
    }

    @Test
    void aMemoryCutShortIsDeleted() throws Exception {
        Files.write(folder.resolve("memory"), new byte[3 * MIB]);
        assertGone(Snapshot.Check.STATE);
    }

    @Test
    void aDamagedManifestIsDeleted() throws Exception {
        for (String text : List.of("", "{", "[]", "{\"format\":2}", "\"\"", "[".repeat(100_000))) {
            write();
            Files.writeString(folder.resolve("manifest.json"), text);
            assertGone(Snapshot.Check.STATE);
        }
    }

    @Test
    void aMissingFileDeletesTheRest() throws Exception {
        for (String name : List.of("manifest.json", "state", "memory")) {
            write();
            Files.delete(folder.resolve(name));
            assertGone(Snapshot.Check.STATE);
        }
    }

    @Test
    void aSnapshotOfAnotherMachineIsDeleted() throws Exception {
        Map<String, String> other = new HashMap<>(TRAITS.values());
        other.put("qemu", "9.9");
        SnapshotTraits wanted = new SnapshotTraits(other);
        assertEquals("qemu is '7.2', not '9.9'", TRAITS.differenceTo(wanted).orElseThrow());
        assertTrue(Snapshot.openOrDelete(folder, Snapshot.Check.STATE, wanted).isEmpty());
        assertFalse(Files.exists(folder));
    }

    @Test
    void everythingThatAGuestDependsOnIsATrait() throws Exception {
        MachineSpec spec = spec("a", 128, 1);
        QemuVersion version = new QemuVersion(7, 2, "7.2.22");
        SnapshotTraits traits = SnapshotTraits.of(spec, Accelerator.TCG, version);
        assertTrue(
                traits.differenceTo(SnapshotTraits.of(spec, Accelerator.TCG, version)).isEmpty());
        for (SnapshotTraits other :
                List.of(
                        SnapshotTraits.of(spec("b", 128, 1), Accelerator.TCG, version),
                        SnapshotTraits.of(spec("a", 256, 1), Accelerator.TCG, version),
                        SnapshotTraits.of(spec("a", 128, 2), Accelerator.TCG, version),
                        SnapshotTraits.of(spec, Accelerator.KVM, version),
                        SnapshotTraits.of(
                                spec, Accelerator.TCG, new QemuVersion(7, 2, "7.2.23")))) {
            assertTrue(traits.differenceTo(other).isPresent(), other.toString());
        }
    }

    private static MachineSpec spec(String code, int memoryMiB, int version) {
        MachineFile file = new MachineFile(Path.of("/x"), CodeDigest.of(new byte[0]));
        return new MachineSpec(
                file,
                file,
                new MachineFile(
                        Path.of("/x"),
                        CodeDigest.of(code.getBytes(java.nio.charset.StandardCharsets.UTF_8))),
                java.util.Optional.empty(),
                (long) memoryMiB << 20,
                version);
    }

    @Test
    void whatAnInterruptedWriteLeftIsReplaced() throws Exception {
        Path half = Files.createDirectory(dir.resolve("snapshot.tmp"));
        Files.writeString(half.resolve("memory"), "half");
        write();
        assertTrue(isThere(Snapshot.Check.ALL));
        assertFalse(Files.exists(half));
    }
}
