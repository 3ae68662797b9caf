package io.runnel.exec.microvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Machines that begin with a snapshot. */
final class MachineTest {
    private static final Accelerator TCG = Accelerator.TCG;
    private static final long MEASURED_NANOS = 2_000_000_000;

    /** Of times in hundredths, and of a counter's speed. */
    private static final double UNSURE_SECONDS = 0.04;

    private static BootedGuest guest;
    private static MachineSpec spec;
    private static Machines machines;
    private static Snapshot snapshot;

    @BeforeAll
    static void boot() throws Exception {
        guest = BootedGuest.here();
        spec = guest.spec();
        machines = guest.machines();
        snapshot = guest.snapshot();
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
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void aCloneCannotWriteTheMemoryOfItsSnapshot() throws Exception {
        try (Machine machine = restore()) {
            ProcessView qemu = new ProcessView(machine.process().pid());
            assertTrue(qemu.flagsOf("/memory").endsWith("0"), qemu.flagsOf("/memory"));
            assertTrue(
                    qemu.lines("mountinfo").stream()
                            .filter(line -> line.contains(" /memory "))
                            .allMatch(line -> line.contains(" /memory ro,")));
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
    void theMachineThatWasSavedGoesOn() {
        assertEquals(List.of("hello", "one", "postmigrate", "two"), guest.said());
    }

    @Test
    void manyStartsAndEndsLeaveNothing() throws Exception {
        Set<String> files = guest.names("run");
        long open = openFiles();
        for (int i = 0; i < 12; i++) {
            Machine machine = restore();
            if (i % 2 == 0) {
                machine.process().destroyForcibly();
            }
            machine.halt();
            assertTrue(machine.onExit().isDone());
        }
        assertEquals(files, guest.names("run"));
        // Each user of machines keeps a lock.
        assertTrue(openFiles() <= open + 2, () -> open + " files were open");
    }

    private static long openFiles() throws IOException {
        return new ProcessView(ProcessHandle.current().pid()).open().size();
    }

    @Test
    void aMachineThatBeganWithASnapshotWritesNone() throws Exception {
        try (Machine machine = restore()) {
            assertThrows(
                    IllegalStateException.class, () -> machine.save(guest.dir().resolve("no")));
        }
    }

    @Test
    void aSnapshotIsForItsOwnMachineOnly() {
        MachineSpec other =
                new MachineSpec(
                        spec.kernel(),
                        spec.initramfs(),
                        spec.codeImage(),
                        spec.baseImage(),
                        spec.memoryBytes(),
                        8);
        var e = assertThrows(MachineException.class, () -> machines.restore(other, TCG, snapshot));
        assertTrue(e.getMessage().contains("snapshot of another machine: command"));
    }

    @Test
    void anInterruptEndsAStart() throws Exception {
        Thread.currentThread().interrupt();
        assertThrows(IOException.class, MachineTest::restore);
        assertTrue(Thread.interrupted());
    }

    @Test
    void haltLeavesNothing() throws Exception {
        Machine machine = restore();
        ProcessHandle process = machine.process();
        machine.halt();
        machine.halt();
        assertTrue(machine.onExit().isDone());
        assertFalse(process.isAlive());
        assertFalse(machine.agent().isOpen());
    }

    @Test
    void theMemoryOfOneThatIsNotToBeSavedGetsIntoNoFile() throws Exception {
        try (Machine machine = machines.bootAlone(spec, TCG, Plug.NONE)) {
            assertEquals("hello", TestGuest.readLine(machine));
            List<Path> files;
            try (Stream<Path> all = Files.walk(guest.dir().resolve("run"))) {
                files = all.filter(file -> file.endsWith("memory")).toList();
            }
            assertEquals(1, files.size(), files.toString());
            byte[] memory = Files.readAllBytes(files.getFirst());
            assertEquals(spec.memoryBytes(), memory.length);
            assertTrue(Arrays.equals(new byte[memory.length], memory));
            Path folder = guest.dir().resolve("none");
            assertThrows(IllegalStateException.class, () -> machine.save(folder));
        }
    }

    /** A guest's time since it booted, in seconds. */
    private static double uptime(Machine machine) throws Exception {
        String told = TestGuest.ask(machine, "cat /proc/uptime");
        assertEquals(".", TestGuest.readLine(machine));
        return Double.parseDouble(told.split(" ", -1)[0]);
    }

    @Test
    void aGuestsClockRunsAsFastAsTheComputers() throws Exception {
        try (Machine machine = restore()) {
            long before = System.nanoTime();
            double first = uptime(machine);
            long after = System.nanoTime();
            long asked = after;
            double last = first;
            while (asked - after < MEASURED_NANOS) {
                asked = System.nanoTime();
                last = uptime(machine);
            }
            double most = (System.nanoTime() - before) / 1e9;
            double least = (asked - after) / 1e9;
            double passed = last - first;
            assertTrue(
                    passed > least - UNSURE_SECONDS && passed < most + UNSURE_SECONDS,
                    least + " to " + most + " s: " + passed);
        }
    }

    @Test
    void aGuestThatTurnsItselfOffEndsItsMachine() throws Exception {
        try (Machine machine = restore()) {
            TestGuest.say(machine, "off");
            MachineExit exit = machine.onExit().get(60, TimeUnit.SECONDS);
            assertEquals(0, exit.exitCode(), exit.toString());
            assertTrue(exit.console().contains("reboot: Restarting system"), exit.toString());
        }
    }

    @Test
    void aMachineWithAMissingFileDoesNotStartAndLeavesNothing() throws Exception {
        MachineSpec broken =
                new MachineSpec(
                        spec.kernel(),
                        new MachineFile(guest.dir().resolve("none"), spec.initramfs().digest()),
                        spec.codeImage(),
                        spec.baseImage(),
                        spec.memoryBytes(),
                        7);
        Set<String> files = guest.names("run");
        var e = assertThrows(MachineException.class, () -> machines.boot(broken, TCG));
        assertTrue(e.getMessage().contains("none"), e.getMessage());
        assertEquals(files, guest.names("run"));
    }
}
