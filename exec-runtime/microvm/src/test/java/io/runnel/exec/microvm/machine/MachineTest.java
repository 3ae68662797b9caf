package io.runnel.exec.microvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A machine boots once; the others begin with its snapshot. */
final class MachineTest {
    private static final Accelerator TCG = Accelerator.TCG;

    @TempDir static Path dir;

    private static MachineSpec spec;
    private static Machines machines;
    private static Snapshot snapshot;

    @BeforeAll
    static void boot() throws Exception {
        TestGuest.needAll();
        spec = TestGuest.in(dir);
        machines = Machines.open(MachineSettings.in(dir.resolve("run"), dir.resolve("cache")));
        try (Machine first = machines.boot(spec, TCG)) {
            assertEquals("hello", TestGuest.readLine(first));
            assertEquals("one", TestGuest.ask(first, "echo one"));
            snapshot = first.save(dir.resolve("snapshot"));
            assertEquals("postmigrate", first.status());
            first.resume();
            assertEquals("two", TestGuest.ask(first, "echo two"));
        }
    }

    @AfterAll
    static void close() throws Exception {
        if (machines != null) {
            machines.close();
            assertEquals(List.of("lock"), List.of(dir.resolve("run").toFile().list()));
        }
    }

    private static Machine restore() throws Exception {
        return machines.restore(spec, TCG, snapshot);
    }

    @Test
    void aRestoredMachineGoesOnWhereTheSnapshotStands() throws Exception {
        try (Machine machine = restore()) {
            assertEquals("running", machine.status());
            assertEquals("again", TestGuest.ask(machine, "echo again"));
        }
    }

    @Test
    void theCodeIsTheFirstDiskAndTheBaseTheSecond() throws Exception {
        try (Machine machine = restore()) {
            assertEquals("2048", TestGuest.ask(machine, "cat /sys/block/vda/size"));
            assertEquals(".", TestGuest.readLine(machine));
            assertEquals("4096", TestGuest.ask(machine, "cat /sys/block/vdb/size"));
            assertEquals(".", TestGuest.readLine(machine));
            String command = TestGuest.ask(machine, "cat /proc/cmdline");
            assertTrue(command.contains(" runnel.base=1 runnel.version=7"), command);
        }
    }

    @Test
    void idleClonesShareMostOfTheirMemory() throws Exception {
        try (Machine one = restore();
                Machine other = restore()) {
            assertEquals("1", TestGuest.ask(one, "echo 1"));
            assertEquals("2", TestGuest.ask(other, "echo 2"));
            long most = snapshot.memoryBytes() * 35 / 100;
            assertTrue(other.privateBytes() < most, () -> "private: " + bytesOf(other));
        }
    }

    private static String bytesOf(Machine machine) {
        try {
            return machine.privateBytes() + " bytes";
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }

    @Test
    void aPausedMachineAnswersWhenItGoesOn() throws Exception {
        try (Machine machine = restore()) {
            machine.pause();
            assertEquals("paused", machine.status());
            TestGuest.say(machine, "echo late");
            machine.resume();
            assertEquals("late", TestGuest.readLine(machine));
        }
    }

    @Test
    void haltLeavesNothing() throws Exception {
        Machine machine = restore();
        ProcessHandle process = machine.process();
        machine.halt();
        machine.halt();
        assertTrue(machine.onExit().isDone());
        assertFalse(process.isAlive());
        assertEquals(-1, machine.agent().isOpen() ? 0 : -1);
    }

    @Test
    void aGuestThatTurnsItselfOffEndsItsMachine() throws Exception {
        try (Machine machine = restore()) {
            TestGuest.say(machine, "off");
            assertEquals(0, machine.onExit().get(20, TimeUnit.SECONDS).exitCode());
        }
    }

    @Test
    void aMachineWithAMissingFileDoesNotStartAndLeavesNothing() throws Exception {
        MachineSpec broken =
                new MachineSpec(
                        spec.kernel(),
                        new MachineFile(dir.resolve("none"), spec.initramfs().digest()),
                        spec.codeImage(),
                        spec.baseImage(),
                        spec.memoryBytes(),
                        7);
        var e = assertThrows(MachineException.class, () -> machines.boot(broken, TCG));
        assertTrue(e.getMessage().contains("none"), e.getMessage());
        assertTrue(Files.exists(dir.resolve("run/lock")));
    }
}
