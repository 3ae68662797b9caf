package io.runnel.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.TaskRef;
import io.runnel.pop.TestPop.Answer;
import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Demand that returns every 20 seconds: at a POP with its region behind it, by real modules, driven
 * and read by plain HTTP, in time that the test moves.
 */
final class ExpectedBurstsIT {
    private static final TaskRef HELLO = TestRegion.HELLO;
    private static final long PERIOD_MS = 20_000;

    /** One after the other, and enough to be popular at once. */
    private static final int CALLS = 24;

    private static final int TOGETHER = 4;

    /** How much earlier than needed a start is made. */
    private static final long MARGIN_MS = 1_000;

    private static final long TOLERANCE_MS = 1_000;

    @TempDir private Path data;

    private static List<Answer> warmHere(int calls, String placed) {
        return Collections.nCopies(calls, Answer.warmHere(placed));
    }

    /** Nine bursts; it is five seconds after the ninth. */
    private static void learn(TestPop pop) throws Exception {
        for (int i = 0; i < 8; i++) {
            burst(pop);
            pop.pass(PERIOD_MS);
        }
        pop.burst(HELLO, CALLS);
        pop.pass(5_000);
        assertTrue(pop.period(HELLO).isPresent(), () -> "20 s were not found");
    }

    /** Bursts of calls at once, until their period is known; it is between two of them. */
    private static void learn(TestPop pop, TaskRef task) throws Exception {
        for (int i = 0; i < 9; i++) {
            pop.together(task, TOGETHER);
            pop.pass(PERIOD_MS / 2);
            if (pop.period(task).isPresent()) {
                return;
            }
            pop.pass(PERIOD_MS / 2);
        }
        fail("20 s were not found");
    }

    /** A burst; where its code was not ready here, it is after it. */
    private static void burst(TestPop pop) throws Exception {
        boolean missed =
                pop.burst(HELLO, CALLS).stream().anyMatch(a -> a.placed().equals("no-replica"));
        if (missed && pop.period(HELLO).isEmpty()) {
            pop.awaitOpen(HELLO);
        }
    }

    /** From the ninth burst on every call is warm, and between bursts less is idle than before. */
    @Test
    void whatWasLearnedIsWarmAndLessIsIdleBetween() throws Exception {
        try (TestPop pop = new TestPop(data)) {
            int before = 0;
            for (int i = 0; i < 8; i++) {
                burst(pop);
                pop.pass(PERIOD_MS / 2);
                before = Math.max(before, pop.idle());
                pop.pass(PERIOD_MS / 2);
            }
            assertEquals(1, before, "until then what ran is kept");
            long cold = pop.count("coldCalls");
            long made = pop.madeForCalls();
            for (int i = 0; i < 5; i++) {
                assertEquals(warmHere(CALLS, "popular"), pop.burst(HELLO, CALLS), "" + (9 + i));
                pop.pass(PERIOD_MS / 2);
                assertEquals(0, pop.idle(), "after burst " + (9 + i));
                pop.pass(PERIOD_MS / 2);
            }
            assertEquals(cold, pop.count("coldCalls"));
            assertEquals(made, pop.madeForCalls());
            assertEquals(0, pop.count("wastedPrepares"));
        }
    }

    /** What is too seldom called to run here does so once it is known when it comes. */
    @Test
    void aSingleCallRunsHereFromTheNinthOn() throws Exception {
        try (TestPop pop = new TestPop(data)) {
            assertEquals("uncommon", pop.burst(HELLO, 1).getFirst().placed());
            pop.pass(PERIOD_MS);
            for (int i = 1; i < 8; i++) {
                pop.burst(HELLO, 1);
                pop.pass(PERIOD_MS);
            }
            long used = pop.count("usedPrepares");
            for (int i = 0; i < 3; i++) {
                assertEquals(warmHere(1, "expected"), pop.burst(HELLO, 1), "call " + (9 + i));
                pop.pass(PERIOD_MS / 2);
                assertEquals(0, pop.idle());
                assertEquals("uncommon", pop.burst(TestRegion.ECHO, 1).getFirst().placed());
                pop.pass(PERIOD_MS / 2);
            }
            assertEquals(0, pop.madeForCalls());
            assertEquals(used + 3, pop.count("usedPrepares"));
        }
    }

    /** Isolates are there shortly before the burst: of this account, of this code. */
    @Test
    void whatIsPreparedIsReadyShortlyBefore() throws Exception {
        TaskRef echo = TestRegion.ECHO;
        try (TestPop pop = new TestPop(data)) {
            learn(pop, echo);
            for (int i = 0; i < 2; i++) {
                JsonObject period = pop.period(echo).orElseThrow();
                long expectedMs = pop.nowMs() + period.getLong("expectedInMs");
                long opensMs = pop.nowMs() + period.getLong("opensInMs");
                while (pop.task(echo).getJsonObject("isolates").getInteger("prepared") == 0) {
                    assertTrue(pop.nowMs() < expectedMs, "nothing is prepared");
                    pop.pass(100);
                }
                JsonObject task = pop.task(echo);
                byte[] code = Files.readAllBytes(TestRegion.sample(echo));
                assertEquals("demo", task.getString("account"));
                assertEquals(CodeDigest.of(code).value(), task.getString("digest"));
                assertEquals(TOGETHER, task.getJsonObject("isolates").getInteger("prepared"));
                assertTrue(task.getString("why").contains(TOGETHER + " are held"), task::encode);
                long earlyMs = opensMs - pop.nowMs();
                long leadMs =
                        MARGIN_MS
                                + pop.mostMs("verify")
                                + pop.mostMs("parse")
                                + pop.mostMs("compile")
                                + TOGETHER * pop.mostMs("instantiate");
                assertTrue(earlyMs <= leadMs + TOLERANCE_MS, earlyMs + " ms before the window");
                assertTrue(pop.nowMs() <= expectedMs);
                pop.pass(expectedMs - pop.nowMs());
                long used = pop.count("usedPrepares");
                assertEquals(warmHere(TOGETHER, "expected"), pop.together(echo, TOGETHER));
                assertEquals(used + TOGETHER, pop.count("usedPrepares"));
                pop.pass(5_000);
            }
        }
    }

    /** Random bursts of the same mean rate have no pattern, and what is idle stays. */
    @Test
    void randomCallsHaveNoPatternAndKeepTheirIsolates() throws Exception {
        try (TestPop pop = new TestPop(data)) {
            SplittableRandom random = new SplittableRandom(3);
            int lost = 0;
            for (int i = 0; i < 60; i++) {
                burst(pop);
                boolean here = pop.task(HELLO).getBoolean("open");
                assertTrue(here, "burst " + i);
                pop.pass(Math.round(-PERIOD_MS * Math.log1p(-random.nextDouble())));
                assertTrue(pop.period(HELLO).isEmpty(), "after burst " + i);
                lost += here && !pop.task(HELLO).getBoolean("open") ? 1 : 0;
            }
            assertEquals(0, pop.count("prepared"));
            assertTrue(lost <= 3, "too few were kept: " + lost);
        }
    }

    /** When the caller stops, three windows are tried and no more; then all is as at first. */
    @Test
    void whenTheCallerStopsThreeWindowsAreTriedAndNoMore() throws Exception {
        try (TestPop pop = new TestPop(data)) {
            learn(pop);
            long before = pop.count("prepared");
            pop.pass(4 * PERIOD_MS);
            long after = pop.count("prepared");
            assertEquals(3, after - before);
            assertEquals(3, pop.count("wastedPrepares"));
            assertTrue(pop.period(HELLO).isEmpty());
            pop.pass(20 * PERIOD_MS);
            assertEquals(after, pop.count("prepared"), "nothing more is prepared");
            assertEquals(0, pop.idle());
            pop.burst(HELLO, CALLS);
            pop.awaitOpen(HELLO);
            pop.burst(HELLO, CALLS);
            pop.pass(PERIOD_MS / 2);
            assertEquals(1, pop.idle(), "what is idle is kept again");
        }
    }

    /** A surprise in the middle is served, and the forecast stands. */
    @Test
    void aSurpriseIsServed() throws Exception {
        try (TestPop pop = new TestPop(data)) {
            learn(pop);
            pop.pass(5_000);
            assertEquals(0, pop.idle());
            assertEquals(10, pop.rush(HELLO, 10).size());
            pop.pass(PERIOD_MS / 2);
            assertEquals(warmHere(CALLS, "popular"), pop.burst(HELLO, CALLS));
            assertTrue(pop.period(HELLO).isPresent());
        }
    }

    /** A period that changes is found within six of the new ones, at the cost of three prepares. */
    @Test
    void aPeriodThatChangesIsFollowed() throws Exception {
        try (TestPop pop = new TestPop(data)) {
            learn(pop);
            long before = pop.count("wastedPrepares");
            pop.pass(25_000);
            for (int i = 0; i < 6; i++) {
                pop.burst(HELLO, CALLS);
                pop.pass(30_000);
            }
            long made = pop.madeForCalls();
            for (int i = 0; i < 4; i++) {
                JsonObject task = pop.task(HELLO);
                assertEquals(
                        1, task.getJsonObject("isolates").getInteger("prepared"), task::encode);
                assertEquals(warmHere(CALLS, "popular"), pop.burst(HELLO, CALLS));
                pop.pass(30_000);
            }
            assertEquals(made, pop.madeForCalls());
            long found = pop.period(HELLO).orElseThrow().getLong("periodMs");
            assertTrue(Math.abs(found - 30_000) <= 500, () -> "found " + found);
            long wasted = pop.count("wastedPrepares") - before;
            assertTrue(wasted <= 3, () -> "wasted " + wasted);
        }
    }
}
