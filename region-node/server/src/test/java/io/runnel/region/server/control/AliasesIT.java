package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.cluster.store.Draft;
import io.runnel.exec.task.TaskRef;
import io.runnel.region.server.control.TestClient.Answer;
import io.runnel.routing.catalog.Catalog;
import io.runnel.topology.CanaryCount;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

final class AliasesIT {
    private static final String ALIASES = "/v1/tasks/hello/aliases";
    private static final String STABLE = ALIASES + "/stable";
    private static final String LIVE = ALIASES + "/live";
    private static final TaskRef HELLO = TaskRef.of("demo", "hello");

    @TempDir Path folder;
    private TestRegion region;
    private TestClient demo;

    @BeforeEach
    void start() throws IOException {
        region = new TestRegion(folder, TestRegion.WEST);
        demo = region.client(region.demo);
        assertEquals(201, demo.deploy("hello", "good one", "").status());
        assertEquals(201, demo.deploy("hello", "good two", "").status());
    }

    @AfterEach
    void stop() {
        region.runtime.release.countDown();
        region.close();
    }

    @Test
    void anAliasIsMadeChangedAndDeleted() {
        Answer made = demo.put(STABLE, "{\"version\":1}");
        assertEquals(201, made.status(), made::toString);
        assertEquals("/fn/demo/hello@stable", made.json().path("path").asText());
        Answer shown = demo.get(STABLE);
        assertEquals(made.header("ETag"), shown.header("ETag"));
        assertEquals(1, shown.json().path("version").asInt());
        Answer changed =
                demo.put(
                        STABLE,
                        "{\"version\":2,\"canary\":{\"version\":1,\"permille\":50,\"stickyBy\":\"X-User\"}}",
                        "If-Match",
                        made.header("ETag"));
        assertEquals(200, changed.status(), changed::toString);
        assertEquals(
                412, demo.put(STABLE, "{\"version\":1}", "If-Match", made.header("ETag")).status());
        Answer listed = demo.get(ALIASES);
        assertEquals(1, listed.json().path("aliases").size());
        assertEquals("X-User", listed.json().at("/aliases/0/canary/stickyBy").asText());
        assertEquals(204, demo.delete(STABLE).status());
        assertEquals("alias-not-found", demo.get(STABLE).code());
        assertEquals("alias-not-found", demo.delete(STABLE).code());
    }

    @Test
    void badOnesAreRefusedByName() {
        String[][] wrong = {
            {STABLE, "{}", "invalid-request"},
            {STABLE, "{\"version\":0}", "invalid-request"},
            {STABLE, "{\"version\":3}", "version-not-found"},
            {STABLE, "{\"version\":1,\"other\":1}", "invalid-request"},
            {STABLE, canary("\"version\":1,\"permille\":50"), "invalid-request"},
            {STABLE, canary("\"version\":3,\"permille\":50"), "version-not-found"},
            {STABLE, canary("\"version\":2,\"permille\":0"), "invalid-request"},
            {STABLE, canary("\"version\":2,\"permille\":1000"), "invalid-request"},
            {STABLE, canary("\"version\":2"), "invalid-request"},
            {STABLE, "{\"version\":1,\"canary\":7}", "invalid-request"},
            {
                STABLE,
                canary("\"version\":2,\"permille\":5,\"stickyBy\":\"a b\""),
                "invalid-request"
            },
            {LIVE, "{\"version\":1}", "invalid-request"},
            {ALIASES + "/7", "{\"version\":1}", "invalid-request"},
            {ALIASES + "/-a", "{\"version\":1}", "invalid-request"},
            {"/v1/tasks/other/aliases/x", "{\"version\":1}", "task-not-found"},
        };
        for (String[] one : wrong) {
            Answer answer = demo.put(one[0], one[1]);
            assertEquals(one[2], answer.code(), () -> one[0] + " " + one[1] + " " + answer);
        }
        assertEquals(0, demo.get(ALIASES).json().path("aliases").size());
    }

    private static String canary(String fields) {
        return "{\"version\":1,\"canary\":{" + fields + "}}";
    }

    @Test
    void aVersionIsTriedBeforeItIsLive() {
        Answer made = demo.deploy("hello", "good three", ",\"canary\":{\"permille\":50}");
        assertEquals(201, made.status(), made::toString);
        assertFalse(made.json().path("live").asBoolean(true));
        assertEquals(2, demo.get("/v1/tasks/hello").json().path("live").asInt());
        Answer live = demo.get(LIVE);
        assertEquals(2, live.json().path("version").asInt());
        assertEquals(3, live.json().at("/canary/version").asInt());
        assertEquals(3, region.rollout.published.getLast().version(), "that is what is waited for");
        // The next one is compared with the same.
        demo.deploy("hello", "good four", ",\"canary\":{\"permille\":70}");
        assertEquals(4, demo.get(LIVE).json().at("/canary/version").asInt());
        assertEquals(200, demo.put("/v1/tasks/hello/live", "{\"version\":4}").status());
        assertEquals("alias-not-found", demo.get(LIVE).code(), "nothing is tried any more");
        assertEquals(200, demo.put("/v1/tasks/hello/live", "{\"version\":2}").status());
        assertEquals("alias-not-found", demo.get(LIVE).code());
        demo.put(LIVE, "{\"canary\":{\"version\":4,\"permille\":1}}");
        assertEquals(201, demo.deploy("hello", "good five", "").status());
        assertEquals("alias-not-found", demo.get(LIVE).code());
        Answer first = demo.deploy("new", "good one", ",\"canary\":{\"permille\":50}");
        assertEquals("invalid-request", first.code());
        assertTrue(first.toString().contains("compared"), first::toString);
    }

    @Test
    void whatNodesCountedIsToldOfTheAliasAsItIs() {
        demo.put(LIVE, "{\"canary\":{\"version\":1,\"permille\":100}}");
        long seq = region.catalog.current().alias(HELLO, "live").orElseThrow().seq();
        region.network =
                CountingPops.of(
                        new CanaryCount(HELLO, "live", seq, 40, 0, 3, 2),
                        new CanaryCount(HELLO, "live", seq, 30, 1, 4, 3),
                        new CanaryCount(HELLO, "live", seq - 1, 500, 0, 500, 0));
        Answer shown = demo.get(LIVE);
        assertEquals(70, shown.json().at("/canary/othersCalls").asLong());
        assertEquals(1, shown.json().at("/canary/othersFailed").asLong());
        assertEquals(7, shown.json().at("/canary/calls").asLong());
        assertEquals(5, shown.json().at("/canary/failed").asLong());
        assertTrue(shown.json().at("/canary/evidence").asDouble() > 1000);
    }

    /** The oldest goes with each new one past the limit, but none that a call may get. */
    @Test
    void whatIsLiveOrNamedIsNotRetired() {
        for (String code : List.of("good three", "good four", "good five")) {
            demo.deploy("hello", code, "");
        }
        demo.put("/v1/tasks/hello/live", "{\"version\":1}");
        demo.put(STABLE, "{\"version\":2,\"canary\":{\"version\":3,\"permille\":1}}");
        Catalog now = region.catalog.current();
        assertEquals(
                Optional.of("demo/hello@4"),
                Publishing.retired(now, now.task(HELLO), 5).map(Draft::key));
        assertEquals(Optional.empty(), Publishing.retired(now, now.task(HELLO), 6));
        assertEquals(Optional.empty(), Publishing.retired(now, Optional.empty(), 0));
    }

    @Test
    void aGrantMayBeOfAnAlias() {
        String grant = "/v1/tasks/hello/grants/*/a";
        assertEquals("alias-not-found", demo.put(grant, "{\"alias\":\"stable\"}").code());
        assertEquals(201, demo.put(STABLE, "{\"version\":1}").status());
        Answer made = demo.put(grant, "{\"alias\":\"stable\"}");
        assertEquals(201, made.status(), made::toString);
        assertEquals("/fn/demo/hello@stable", made.json().path("path").asText());
        assertEquals("stable", made.json().path("alias").asText());
        Answer both = demo.put(grant, "{\"alias\":\"stable\",\"version\":1}");
        assertEquals("invalid-request", both.code());
        assertEquals("invalid-request", demo.put(grant, "{\"alias\":\"7\"}").code());
    }

    @Test
    void aDeletedTaskLeavesNoAlias() {
        demo.put(STABLE, "{\"version\":1}");
        assertEquals(204, demo.delete("/v1/tasks/hello").status());
        assertEquals("task-not-found", demo.get(ALIASES).code());
        demo.deploy("hello", "good one", "");
        assertEquals(0, demo.get(ALIASES).json().path("aliases").size());
    }
}
