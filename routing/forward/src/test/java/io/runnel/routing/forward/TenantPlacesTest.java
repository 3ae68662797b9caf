package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.AccountId;

import org.junit.jupiter.api.Test;

class TenantPlacesTest {
    private static final int PLACES = 80;
    private static final AccountId LOUD = new AccountId("loud");
    private static final AccountId QUIET = new AccountId("quiet");

    private final TenantPlaces places = new TenantPlaces(PLACES);
    private long now;

    private int takeAll(AccountId tenant) {
        int taken = 0;
        while (places.tryTake(places.of(tenant, now), now)) {
            taken++;
        }
        return taken;
    }

    @Test
    void whoIsAloneMayHoldAll() {
        assertEquals(PLACES, takeAll(LOUD));
        assertEquals(PLACES, places.held());
    }

    @Test
    void anEighthIsKeptForOthersWhileTheyAreThere() {
        TenantPlaces.Held quiet = places.of(QUIET, now);
        assertTrue(places.tryTake(quiet, now));
        places.release(quiet);
        assertEquals(PLACES - PLACES / 8, takeAll(LOUD));
        assertEquals(PLACES / 8, takeAll(QUIET));
    }

    @Test
    void withOthersNobodyGetsBeyondItsShareWhenThereIsLittleLeft() {
        places.of(QUIET, now);
        int loud = takeAll(LOUD);
        TenantPlaces.Held its = places.of(LOUD, now);
        assertFalse(places.tryTake(its, now));
        // Places of the loud one that become free go to the quiet one, up to its share.
        for (int quiet = takeAll(QUIET); quiet < PLACES / 2; quiet++) {
            places.release(its);
            loud--;
            assertFalse(places.tryTake(its, now), "at " + loud);
            assertTrue(places.tryTake(places.of(QUIET, now), now), "at " + quiet);
        }
        assertEquals(PLACES / 2, loud);
        places.release(its);
        assertFalse(places.tryTake(places.of(QUIET, now), now), "beyond its share too");
        assertTrue(places.tryTake(its, now));
    }

    @Test
    void afterASecondWithoutOthersAllMayBeHeldAgain() {
        places.of(QUIET, now);
        assertEquals(PLACES - PLACES / 8, takeAll(LOUD));
        now += TenantPlaces.ACTIVE_NANOS;
        assertEquals(PLACES / 8, takeAll(LOUD));
    }

    @Test
    void strangersByTheThousandAreForgottenAndWhoHoldsAPlaceIsNot() {
        TenantPlaces.Held quiet = places.of(QUIET, now);
        assertTrue(places.tryTake(quiet, now));
        for (int i = 0; i < 10_000; i++) {
            places.of(new AccountId("a" + i), now);
        }
        assertTrue(places.remembered() <= 1_024, () -> places.remembered() + " remembered");
        assertEquals(quiet, places.of(QUIET, now));
    }
}
