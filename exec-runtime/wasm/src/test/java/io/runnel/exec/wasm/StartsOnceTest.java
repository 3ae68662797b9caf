package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.Isolate;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Reuse;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Commands that run only once in the same memory, as tasks that want to keep it. */
class StartsOnceTest {
    /** With another byte where the guest says how it gives up. */
    private static byte[] startsOnce(char mode) {
        byte[] module = Guests.module("starts_once");
        int at = -1;
        for (int i = 4; i < module.length; i++) {
            // The data segment at 32, of one byte.
            if (module[i - 4] == 0x41 && module[i - 3] == 32 && module[i - 1] == 1) {
                at = i;
            }
        }
        assertEquals('1', module[at]);
        module[at] = (byte) mode;
        return module;
    }

    private static Outcome run(Isolate isolate, byte[] module) {
        return Programs.run(isolate, module, OutputSink.NOWHERE);
    }

    private static void assertRunsFresh(byte[] module, boolean compiled) throws Exception {
        Program program = Programs.open(module);
        if (compiled) {
            program.optimize();
        }
        Isolate first = program.newIsolate(Reuse.KEPT);
        Isolate second = program.newIsolate(Reuse.KEPT);
        assertEquals("1", Programs.output(first, module));
        assertEquals("1", Programs.output(second, module));
        assertEquals(List.of(), program.notes());
        assertEquals("1", Programs.output(first, module));
        assertEquals(1, program.notes().size());
        assertTrue(program.notes().getFirst().contains("only once"), "" + program.notes());
        for (int i = 0; i < 3; i++) {
            assertEquals("1", Programs.output(second, module));
            assertEquals("1", Programs.output(first, module));
        }
    }

    @Test
    void theyRunInFreshMemory() throws Exception {
        for (boolean compiled : List.of(false, true)) {
            assertRunsFresh(startsOnce('1'), compiled);
            assertRunsFresh(Guests.module("c_starts_once"), compiled);
        }
    }

    @Test
    void whatAskedTheHostBeforeIsATrap() throws Exception {
        byte[] module = startsOnce('2');
        Program program = Programs.open(module);
        Isolate isolate = program.newIsolate(Reuse.KEPT);
        assertEquals("1", Programs.output(isolate, module));
        assertInstanceOf(Outcome.Trapped.class, run(isolate, module));
        assertEquals(List.of(), program.notes());
        assertEquals("1", Programs.output(isolate, module));
    }

    @Test
    void whatRanTwiceMayTrapLater() throws Exception {
        byte[] module = startsOnce('3');
        Program program = Programs.open(module);
        Isolate isolate = program.newIsolate(Reuse.KEPT);
        assertEquals("1", Programs.output(isolate, module));
        assertEquals("2", Programs.output(isolate, module));
        assertInstanceOf(Outcome.Trapped.class, run(isolate, module));
        assertEquals(List.of(), program.notes());
        assertEquals("1", Programs.output(isolate, module));
    }

    @Test
    void whatTrapsInFreshMemoryIsNotRunAgain() throws Exception {
        byte[] module = Guests.module("trap");
        Program program = Programs.open(module);
        Isolate isolate = program.newIsolate(Reuse.KEPT);
        assertInstanceOf(Outcome.Trapped.class, run(isolate, module));
        assertInstanceOf(Outcome.Trapped.class, run(isolate, module));
        assertEquals(List.of(), program.notes());
    }
}
