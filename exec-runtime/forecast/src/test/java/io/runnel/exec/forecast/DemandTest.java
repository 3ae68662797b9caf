package io.runnel.exec.forecast;

import static io.runnel.exec.forecast.Arrivals.HOUR_MS;
import static io.runnel.exec.forecast.Arrivals.MINUTE_MS;
import static io.runnel.exec.forecast.Arrivals.START_MS;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;
import java.util.TreeSet;

/** What is planned for a demand of which this or that is known. */
class DemandTest {
    private static final long START_COST_MS = 500;

    private final StartSchedule schedule = new StartSchedule(2);
    private final Demand demand = new Demand(ForecastSettings.DEFAULT, START_MS);

    private long nowMs = START_MS;

    private void burst(int calls) {
        for (int i = 1; i <= calls; i++) {
            demand.arrived(nowMs, i);
        }
        if (demand.isSearchDue(nowMs)) {
            demand.analyze(nowMs, new SplittableRandom(1));
        }
        demand.ended(nowMs + 20, 0);
    }

    private void bursts(int count, long periodMs, int calls) {
        for (int i = 0; i < count; i++) {
            burst(calls);
            nowMs += periodMs;
        }
    }

    /** Exactly ten bursts of an hourly clock; now is when the eleventh is due. */
    private Forecast hourly(int calls) {
        demand.started(START_COST_MS);
        bursts(10, HOUR_MS, calls);
        Forecast found = demand.forecasts(nowMs - MINUTE_MS).getFirst();
        assertEquals(PatternState.PERIODIC, found.state());
        return found;
    }

    @Test
    void withoutAPeriodIdleIsolatesAreKeptForTheKeepAlive() {
        burst(1);
        assertEquals(
                new Plan(0, Plan.ALL, 10 * MINUTE_MS, Long.MAX_VALUE),
                demand.plan(nowMs + MINUTE_MS, schedule));
    }

    @Test
    void theCallsOfOneBurstSayNothingAboutPauses() {
        burst(8);
        for (int i = 0; i < 8; i++) {
            nowMs += 100;
            burst(1);
        }
        assertEquals(10 * MINUTE_MS, demand.plan(nowMs + MINUTE_MS, schedule).spareMs());
    }

    @Test
    void betweenBurstsNothingIsHeldAndShortlyBeforeAllThatIsNeeded() {
        Forecast found = hourly(3);
        Plan between = demand.plan(nowMs - 30 * MINUTE_MS, schedule);
        assertEquals(0, between.held());
        assertEquals(0, between.spare());
        assertTrue(between.nextMs() < found.opensMs(), between.toString());
        Plan before = demand.plan(found.opensMs() - 100, schedule);
        assertEquals(3, before.held());
        assertTrue(before.nextMs() >= found.closesMs(), before.toString());
    }

    /** Shortly before is the measured start time and a margin, not earlier but for the slack. */
    @Test
    void theStartIsMadeItsOwnTimeAndAMarginBeforeTheWindow() {
        Forecast found = hourly(1);
        long askedMs = demand.plan(nowMs - 30 * MINUTE_MS, schedule).nextMs();
        Plan asked = demand.plan(askedMs, schedule);
        long startMs = asked.held() > 0 ? askedMs : asked.nextMs();
        long neededMs = found.opensMs() - START_COST_MS - ForecastSettings.DEFAULT.marginMs();
        assertEquals(0, demand.plan(startMs - 1, schedule).held());
        assertEquals(1, demand.plan(startMs, schedule).held());
        assertTrue(startMs <= neededMs, "too late");
        assertTrue(startMs >= neededMs - START_COST_MS / 2, "too early");
    }

    @Test
    void afterItsBurstNothingIsHeldAnyMore() {
        hourly(2);
        burst(2);
        assertEquals(2, demand.plan(nowMs + 500, schedule).held());
        Plan after = demand.plan(nowMs + 5_000, schedule);
        assertEquals(0, after.held());
        assertEquals(0, after.spare());
    }

    @Test
    void threeMissesInARowBringTheBaselineBack() {
        hourly(1);
        Plan baseline = new Demand(ForecastSettings.DEFAULT, nowMs).plan(nowMs, schedule);
        nowMs += MINUTE_MS;
        assertEquals(PatternState.SUSPECT, demand.forecasts(nowMs).getFirst().state());
        nowMs += HOUR_MS;
        assertEquals(PatternState.SUSPECT, demand.forecasts(nowMs).getFirst().state());
        assertEquals(0, demand.plan(nowMs, schedule).spare());
        nowMs += HOUR_MS;
        assertEquals(PatternState.REVOKED, demand.forecasts(nowMs).getFirst().state());
        Plan after = demand.plan(nowMs, schedule);
        assertEquals(baseline.held(), after.held());
        assertEquals(baseline.spare(), after.spare());
        assertTrue(after.spareMs() > 0, after.toString());
        assertFalse(demand.isPeriodic());
    }

    @Test
    void aSuspectThatComesAgainIsTrustedAgain() {
        hourly(1);
        nowMs += HOUR_MS;
        burst(1);
        assertEquals(PatternState.PERIODIC, demand.forecasts(nowMs).getFirst().state());
    }

    /** What is left is what bursts need less the predictable part, weighed by its degree. */
    @Test
    void fewerAreSpareTheMorePeriodicItIs() {
        demand.started(START_COST_MS);
        SplittableRandom random = new SplittableRandom(5);
        for (long i = 0; i < 40; i++) {
            nowMs = START_MS + i * 10 * MINUTE_MS + (long) (36_000 * random.nextGaussian());
            burst(20);
        }
        Forecast found = demand.forecasts(nowMs + 100).getFirst();
        assertEquals(PatternState.PERIODIC, found.state());
        int spare = demand.plan(nowMs + 4 * MINUTE_MS, schedule).spare();
        assertEquals(20 - Math.round(20 * found.degree()), spare);
        assertTrue(spare > 0, "degree " + found.degree());
    }

    @Test
    void whatCameUnexpectedlyIsKeptForWhileTheForecastStands() {
        hourly(1);
        nowMs -= 20 * MINUTE_MS;
        burst(4);
        Plan plan = demand.plan(nowMs + MINUTE_MS, schedule);
        assertEquals(4, plan.spare());
        assertTrue(demand.isPeriodic());
    }

    @Test
    void whatReturnsWithinTwiceItsStartIsSimplyKept() {
        demand.started(9_000);
        bursts(12, 10_000, 1);
        assertTrue(demand.isPeriodic());
        for (long ms = 0; ms < 10_000; ms += 500) {
            assertEquals(1, demand.plan(nowMs - 10_000 + ms, schedule).held(), ms + " ms");
        }
    }

    @Test
    void noMoreIsHeldThanAllowed() {
        Forecast found = hourly(200);
        assertEquals(200, found.amount());
        assertEquals(64, demand.plan(found.opensMs(), schedule).held());
    }

    @Test
    void regularPausesWithoutAPeriodGetAKeepAliveFromTheirHistogram() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 30; i++) {
            burst(1);
            nowMs += MINUTE_MS + random.nextLong(2 * MINUTE_MS);
        }
        assertFalse(demand.isPeriodic());
        long keptMs = demand.plan(nowMs, schedule).spareMs();
        assertEquals(3.3 * MINUTE_MS, (double) keptMs, 0.6 * MINUTE_MS);
    }

    @Test
    void longPausesThatAreAlikeAreWaitedFor() {
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 8; i++) {
            nowMs += 8 * MINUTE_MS + random.nextLong(4 * MINUTE_MS);
            burst(1);
        }
        assertFalse(demand.isPeriodic());
        Plan after = demand.plan(nowMs + MINUTE_MS, schedule);
        assertEquals(0, after.spare());
        assertEquals(0, after.held());
        assertTrue(after.nextMs() < nowMs + 8 * MINUTE_MS, after.toString());
        Plan due = demand.plan(after.nextMs(), schedule);
        assertEquals(1, due.held());
        assertTrue(due.nextMs() > nowMs + 12 * MINUTE_MS, due.toString());
        assertEquals(0, demand.plan(due.nextMs(), schedule).held());
    }

    /** A second period may be found at the first call of a burst, before the others of it come. */
    @Test
    void theRestOfABurstMayComeAfterItsPeriodWasFound() {
        var bursts = new TreeSet<Long>();
        for (long i = 0; i < 120; i++) {
            bursts.add(nowMs + i * 30 * MINUTE_MS);
            bursts.add(nowMs + 259 * MINUTE_MS + i * 20 * MINUTE_MS);
        }
        for (long burst : bursts) {
            nowMs = burst;
            burst(1);
            demand.arrived(nowMs + 400, 2);
            demand.ended(nowMs + 450, 0);
        }
        assertEquals(2, demand.forecasts(nowMs).size());
    }

    @Test
    void aClockThatGoesBackwardsStandsStill() {
        hourly(1);
        Plan now = demand.plan(nowMs, schedule);
        assertEquals(now, demand.plan(nowMs - 5 * HOUR_MS, schedule));
        demand.arrived(nowMs - 5 * HOUR_MS, 1);
        assertTrue(demand.isPeriodic());
    }

    @Test
    void aLongSilenceIsPassedOverAtOnce() {
        bursts(20, 20_000, 1);
        assertTrue(demand.isPeriodic());
        nowMs += 300L * 365 * 24 * HOUR_MS;
        burst(1);
        assertFalse(demand.isPeriodic());
        assertEquals(0, demand.plan(nowMs + 100, schedule).held());
    }
}
