package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.exec.task.EventRule;
import io.runnel.exec.task.TaskRef;
import io.runnel.region.server.control.TestClient.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What becomes of a task's events, by the control API. */
final class EventRulesIT {
    private static final String PATH = "/v1/tasks/hello/events";

    @TempDir Path folder;
    private TestRegion region;
    private TestClient demo;

    @BeforeEach
    void start() throws IOException {
        region = new TestRegion(folder, TestRegion.WEST);
        demo = region.client(region.demo);
    }

    @AfterEach
    void stop() {
        region.runtime.release.countDown();
        region.close();
    }

    private EventRule kept() {
        return region.catalog.current().task(TaskRef.of("demo", "hello")).orElseThrow().eventRule();
    }

    @Test
    void anOwnerSaysItAndTakesItBack() {
        assertEquals("task-not-found", demo.get(PATH).code());
        assertEquals("task-not-found", demo.put(PATH, "{}").code());
        demo.deploy("hello", "good one", "");
        assertEquals("{\"retries\":2,\"maxAge\":\"6h\"}", demo.get(PATH).json().toString());
        String said =
                "{\"retries\":0,\"maxAge\":\"90s\",\"onFailure\":\"dead\",\"onSuccess\":\"good\"}";
        Answer set = demo.put(PATH, said);
        assertEquals(200, set.status(), set::toString);
        assertEquals(said, set.json().toString());
        demo.deploy("hello", "good two", "");
        demo.put("/v1/tasks/hello/concurrency", "{\"concurrent\":5}");
        demo.put("/v1/tasks/hello/live", "{\"version\":1}");
        Answer shown = demo.get(PATH);
        assertEquals(said, shown.json().toString(), "whatever is deployed");
        assertEquals(304, demo.get(PATH, "If-None-Match", shown.header("ETag")).status());
        assertEquals(0, kept().retries());
        assertEquals(200, demo.put(PATH, "{\"retries\":1}").status());
        assertEquals("{\"retries\":1,\"maxAge\":\"6h\"}", demo.get(PATH).json().toString());
        assertEquals(412, demo.delete(PATH, "If-Match", shown.header("ETag")).status());
        assertEquals(204, demo.delete(PATH).status());
        assertEquals(EventRule.DEFAULT, kept());
    }

    @Test
    void whatIsNoRuleIsRefused() {
        demo.deploy("hello", "good one", "");
        for (String bad :
                List.of(
                        "{\"retries\":3}",
                        "{\"retries\":-1}",
                        "{\"maxAge\":\"59s\"}",
                        "{\"maxAge\":\"7h\"}",
                        "{\"maxAge\":\"61500ms\"}",
                        "{\"maxAge\":\"999999999999d\"}",
                        "{\"onFailure\":\"De ad\"}",
                        "{\"onFailure\":7}",
                        "{\"onError\":\"dead\"}")) {
            assertEquals("invalid-request", demo.put(PATH, bad).code(), bad);
        }
        assertEquals(EventRule.DEFAULT, kept());
    }
}
