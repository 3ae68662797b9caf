package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class MeanCallsTest {
    private static final long BEGIN = Long.MAX_VALUE - Duration.ofMillis(700).toNanos();

    private final MeanCalls calls = new MeanCalls(BEGIN);

    private static long after(long millis) {
        return BEGIN + Duration.ofMillis(millis).toNanos();
    }

    private void took(int times, long millis) {
        for (int i = 0; i < times; i++) {
            calls.took(Duration.ofMillis(millis).toNanos());
        }
    }

    @Test
    void isTheTimeOfAllByTheTimeThatPassed() {
        took(40, 100);
        assertEquals(4, calls.lately(after(1_000)));
        took(10, 350);
        assertEquals(7, calls.lately(after(1_500)));
    }

    @Test
    void isOfHalfASecondAtLeast() {
        took(40, 100);
        assertEquals(0, calls.lately(after(499)));
        assertEquals(8, calls.lately(after(500)));
        took(1_000, 100);
        assertEquals(8, calls.lately(after(999)), "as it was just now");
    }

    @Test
    void isForgottenWhenNothingRuns() {
        took(40, 100);
        assertEquals(8, calls.lately(after(500)));
        assertEquals(0, calls.lately(after(1_000)));
    }
}
