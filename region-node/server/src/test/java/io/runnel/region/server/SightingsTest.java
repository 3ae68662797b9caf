package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.NodeName;

import org.junit.jupiter.api.Test;

import java.util.Set;

final class SightingsTest {
    private static final NodeName A = new NodeName("a");
    private static final NodeName B = new NodeName("b");
    private static final NodeName C = new NodeName("c");
    private static final long LIFE = Sightings.LIFE.toNanos();

    /** Monotonic clocks may begin anywhere and pass the end of their range. */
    private long nanos = Long.MAX_VALUE - LIFE / 2;

    private final Sightings sightings = new Sightings(A, Set.of(B, C), () -> nanos);

    @Test
    void aNodeIsSeenForSoLongFromItsLastSignOfLife() {
        assertEquals(Set.of(A), sightings.seen());
        sightings.note(B, nanos);
        assertEquals(Set.of(A, B), sightings.seen());
        nanos += LIFE - 1;
        sightings.note(C, nanos);
        assertEquals(Set.of(A, B, C), sightings.seen());
        nanos++;
        assertEquals(Set.of(A, C), sightings.seen());
    }

    @Test
    void aSignCountsFromWhenItWasAskedFor() {
        long asked = nanos;
        nanos += LIFE - 1;
        assertTrue(sightings.note(B, asked));
        assertEquals(Set.of(A, B), sightings.seen());
        nanos++;
        assertEquals(Set.of(A), sightings.seen());
        assertFalse(sightings.note(B, asked), "an answer that comes too late");
        assertEquals(Set.of(A), sightings.seen());
    }

    @Test
    void anEarlierSignTakesNothingBack() {
        long asked = nanos;
        nanos += LIFE / 2;
        sightings.note(B, nanos);
        sightings.note(B, asked);
        nanos += LIFE / 2 + 1;
        assertEquals(Set.of(A, B), sightings.seen());
    }

    @Test
    void itTellsWhoIsSeenAnew() {
        assertTrue(sightings.note(B, nanos));
        assertFalse(sightings.note(B, nanos));
        assertFalse(sightings.note(A, nanos), "itself");
        assertFalse(sightings.note(new NodeName("d"), nanos), "a stranger");
        assertEquals(Set.of(A, B), sightings.seen());
        nanos += LIFE;
        assertTrue(sightings.note(B, nanos));
    }
}
