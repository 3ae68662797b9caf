package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Random;

class ConcurrencyLimitTest {
    private static final long MS = Duration.ofMillis(1).toNanos();

    private final ConcurrencyLimit limit = new ConcurrencyLimit(4, 64, 0);
    private long nowNanos;

    /** Some windows, in each of which the node was always so late. */
    private void windows(int count, long lateNanos) {
        for (int i = 0; i < count * 20; i++) {
            nowNanos += ConcurrencyLimit.WINDOW.toNanos() / 20;
            limit.late(nowNanos, lateNanos);
        }
    }

    @Test
    void aNodeThatIsHardlyLateLetsAllRun() {
        windows(100, 3 * MS);
        assertEquals(64, limit.limit());
    }

    @Test
    void aNodeThatIsLateLetsFewerRunAndNeverLessThanTheLeast() {
        windows(5, MS);
        windows(3, 100 * MS);
        assertEquals(47, limit.limit(), "a tenth less three times");
        windows(100, 1000 * MS);
        assertEquals(4, limit.limit());
    }

    @Test
    void itIsBackSoonAfterwards() {
        windows(5, MS);
        windows(100, 1000 * MS);
        windows(10, MS);
        assertTrue(limit.limit() > 12, () -> "after 1 s: " + limit.limit());
        windows(20, MS);
        assertEquals(64, limit.limit(), "after 3 s");
    }

    @Test
    void aPauseNowAndThenIsNoLoad() {
        for (int i = 0; i < 1000; i++) {
            nowNanos += ConcurrencyLimit.WINDOW.toNanos() / 10;
            limit.late(nowNanos, i % 4 == 0 ? 500 * MS : MS);
        }
        assertEquals(64, limit.limit());
    }

    @Test
    void fewSamplesSayNothing() {
        for (int i = 0; i < ConcurrencyLimit.LEAST_SAMPLES - 1; i++) {
            nowNanos += 10_000 * MS;
            assertFalse(limit.late(nowNanos, 1000 * MS));
        }
        assertEquals(64, limit.limit());
        assertTrue(limit.late(nowNanos, 1000 * MS));
    }

    /** Lateness that grows with what runs: the limit settles where it is bearable. */
    @Test
    void itFindsWhatTheNodeBears() {
        long seed = 20_261_126L;
        Random random = new Random(seed);
        int processors = 20;
        for (int window = 0; window < 400; window++) {
            for (int i = 0; i < 20; i++) {
                nowNanos += ConcurrencyLimit.WINDOW.toNanos() / 20;
                int beyond = Math.max(limit.limit() - processors, 0);
                limit.late(nowNanos, (long) (beyond * 2L * MS * random.nextDouble() * 2));
            }
        }
        int settled = limit.limit();
        assertTrue(
                settled >= processors && settled <= processors + 12,
                () -> "settled at %d, seed %d".formatted(settled, seed));
    }
}
