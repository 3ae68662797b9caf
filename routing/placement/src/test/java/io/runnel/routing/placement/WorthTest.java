package io.runnel.routing.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Random;

/** Who may have the memory and the slots of a POP. */
class WorthTest {
    private static final long SECOND = 1_000_000_000;
    private static final long MIB = 1 << 20;
    private static final int SLOTS = 4;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private long now = Long.MIN_VALUE + 7;
    private final Popularity popularity = new Popularity(now, random, 100 * MIB, SLOTS);

    WorthTest() {
        System.out.println("seed " + seed);
    }

    private Demand call(long task, long bytes, int times) {
        Demand demand = Demand.NONE;
        for (int i = 0; i < times; i++) {
            demand = popularity.record(key(task), bytes, now);
        }
        return demand;
    }

    private Demand look(long task, long bytes) {
        return popularity.look(key(task), bytes, now);
    }

    private long key(long task) {
        return new Random(seed + task).nextLong() | 1;
    }

    private static boolean isIn(Demand demand, boolean ready) {
        return demand.isWanted() && demand.isWorthIt(ready);
    }

    @Test
    void onAnEmptyNodeTwentyCallsAreAllItTakes() {
        popularity.tend(now);
        assertFalse(isIn(call(1, 50 * MIB, 19), false));
        assertTrue(isIn(call(1, 50 * MIB, 1), false));
        popularity.tend(now);
        assertTrue(isIn(look(1, 50 * MIB), false));
        now += 60 * SECOND;
        assertFalse(isIn(look(1, 50 * MIB), true), "10 calls");
    }

    @Test
    void aHugeTaskDoesNotPushOutAHundredSmallOnes() {
        for (int task = 0; task < 100; task++) {
            call(task, MIB, 25);
        }
        call(1000, 90 * MIB, 500);
        popularity.tend(now);
        assertFalse(isIn(look(1000, 90 * MIB), true));
        for (int task = 0; task < 100; task++) {
            assertTrue(isIn(look(task, MIB), false), "task " + task);
        }
        assertTrue(isIn(call(1001, MIB, 100), false), "a small one that is called more");
    }

    @Test
    void whatIsLargerThanAllMemoryNeverComesIn() {
        assertFalse(isIn(call(1, 101 * MIB, 10_000), false));
    }

    @Test
    void whatReturnsComesInAfterAWhileAndWhatBurstsOnceDoesNot() {
        for (int minute = 0; minute < 14; minute++, now += 60 * SECOND) {
            if (minute % 6 == 0) {
                assertFalse(isIn(call(1, MIB, 1), false), "minute " + minute);
            }
        }
        now += 60 * SECOND;
        call(1, MIB, 1);
        call(2, MIB, 19);
        popularity.tend(now);
        assertTrue(isIn(look(1, MIB), false));
        assertFalse(isIn(look(2, MIB), false), "19 calls at once");
        assertFalse(isIn(call(3, MIB, 1), false), "one call");
        now += 24 * 3600 * SECOND;
        assertFalse(isIn(look(1, MIB), true), "a day later");
    }

    /** A million tasks that are called once, within an hour, and tasks that return all the time. */
    @Test
    void aFloodOfOneHitTasksDoesNotEmptyTheWarmSet() {
        int flood = 1_000_000;
        int warm = 400;
        season(warm);
        for (int task = 0; task < warm; task++) {
            call(task, MIB / 8, 2);
        }
        popularity.tend(now);
        assertEquals(warm, in(warm), "before");
        int floodIn = 0;
        for (int i = 0; i < flood; i++, now += 3600 * SECOND / flood) {
            floodIn += isIn(call(1_000_000L + i, MIB / 8, 1), false) ? 1 : 0;
            if (i % (flood / warm / 2) == 0) {
                call(i / (flood / warm / 2) % warm, MIB / 8, 1); // each twice in the hour
            }
        }
        popularity.tend(now);
        int still = in(warm);
        int came = floodIn;
        assertTrue(still >= warm * 95 / 100, () -> still + " of " + warm + " are left");
        assertTrue(came <= flood / 10_000, () -> came + " of the flood came in");
    }

    private void season(int warm) {
        for (int i = 0; i < 60; i++, now += 60 * SECOND) {
            for (int task = 0; task < warm; task++) {
                if ((task + i) % 12 == 0) {
                    call(task, MIB / 8, 1);
                }
            }
        }
    }

    private int in(int tasks) {
        int in = 0;
        for (int task = 0; task < tasks; task++) {
            in += isIn(look(task, MIB / 8), true) ? 1 : 0;
        }
        return in;
    }

    /** J2: hot code saturates the slots; what is called less leaves them to it. */
    @Test
    void whatIsCalledMostHasTheLastSlots() {
        for (int second = 0; second < 400; second++, now += SECOND) {
            for (int task = 0; task < 4; task++) {
                call(task, MIB, 60);
                popularity.times().ranHere(key(task), 20_000_000, now);
            }
            call(9, MIB, 1);
            popularity.times().ranHere(key(9), 20_000_000, now);
        }
        popularity.tend(now);
        assertTrue(isIn(look(9, MIB), true), "it is popular");
        assertFalse(look(9, MIB).hasRank());
        for (int task = 0; task < 4; task++) {
            assertTrue(look(task, MIB).hasRank(), "task " + task);
        }
    }

    @Test
    void asLongAsSlotsAreEnoughForAllEachHasItsRank() {
        for (int second = 0; second < 120; second++, now += SECOND) {
            call(1, MIB, 50);
            popularity.times().ranHere(key(1), 20_000_000, now);
            call(2, MIB, 1);
        }
        popularity.tend(now);
        assertTrue(look(2, MIB).hasRank());
    }
}
