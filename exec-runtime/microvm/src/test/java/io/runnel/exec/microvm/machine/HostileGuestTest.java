package io.runnel.exec.microvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;

/** A guest breaks its own machine at most: another one still answers, and it can be ended. */
final class HostileGuestTest {
    private Machine hostile;
    private Machine other;

    @BeforeEach
    void restore() throws Exception {
        hostile = BootedGuest.here().restore();
        other = BootedGuest.here().restore();
    }

    @AfterEach
    void endBoth() {
        if (hostile != null) {
            hostile.halt();
            assertTrue(hostile.onExit().isDone());
        }
        if (other != null) {
            other.halt();
        }
    }

    private void assertTheOtherAnswers() throws Exception {
        assertEquals("well", TestGuest.ask(other, "echo well"));
    }

    private void assertItsMemoryIsBounded() throws Exception {
        long most = CgroupLimits.of(hostile.spec().memoryBytes(), Accelerator.TCG).memoryBytes();
        long bytes = hostile.privateBytes();
        assertTrue(bytes <= most, bytes + " bytes");
    }

    @Test
    void itWritesGarbageToItsPort() throws Exception {
        TestGuest.say(hostile, "flood");
        ByteBuffer some = ByteBuffer.allocate(64 << 10);
        for (long read = 0; read < 1 << 20; read += some.position()) {
            assertTrue(hostile.agent().read(some.clear()) > 0);
        }
        // Now nobody reads any more: it has to wait, and nobody keeps what it says.
        assertTheOtherAnswers();
        assertItsMemoryIsBounded();
    }

    @Test
    void itHoldsTheProcessor() throws Exception {
        TestGuest.say(hostile, "spin");
        assertTheOtherAnswers();
        hostile.pause();
        assertTheOtherAnswers();
    }

    @Test
    void itFloodsItsConsole() throws Exception {
        assertEquals("ok", TestGuest.ask(hostile, "console"));
        while (hostile.console().length() < ConsoleTail.KEPT_BYTES / 2) {
            assertTheOtherAnswers();
        }
        assertTrue(hostile.console().length() <= ConsoleTail.KEPT_BYTES);
        assertEquals("still", TestGuest.ask(hostile, "echo still"));
    }

    @Test
    void itFillsItsMemory() throws Exception {
        TestGuest.say(hostile, "fill");
        ByteBuffer some = ByteBuffer.allocate(16);
        // It says so, or its kernel gives up and the machine ends.
        if (hostile.agent().read(some) > 0) {
            assertItsMemoryIsBounded();
        }
        assertTheOtherAnswers();
    }
}
