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
        List<LoadPlan.Due> plan = LoadPlan.of(STREAMS, 3 * SECOND, 1);
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
        assertEquals(LoadPlan.of(STREAMS, SECOND, 5), LoadPlan.of(STREAMS, SECOND, 5));
        assertNotEquals(LoadPlan.of(STREAMS, SECOND, 5), LoadPlan.of(STREAMS, SECOND, 6));
    }
}
