package io.runnel.routing.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.LatencyNeed;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.placement.PlacementDecision.Forward;
import io.runnel.routing.placement.PlacementDecision.RunHere;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;

class RunTimesTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final long KEY = 0x1234_5678_9ABC_DEF1L;

    private long now = Long.MAX_VALUE - 5 * SECOND;
    private final Popularity popularity = new Popularity(now, new Random(7));
    private final RunTimes times = popularity.times();

    RunTimesTest() {
        popularity.record(KEY, 1, now);
    }

    private RunTime time() {
        return times.of(KEY, now);
    }

    private void here(double... millis) {
        for (double each : millis) {
            times.ranHere(KEY, (long) (each * MILLI), now);
        }
    }

    private void here(int calls, double millis) {
        for (int i = 0; i < calls; i++) {
            here(millis);
        }
    }

    @Test
    void theFirstCallsCountByTheLeastOfThem() {
        here(90, 40, 3, 4, 5);
        assertEquals(3, time().hereNanos() / (double) MILLI, 0.001);
        assertEquals(5, time().hereCalls(), 0.01);
        assertEquals(0, time().thereCalls());
    }

    @Test
    void aCallThatTookLongOnceHardlyCounts() {
        here(20, 4);
        here(5000);
        assertEquals(4, time().hereNanos() / (double) MILLI, 0.5);
        here(100, 8);
        assertEquals(8, time().hereNanos() / (double) MILLI, 0.5);
        here(100, 2);
        assertEquals(2, time().hereNanos() / (double) MILLI, 0.5);
    }

    @Test
    void whatIsNotMeasuredFades() {
        here(64, 4);
        times.ranThere(KEY, 4 * MILLI, now);
        now += 600 * SECOND;
        assertEquals(32, time().hereCalls(), 0.5);
        assertEquals(0.5, time().thereCalls(), 0.02);
        now += 3 * 3600 * SECOND;
        assertEquals(0, time().hereCalls());
        assertFalse(time().isComparable());
    }

    @Test
    void aClockThatIsALittleBehindDoesNoHarm() {
        here(10, 4);
        assertEquals(10, times.of(KEY, now - 9 * SECOND).hereCalls(), 0.01);
    }

    @Test
    void nothingIsKeptOfTasksThatAreNotCountedExactly() {
        times.ranHere(KEY + 2, MILLI, now);
        times.settle(KEY + 2, true);
        assertEquals(RunTime.UNKNOWN, times.of(KEY + 2, now));
    }

    @Test
    void whoTakesAPlaceTakesNothingElse() {
        here(10, 4);
        times.settle(KEY, true);
        assertTrue(time().away());
        for (int i = 0; !popularity.times().of(KEY, now).equals(RunTime.UNKNOWN); i++) {
            for (int call = 0; call < 5; call++) {
                popularity.record(new Random(i).nextLong() | 1, 1, now);
            }
        }
        for (int call = 0; call < 50; call++) {
            popularity.record(KEY, 1, now);
        }
        assertEquals(new RunTime(0, 0, 0, 0, false), time());
    }

    /** A thousand calls each, times that vary by a quarter: how often it changes its place. */
    @Test
    void tasksOfNearlyEqualTimesDoNotFlap() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (double difference = -4; difference <= 8; difference += 0.25) {
            int moves = moves(random, 20 + difference);
            double shown = difference;
            assertTrue(moves <= 6, () -> moves + " moves at " + shown + " ms");
        }
    }

    private int moves(Random random, double hereMillis) {
        RegionView view = new RegionView(RegionView.Reach.UP, 10 * MILLI);
        Placer placer = placer();
        long key = random.nextLong() | 1;
        int moves = 0;
        boolean wasHere = true;
        for (int i = 0; i < 1000; i++, now += SECOND / 10) {
            PlacementInput input =
                    placer.came(situation(key), region -> view, now, random.nextLong());
            double noise = 0.75 + random.nextDouble() / 2;
            boolean isHere =
                    switch (placer.decide(key, input)) {
                        case RunHere _ -> true;
                        case Forward _ -> false;
                        case PlacementDecision.Refuse refuse ->
                                throw new AssertionError(refuse.toString());
                    };
            if (isHere) {
                times.ranHere(key, (long) (hereMillis * noise * MILLI), now);
            } else {
                times.ranThere(key, (long) (10 * noise * MILLI), now);
            }
            moves += i > 30 && isHere != wasHere ? 1 : 0;
            wasHere = isHere;
        }
        return moves;
    }

    /** The way of a task whose calls cross the ocean to what is near the region. */
    @Test
    void aTaskMovesToTheRegionAndIsTriedHereAgainWhenThatIsLongAgo() {
        Placer placer = placer();
        RegionView view = new RegionView(RegionView.Reach.UP, 10 * MILLI);
        int here = 0;
        for (int i = 0; i < 100; i++) {
            PlacementInput input = placer.came(situation(KEY), region -> view, now, i);
            if (placer.decide(KEY, input) instanceof RunHere) {
                times.ranHere(KEY, 200 * MILLI, now);
                here++;
            } else {
                times.ranThere(KEY, 5 * MILLI, now);
            }
        }
        assertEquals(4, here, "calls until it was known");
        assertTrue(time().away());
        now += 600 * SECOND;
        for (int i = 0; i < 30; i++) {
            popularity.record(KEY, 1, now);
        }
        PlacementInput input = placer.came(situation(KEY), region -> view, now, 1);
        assertTrue(placer.decide(KEY, input) instanceof RunHere, "it is tried again");
        assertFalse(time().away());
    }

    private Placer placer() {
        return new Placer(popularity, new RegionRanking(new RegionId("own"), List.of()));
    }

    private static Placer.Situation situation(long key) {
        return new Placer.Situation(
                key,
                1 << 20,
                1 << 20,
                EligibleRegions.EVERYWHERE,
                false,
                Fit.FITS,
                Replica.READY,
                new NodeLoad(8, 8, 1L << 30, 1L << 30, 0),
                0,
                LatencyNeed.NORMAL);
    }
}
