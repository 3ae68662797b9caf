package io.runnel.chaos.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;

/** When calls are due. */
final class LoadPlanTest {
    private static final long SECOND = 1_000_000_000;
    private static final List<CallStream> STREAMS = List.of(Made.SAFE, Made.NEAR);

    @Test
    void everyIntervalHasOneCallAndAllAreInOrder() {
        List<LoadPlan.Due> plan = LoadPlan.of(STREAMS, stream -> new Span(0, 3 * SECOND), 1);
        assertEquals(2 * 60, plan.size());
        long before = 0;
        for (LoadPlan.Due due : plan) {
            assertTrue(due.dueNs() >= before, due.toString());
            before = due.dueNs();
            assertEquals(due.number(), due.dueNs() / (SECOND / 20), due.toString());
        }
    }

    @Test
    void theSeedDecidesAll() {
        assertEquals(plan(5), plan(5));
        assertNotEquals(plan(5), plan(6));
    }

    @Test
    void aFloodComesOnlyWhileItLasts() {
        CallStream flood = Made.FLOOD.withCapacity(25);
        Span span = new Span(2 * SECOND, 5 * SECOND);
        List<LoadPlan.Due> plan = LoadPlan.of(List.of(flood), stream -> span, 1);
        // Four times 25 a second, for three seconds.
        assertEquals(300, plan.size());
        assertTrue(plan.stream().allMatch(due -> span.has(due.dueNs())), plan.toString());
    }

    private static List<LoadPlan.Due> plan(long seed) {
        return LoadPlan.of(STREAMS, stream -> new Span(0, SECOND), seed);
    }
}
