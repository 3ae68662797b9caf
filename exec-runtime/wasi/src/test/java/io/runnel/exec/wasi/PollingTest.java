package io.runnel.exec.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PollingTest {
    @Test
    void sleepsEndWithTheClocksStep() {
        long step = 1_000_000;
        assertEquals(0, Polling.rounded(0, step));
        assertEquals(step, Polling.rounded(1, step));
        assertEquals(step, Polling.rounded(step, step));
        assertEquals(3 * step, Polling.rounded(2 * step + 1, step));
        assertEquals(Long.MAX_VALUE, Polling.rounded(Long.MAX_VALUE, step));
        assertEquals(17, Polling.rounded(17, 1));
    }
}
