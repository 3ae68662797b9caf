package io.runnel.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.pop.TestPop.Answer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** Where a task runs that uses a device, from the region's feed to the answer. */
class DevicesIT {
    private static final int POPULAR = 25;

    @TempDir private Path data;

    @Test
    void whereTheDeviceIsMissingItRunsInTheRegionHoweverPopularItIs() throws Exception {
        try (TestPop pop = new TestPop(data)) {
            for (Answer answer : pop.burst(TestRegion.SENSING, POPULAR)) {
                assertEquals("profile", answer.placed());
                assertEquals("region/north/north-1", answer.ranAt());
            }
            String told = pop.explain("demo/sensing").orElseThrow().encode();
            assertTrue(told.contains("profile-devices"), told);
        }
    }

    @Test
    void whereTheDeviceIsItComesWhenItIsPopular() throws Exception {
        try (TestPop pop = new TestPop(data, "sensor: /dev/zero")) {
            assertEquals("uncommon", pop.burst(TestRegion.SENSING, 1).getFirst().placed());
            pop.burst(TestRegion.SENSING, POPULAR);
            pop.awaitOpen(TestRegion.SENSING);
            Answer popular = pop.burst(TestRegion.SENSING, 1).getFirst();
            assertEquals("popular pop/edge", popular.placed() + " " + popular.ranAt());
        }
    }
}
