package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Demand that returns every 20 seconds, driven and read by plain HTTP, in time that the test moves.
 */
final class ExpectedBurstsIT {
    private static final long PERIOD_MS = 20_000;
    private static final int CALLS = 8;

    /**
     * A start takes nearly nothing here: what is left is the margin, and the steps of the clock.
     */
    private static final long LEAD_MS = 1_000;

    private static final long TOLERANCE_MS = 1_000;

    @TempDir private Path folder;

    private static List<String> warm(int calls) {
        return Collections.nCopies(calls, "warm");
    }

    /** Eight bursts, and a ninth; it is five seconds later, between two bursts. */
    private static void learn(PoolNode node) throws Exception {
        node.bursts(CALLS, 8, PERIOD_MS);
        node.burst(CALLS);
        node.pass(5_000);
        assertTrue(node.period().isPresent(), () -> "20 s were not found");
    }

    /** From the ninth burst on every call is warm, and between bursts less is idle than before. */
    @Test
    void whatWasLearnedIsWarmAndLessIsIdleBetween() throws Exception {
        try (PoolNode node = new PoolNode(folder)) {
            node.burst(CALLS);
            node.pass(5_000);
            int before = node.idle();
            assertEquals(CALLS, before);
            node.pass(PERIOD_MS - 5_000);
            node.bursts(CALLS, 7, PERIOD_MS);
            long cold = node.count("coldCalls");
            for (int i = 0; i < 5; i++) {
                assertEquals(warm(CALLS), node.burst(CALLS), "burst " + (9 + i));
                node.pass(PERIOD_MS / 2);
                assertEquals(0, node.idle(), "after burst " + (9 + i));
                node.pass(PERIOD_MS / 2);
            }
            assertEquals(cold, node.count("coldCalls"));
            assertEquals(0, node.count("wastedPrepares"));
        }
    }

    /** Isolates are there shortly before the burst: of this account, of this code. */
    @Test
    void whatIsPreparedIsReadyShortlyBefore() throws Exception {
        try (PoolNode node = new PoolNode(folder)) {
            learn(node);
            for (int i = 0; i < 3; i++) {
                JsonNode period = node.period().orElseThrow();
                long expectedMs = node.nowMs() + period.path("expectedInMs").asLong();
                long opensMs = node.nowMs() + period.path("opensInMs").asLong();
                while (node.task().path("isolates").path("prepared").asInt() == 0) {
                    assertTrue(node.nowMs() < expectedMs, "nothing is prepared");
                    node.pass(100);
                }
                JsonNode task = node.task();
                assertEquals("demo", task.path("account").asText());
                assertEquals(PoolNode.digest(), task.path("digest").asText());
                assertEquals(CALLS, task.path("isolates").path("prepared").asInt());
                assertTrue(task.path("why").asText().contains("8 are held"), task::toString);
                long earlyMs = opensMs - node.nowMs();
                assertTrue(earlyMs <= LEAD_MS + TOLERANCE_MS, earlyMs + " ms before the window");
                assertTrue(node.nowMs() <= expectedMs);
                node.pass(expectedMs - node.nowMs());
                long used = node.count("usedPrepares");
                assertEquals(warm(CALLS), node.burst(CALLS));
                assertEquals(used + CALLS, node.count("usedPrepares"));
                node.pass(5_000);
            }
        }
    }

    /** Random calls of the same mean rate have no pattern, and what is idle stays. */
    @Test
    void randomCallsHaveNoPatternAndKeepTheirIsolates() throws Exception {
        try (PoolNode node = new PoolNode(folder)) {
            SplittableRandom random = new SplittableRandom(3);
            for (int i = 0; i < 60; i++) {
                node.burst(1);
                assertTrue(node.idle() >= 1, "just after a call");
                node.pass(Math.round(-PERIOD_MS * Math.log1p(-random.nextDouble())));
                assertTrue(node.period().isEmpty(), "after call " + i);
            }
            assertEquals(0, node.count("prepared"));
            assertTrue(node.count("coldCalls") <= 3, () -> "too few were kept");
        }
    }

    /** When the caller stops, three windows are tried and no more; then all is as at first. */
    @Test
    void whenTheCallerStopsThreeWindowsAreTriedAndNoMore() throws Exception {
        try (PoolNode node = new PoolNode(folder)) {
            learn(node);
            long before = node.count("prepared");
            node.pass(4 * PERIOD_MS);
            long after = node.count("prepared");
            assertEquals(3 * CALLS, after - before);
            assertEquals(3 * CALLS, node.count("wastedPrepares"));
            assertTrue(node.period().isEmpty());
            node.pass(20 * PERIOD_MS);
            assertEquals(after, node.count("prepared"), "nothing more is prepared");
            assertEquals(0, node.idle());
            node.burst(CALLS);
            node.pass(5_000);
            assertEquals(CALLS, node.idle(), "what is idle is kept again");
        }
    }

    /** A surprise in the middle is served, and the forecast stands. */
    @Test
    void aSurpriseIsServed() throws Exception {
        try (PoolNode node = new PoolNode(folder)) {
            learn(node);
            node.pass(5_000);
            assertEquals(0, node.idle());
            assertEquals(10, node.burst(10).size());
            node.pass(PERIOD_MS / 2);
            assertEquals(warm(CALLS), node.burst(CALLS));
            assertTrue(node.period().isPresent());
        }
    }

    /** A period that changes is found within six of the new ones, at the cost of three prepares. */
    @Test
    void aPeriodThatChangesIsFollowed() throws Exception {
        try (PoolNode node = new PoolNode(folder)) {
            learn(node);
            long before = node.count("wastedPrepares");
            node.pass(25_000);
            node.bursts(CALLS, 6, 30_000);
            long cold = node.count("coldCalls");
            for (int i = 0; i < 4; i++) {
                JsonNode task = node.task();
                assertEquals(CALLS, task.path("isolates").path("prepared").asInt(), task::toString);
                assertEquals(warm(CALLS), node.burst(CALLS));
                node.pass(30_000);
            }
            assertEquals(cold, node.count("coldCalls"));
            long found = node.period().orElseThrow().path("periodMs").asLong();
            assertTrue(Math.abs(found - 30_000) <= 500, () -> "found " + found);
            long wasted = node.count("wastedPrepares") - before;
            assertTrue(wasted <= 3 * CALLS, () -> "wasted " + wasted);
        }
    }
}
