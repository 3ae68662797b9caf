package io.runnel.exec.microvm.machine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class TimeStampCounterTest {
    @Test
    void itsSpeedIsTheSameEachTime() throws Throwable {
        long one = TimeStampCounter.measure();
        assertNear(one, TimeStampCounter.measure());
        assertTrue(one > 500_000 && one < 10_000_000, Long.toString(one));
        assertNear(one, TimeStampCounter.kiloHertz());
    }

    private static void assertNear(long one, long other) {
        assertTrue(Math.abs(one - other) * 1000 < one, one + " " + other);
    }
}
