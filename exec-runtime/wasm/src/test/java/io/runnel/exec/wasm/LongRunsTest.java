package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LongRunsTest {
    private static final long MEMORY_BYTES = 128 * 1024;
    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;

    private final LongRuns runs = new LongRuns();

    @Test
    void callsOfAMillisecondAreLongAfterASecond() {
        for (int i = 1; i < 1_000; i++) {
            runs.add(MILLI);
            assertFalse(runs.areLong(MEMORY_BYTES), "call " + i);
        }
        runs.add(MILLI);
        assertTrue(runs.areLong(MEMORY_BYTES));
        assertFalse(runs.areLong(MEMORY_BYTES * 1_000), "a copy takes three milliseconds");
    }

    @Test
    void callsBeforeTheCodeWasCompiledAreForgotten() {
        for (int i = 0; i < 1_000; i++) {
            runs.add(MILLI);
        }
        int more = 0;
        while (!runs.areShort(MEMORY_BYTES)) {
            assertTrue(++more < 200, "its calls take 5 us by now");
            runs.add(5 * MICRO);
        }
    }

    @Test
    void briefCallsThatHadNoProcessorNowAndThenAreNotLong() {
        for (int i = 0; i < 100_000; i++) {
            runs.add(i % 50 == 0 ? 100 * MILLI : 5 * MICRO);
            assertFalse(runs.areLong(MEMORY_BYTES), "call " + i);
        }
    }

    @Test
    void callsThatBecomeLongAreFound() {
        for (int i = 0; i < 1_000; i++) {
            runs.add(5 * MICRO);
        }
        int until = 0;
        while (!runs.areLong(MEMORY_BYTES)) {
            assertTrue(++until < 100, "its calls take 100 ms by now");
            runs.add(100 * MILLI);
        }
    }
}
