package io.runnel.exec.microvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Whether KVM boots a guest depends on the computer; that the answer is true does not. */
final class AccelerationTest {
    @TempDir Path dir;

    private static MachineSpec spec;
    private static Machines machines;

    @BeforeAll
    static void open() throws Exception {
        TestGuest.needAll();
        spec = BootedGuest.here().spec();
        machines = BootedGuest.here().machines();
    }

    @Test
    void aGuestThatSaysSomethingHasBooted() throws Exception {
        Duration took = Acceleration.boot(machines, spec, Accelerator.TCG, Duration.ofMinutes(1));
        assertTrue(took.toMillis() > 0);
    }

    @Test
    void aGuestThatIsSilentHasNot() {
        var e =
                assertThrows(
                        MachineException.class,
                        () ->
                                Acceleration.boot(
                                        machines, spec, Accelerator.TCG, Duration.ofMillis(300)));
        assertEquals("it says nothing within 300 ms", e.getMessage());
    }

    @Test
    void theAnswerIsFoundOnceAndKept() throws Exception {
        Path file = dir.resolve("kvm.json");
        Acceleration found = Acceleration.find(machines, spec, Duration.ofSeconds(3), file);
        switch (found.accelerator()) {
            case KVM -> assertTrue(found.words().startsWith("KVM works: booted in "));
            case TCG ->
                    assertTrue(
                            found.words().endsWith("; microVMs run by emulation (TCG)"),
                            found.words());
        }
        if (Files.exists(file)) {
            String kept = Files.readString(file).replace(found.words(), "as kept");
            Files.writeString(file, kept);
            assertEquals(
                    "as kept",
                    Acceleration.find(machines, spec, Duration.ofSeconds(3), file).words());
        }
    }

    @Test
    void theAnswerOfAnotherComputerOrOfNobodyIsNone() throws Exception {
        Path file = dir.resolve("answer.json");
        assertTrue(AnswerFile.read(file, "key").isEmpty());
        Acceleration answer = new Acceleration(Accelerator.KVM, "KVM works: booted in 1 ms");
        AnswerFile.write(file, "key", answer);
        assertEquals(answer, AnswerFile.read(file, "key").orElseThrow());
        assertTrue(AnswerFile.read(file, "other key").isEmpty());
        Files.writeString(file, "{\"key\":\"key\",\"accelerator\":\"magic\"}");
        assertTrue(AnswerFile.read(file, "key").isEmpty());
        Files.writeString(file, "{\"key");
        assertTrue(AnswerFile.read(file, "key").isEmpty());
    }
}
