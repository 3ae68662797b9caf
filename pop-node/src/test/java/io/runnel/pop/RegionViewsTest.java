package io.runnel.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.routing.forward.RegionState;
import io.runnel.routing.forward.RoundTrip;
import io.runnel.routing.placement.RegionView;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** What placement is told of a region. */
class RegionViewsTest {
    private static RegionView of(RegionState.Reach reach, int load, RegionState.Breaker breaker) {
        return RegionViews.of(
                new RegionState(reach, 0, RoundTrip.guess(Duration.ofMillis(5)), load, 0, breaker));
    }

    @Test
    void itsLoadAndRoundTripAreTold() {
        RegionView view = of(RegionState.Reach.UP, 70, RegionState.Breaker.CLOSED);
        assertEquals(new RegionView(RegionView.Reach.UP, 5_000_000, 70), view);
        assertTrue(of(RegionState.Reach.UP, 100, RegionState.Breaker.CLOSED).isFull());
    }

    @Test
    void oneWhoseCallsFailIsDownUntilTrialsAreLetThrough() {
        assertEquals(
                RegionView.Reach.DOWN,
                of(RegionState.Reach.UP, 0, RegionState.Breaker.OPEN).reach());
        assertEquals(
                RegionView.Reach.UP,
                of(RegionState.Reach.UP, 0, RegionState.Breaker.HALF_OPEN).reach());
        assertEquals(
                RegionView.Reach.DRAINING,
                of(RegionState.Reach.DRAINING, 0, RegionState.Breaker.OPEN).reach());
    }
}
