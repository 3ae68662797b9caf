package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.forward.RegionState.Breaker;
import io.runnel.topology.Address;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Random;

class RegionCellTest {
    private static final RegionLink LINK =
            new RegionLink(new RegionId("west"), new Address("127.0.0.1", 1), Duration.ofMillis(1));

    private long now = Duration.ofDays(1).toNanos();
    private final RegionCell cell = new RegionCell(LINK, () -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void whatARegionSaysOfItsLoadHoldsForAWhile() {
        assertEquals(Long.MAX_VALUE, cell.state().loadAgeNanos());
        cell.said("70");
        pass(Duration.ofSeconds(2));
        assertEquals(70, cell.state().loadPercent());
        assertEquals(Duration.ofSeconds(2).toNanos(), cell.state().loadAgeNanos());
        pass(Duration.ofSeconds(2));
        assertEquals(0, cell.state().loadPercent());
        cell.said("100");
        assertTrue(cell.isFull());
        assertTrue(cell.state().isFull());
    }

    @Test
    void itKnowsWhetherItAnsweredLately() {
        Duration lately = Duration.ofSeconds(8);
        assertFalse(cell.answeredWithin(lately), "it never did");
        cell.answers();
        pass(lately);
        assertTrue(cell.answeredWithin(lately));
        pass(Duration.ofNanos(1));
        assertFalse(cell.answeredWithin(lately));
    }

    @Test
    void whatIsNoNumberWasNotSaid() {
        cell.said("70");
        for (String odd : new String[] {"", "-1", "1e3", "99999", " 7", "\u0661", "0x1"}) {
            cell.said(odd);
            assertEquals(70, cell.state().loadPercent(), odd);
        }
        cell.said("9999");
        assertEquals(999, cell.state().loadPercent());
    }

    @Test
    void whoRefusesIsFullForAMomentWhateverItSays() {
        cell.said("0");
        cell.refused(new Random(7));
        cell.said("0");
        assertTrue(cell.isFull());
        assertEquals(100, cell.state().loadPercent());
        pass(Duration.ofMillis(249));
        cell.said("0");
        assertTrue(cell.isFull());
        pass(Duration.ofMillis(751));
        assertFalse(cell.isFull());
    }

    @Test
    void whoRefusesIsGivenACallForEachThatEnds() {
        for (int i = 0; i < 3; i++) {
            cell.began();
        }
        // The third is the one that it refuses.
        cell.refused(new Random(7));
        assertTrue(cell.isFull());
        cell.ended();
        assertTrue(cell.isFull(), "it has as many as it held");
        cell.ended();
        assertFalse(cell.isFull(), "one of those has ended");
        cell.began();
        assertTrue(cell.isFull());
    }

    @Test
    void whoRefusesIsAskedWhetherItHasRoomForMore() {
        for (int i = 0; i < 5; i++) {
            cell.began();
        }
        cell.refused(new Random(7));
        cell.ended();
        assertTrue(cell.isFull(), "it has the four that it held");
        pass(HeldBack.DOUBLES.dividedBy(4));
        assertFalse(cell.isFull());
        cell.began();
        assertTrue(cell.isFull(), "one more at a time");
        cell.refused(new Random(7));
        cell.ended();
        assertTrue(cell.isFull(), "it had no room for it");
    }

    @Test
    void whoRefusesIsGivenWhatItLatelyRan() {
        pass(Duration.ofSeconds(1));
        for (int i = 0; i < 20; i++) {
            cell.ran(Duration.ofMillis(100).toNanos());
        }
        cell.began();
        // What it ran is over when its refusal is heard of.
        cell.refused(new Random(7));
        cell.ended();
        assertFalse(cell.isFull());
        cell.began();
        assertFalse(cell.isFull());
        cell.began();
        assertTrue(cell.isFull());
    }

    @Test
    void opensWhenHalfFailAndClosesAfterTrialsThatGoWell() {
        RegionBreaker breaker = cell.breaker();
        fail(RegionBreaker.LEAST - 1);
        assertEquals(Breaker.CLOSED, breaker.state());
        fail(1);
        assertEquals(Breaker.OPEN, breaker.state());
        assertFalse(breaker.tryPass());
        pass(RegionBreaker.REST.minusMillis(1));
        assertEquals(Breaker.OPEN, breaker.state());
        pass(Duration.ofMillis(2));
        assertEquals(Breaker.HALF_OPEN, breaker.state(), "else nobody would try");
        for (int i = 0; i < RegionBreaker.TRIALS; i++) {
            assertTrue(breaker.tryPass(), "trial " + i);
        }
        assertEquals(Breaker.HALF_OPEN, breaker.state());
        assertFalse(breaker.tryPass(), "a few trials only");
        breaker.release();
        assertTrue(breaker.tryPass(), "one that showed nothing leaves its place to another");
        for (int i = 0; i < RegionBreaker.TRIALS; i++) {
            breaker.answered(0);
        }
        assertEquals(Breaker.CLOSED, breaker.state());
        assertEquals(3, breaker.changes());
    }

    @Test
    void opensForWhatIsSlowToo() {
        RegionBreaker breaker = cell.breaker();
        for (int i = 0; i < RegionBreaker.LEAST; i++) {
            assertTrue(breaker.tryPass());
            breaker.answered(RegionBreaker.SLOW.toNanos() + 1);
        }
        assertEquals(Breaker.OPEN, breaker.state());
    }

    @Test
    void theLastRegionIsAskedByAllIfItIsOnlySlow() {
        for (int i = 0; i < RegionBreaker.LEAST; i++) {
            assertTrue(cell.breaker().tryPass());
            cell.breaker().answered(RegionBreaker.SLOW.toNanos() + 1);
        }
        assertEquals(Breaker.OPEN, cell.breaker().state());
        assertTrue(cell.lastTrial());
        assertTrue(cell.lastTrial(), "at the same moment");
        pass(RegionBreaker.REST.plusMillis(1));
        assertTrue(cell.breaker().tryPass());
        cell.breaker().answered(0);
        assertTrue(cell.lastTrial(), "half open, too");
    }

    @Test
    void aRegionThatFailedWhenItHadBeenSlowIsNoLongerOnlySlow() {
        theLastRegionIsAskedByAllIfItIsOnlySlow();
        for (int i = 1; i < RegionBreaker.TRIALS; i++) {
            assertTrue(cell.breaker().tryPass());
            cell.breaker().failed();
        }
        assertEquals(Breaker.OPEN, cell.breaker().state());
        assertTrue(cell.lastTrial());
        assertFalse(cell.lastTrial(), "at the same moment");
    }

    @Test
    void theLastRegionThatFailsIsTriedFiftyTimesASecond() {
        fail(RegionBreaker.LEAST);
        int trials = 0;
        for (int millis = 0; millis < 1_000; millis++) {
            trials += cell.lastTrial() ? 1 : 0;
            pass(Duration.ofMillis(1));
        }
        assertEquals(50, trials);
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            assertTrue(cell.breaker().tryPass());
            cell.breaker().failed();
        }
    }
}
