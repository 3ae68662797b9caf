package io.runnel.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.pop.TestPop.Answer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** What an owner says of a task's hurry, from the region's feed to where its calls run. */
class LatencyNeedIT {
    /** Popular for who is in a hurry, and far from it for others. */
    private static final int CALLS = 8;

    @TempDir private Path data;

    @Test
    void anUrgentTaskComesToThePopWhenAnotherStaysAway() throws Exception {
        try (TestPop pop = new TestPop(data)) {
            Answer first = pop.burst(TestRegion.URGENT, 1).getFirst();
            assertEquals("uncommon", first.placed());
            pop.burst(TestRegion.URGENT, CALLS);
            pop.awaitOpen(TestRegion.URGENT);
            Answer urgent = pop.burst(TestRegion.URGENT, 1).getFirst();
            assertEquals("popular pop/edge", urgent.placed() + " " + urgent.ranAt());
            for (Answer other : pop.burst(TestRegion.HELLO, CALLS + 2)) {
                assertEquals("uncommon", other.placed());
            }
            assertEquals("urgent", need(pop, "urgent"));
            assertEquals("normal", need(pop, "hello"));
        }
    }

    private static String need(TestPop pop, String task) throws Exception {
        String told = pop.explain("demo/" + task).orElseThrow().encode();
        int at = told.indexOf("latency-need");
        assertTrue(at > 0, told);
        return told.substring(at).split("\"", -1)[4];
    }
}
