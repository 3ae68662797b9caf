package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.routing.forward.RegionState.Reach;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A region that is back gets few calls at first, and the next one the rest. No time passes. */
class SlowStartIT {
    private static final String PATH = "/fn/demo/a";
    private static final long ROUND_TRIP_NANOS = 1_000_000;

    private final Scene scene = new Scene();
    private final Pop pop = scene.popThatForgetsNothing().patient();
    private final User user = scene.user(pop);

    @AfterEach
    void close() {
        scene.close();
    }

    private void goes(FakeRegion region) {
        for (int i = 0; i < 2; i++) {
            pop.health.missed(region.link(), "it is gone");
        }
        assertEquals(Reach.DOWN, pop.health.state(region.name).reach());
    }

    private void comesBack(FakeRegion region) {
        pop.health.answered(region.link(), Reach.UP, ROUND_TRIP_NANOS);
    }

    private void areAnsweredBy(FakeRegion region, int calls) {
        for (int i = 0; i < calls; i++) {
            assertEquals(region.name.value(), user.get(PATH).body(), "call " + i);
        }
    }

    @Test
    void whatItIsNotGivenGoesToTheNext() {
        areAnsweredBy(scene.west, 2 * SlowStart.AT_ONCE);
        goes(scene.west);
        areAnsweredBy(scene.east, 3);
        comesBack(scene.west);
        areAnsweredBy(scene.west, SlowStart.AT_ONCE);
        areAnsweredBy(scene.east, SlowStart.AT_ONCE);
        assertEquals(0, pop.forwarder.report().retries());
    }

    @Test
    void withoutANextItGetsAll() {
        goes(scene.east);
        goes(scene.west);
        comesBack(scene.west);
        areAnsweredBy(scene.west, 3 * SlowStart.AT_ONCE);
    }
}
