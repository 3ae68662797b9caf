package io.runnel.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Path;

/** A POP that an operator empties, and lets in again. */
class DrainIT {
    private static final String HELLO = "/fn/" + TestRegion.HELLO;

    @TempDir private Path folder;
    private TestPop pop;

    @BeforeEach
    void open() throws Exception {
        pop = new TestPop(folder);
    }

    @AfterEach
    void close() {
        pop.close();
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    void aDrainedPopForwardsWhatComesAllTheSame() throws Exception {
        HttpResponse<String> here = pop.call(HELLO);
        while (!header(here, "Runnel-Ran-At").equals("pop/edge")) {
            here = pop.call(HELLO);
        }
        JsonObject told = pop.drain("PUT");
        assertEquals("drained", told.getString("state"), told::encode);
        assertEquals(0, told.getInteger("left"));
        assertEquals("up", told.getJsonObject("regions").getString("north"));

        HttpResponse<String> ready = pop.call("/_runnel/ready");
        assertEquals(503, ready.statusCode());
        assertEquals("draining\n", ready.body());
        assertEquals("close", header(ready, "Connection"));
        assertEquals(200, pop.call("/_runnel/health").statusCode());
        HttpResponse<String> there = pop.call(HELLO);
        assertEquals(200, there.statusCode(), there.body());
        assertEquals("draining", header(there, "Runnel-Placed"));

        assertEquals("ready", pop.drain("DELETE").getString("state"));
        assertEquals("ready\n", pop.call("/_runnel/ready").body());
        assertEquals("popular", header(pop.call(HELLO), "Runnel-Placed"));
    }

    @Test
    void aDrainOutlivesTheProcess() throws Exception {
        pop.drain("PUT");
        pop.startAgain();
        assertEquals("drained", pop.drain("GET").getString("state"));
        assertEquals("draining\n", pop.call("/_runnel/ready").body());
        pop.drain("DELETE");
        pop.startAgain();
        assertEquals("ready", pop.drain("GET").getString("state"));
    }

    @Test
    void aProcessThatWasSucceededLeavesTheFolderToTheNext() throws Exception {
        pop.call(HELLO);
        pop.letGo();
        assertEquals(200, pop.call(HELLO).statusCode());
        assertTrue(pop.isFolderFree());
        pop.takeBack();
        assertEquals("ready", pop.drain("GET").getString("state"));
        assertEquals(200, pop.call(HELLO).statusCode());
    }
}
