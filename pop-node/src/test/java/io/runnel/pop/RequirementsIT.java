package io.runnel.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.pop.TestPop.Answer;
import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Path;

/** Where a task runs whose owner, or whose network, asks something of nodes. */
class RequirementsIT {
    private static final int POPULAR = 25;

    @TempDir private Path data;

    @Test
    void whatIsForRegionsRunsThereHoweverPopularItIs() throws Exception {
        try (TestPop pop = new TestPop(data)) {
            pop.awaitRegions(TestRegion.IN_REGIONS);
            for (Answer answer : pop.burst(TestRegion.IN_REGIONS, POPULAR)) {
                assertEquals("policy", answer.placed());
                assertEquals("region/north/north-1", answer.ranAt());
            }
            String told = pop.explain("regions/hello").orElseThrow().encode();
            assertTrue(told.contains("\"requirements\""), told);
            assertTrue(told.contains("\"not-qualified\""), told);
        }
    }

    @Test
    void whatIsForNoNodeRunsNowhere() throws Exception {
        try (TestPop pop = new TestPop(data)) {
            pop.awaitRegions(TestRegion.ANYWHERE);
            HttpResponse<String> answer = pop.call("/fn/nowhere/hello");
            assertEquals(503, answer.statusCode(), answer::body);
            assertEquals("region-unreachable", new JsonObject(answer.body()).getString("code"));
        }
    }

    @Test
    void whatIsForAllComesWhenItIsPopular() throws Exception {
        try (TestPop pop = new TestPop(data)) {
            pop.awaitRegions(TestRegion.ANYWHERE);
            assertEquals("uncommon", pop.burst(TestRegion.ANYWHERE, 1).getFirst().placed());
            pop.burst(TestRegion.ANYWHERE, POPULAR);
            pop.awaitOpen(TestRegion.ANYWHERE);
            Answer popular = pop.burst(TestRegion.ANYWHERE, 1).getFirst();
            assertEquals("popular pop/edge", popular.placed() + " " + popular.ranAt());
        }
    }

    @Test
    void noCallGoesToRegionsThatAreNotWhatTheNetworkAsksFor() throws Exception {
        try (TestPop pop = new TestPop(data, "", "pop")) {
            pop.awaitReach("up");
            pop.awaitReady();
            HttpResponse<String> answer = pop.call("/fn/demo/hello");
            assertEquals(503, answer.statusCode(), answer::body);
            assertEquals("region-unreachable", new JsonObject(answer.body()).getString("code"));
        }
    }

    @Test
    void aPopThatIsNotWhatTheNetworkAsksForGetsNoUsers() throws Exception {
        try (TestPop pop = new TestPop(data, "", "region")) {
            pop.awaitReach("up");
            pop.awaitRegions(TestRegion.IN_REGIONS);
            assertFalse(pop.isReady());
        }
    }
}
