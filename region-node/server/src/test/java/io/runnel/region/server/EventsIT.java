package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.region.server.WholeRegion.User;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;

/** Calls that nobody waits for, at a whole node. */
final class EventsIT {
    private static final String GRANT = "/v1/tasks/sum/grants/beta/default";

    @TempDir private Path data;
    private WholeRegion region;
    private User demo;
    private User beta;

    @BeforeEach
    void start() throws Exception {
        region = new WholeRegion(data);
        region.start();
        demo = region.account("demo");
        beta = region.account("beta");
        demo.deploy("sum", "checksum");
        demo.ask(201, "PUT", GRANT, "{}");
    }

    @AfterEach
    void stop() {
        region.close();
    }

    private static String accepted(HttpResponse<String> answer) {
        assertEquals(202, answer.statusCode(), answer::body);
        assertEquals("", answer.body());
        return answer.headers().firstValue("X-Amzn-RequestId").orElseThrow();
    }

    private void awaitCharged(User user, String id, String... outcomes) {
        WholeRegion.await(
                () -> user.charged(id).equals(List.of(outcomes)),
                () -> id + " is charged " + user.charged(id) + "; " + demo.log("sum"));
    }

    @Test
    void anEventRunsOnceAndIsChargedToItsCaller() {
        String id = accepted(beta.event("demo:function:sum", "{\"n\":1}"));
        awaitCharged(beta, id, "completed");
        assertEquals(List.of(), demo.charged(id));
    }

    @Test
    void aNodeThatEndsBeforeAnEventRanRunsItWhenItStartsAgain() throws Exception {
        region.stop();
        region.drained(true);
        region.start();
        String id = accepted(beta.event("demo:function:sum", "kept"));
        region.stop();
        region.drained(false);
        region.start();
        awaitCharged(beta, id, "completed");
    }

    @Test
    void whoMayNotAnyMoreWhenItsEventRunsIsDenied() throws Exception {
        region.stop();
        region.drained(true);
        region.start();
        String id = accepted(beta.event("demo:function:sum", "kept"));
        demo.ask(204, "DELETE", GRANT, "");
        region.stop();
        region.drained(false);
        region.start();
        String given = "[runnel] event " + id + " given up: access-denied";
        WholeRegion.await(() -> demo.log("sum").contains(given), () -> demo.log("sum"));
        assertEquals(List.of(), beta.charged(id));
    }

    /** By the kept time of a minute between runs the dispatcher's own test goes. */
    @Test
    void whatItsTaskFailsIsToldToTheTaskThatItsOwnerNames() throws Exception {
        demo.deploy("picky", "webhook-verify");
        demo.deploy("dead", "checksum");
        demo.ask(200, "PUT", "/v1/tasks/picky/events", "{\"retries\":0,\"onFailure\":\"dead\"}");
        String id = accepted(demo.event("picky", "no request"));
        awaitCharged(demo, id, "function-error");
        WholeRegion.await(() -> demo.callsOf("demo/dead") == 1, () -> demo.log("dead"));
        String given = "[runnel] event " + id + " given up: the task failed it too often";
        WholeRegion.await(() -> demo.log("picky").contains(given), () -> demo.log("picky"));
    }

    @Test
    void whatItsTaskFailsWaitsToBeRunAgain() throws Exception {
        demo.deploy("picky", "webhook-verify");
        String id = accepted(demo.event("picky", "no request"));
        awaitCharged(demo, id, "function-error");
        assertTrue(!demo.log("picky").contains("given up"), demo.log("picky"));
    }

    @Test
    void whatMayNotBeCalledIsNotAccepted() {
        assertEquals(404, beta.event("demo:function:none", "").statusCode());
        demo.ask(204, "DELETE", GRANT, "");
        assertEquals(403, beta.event("demo:function:sum", "").statusCode());
        String tooLarge = "x".repeat((1 << 20) + 1);
        HttpResponse<String> refused = demo.event("sum", tooLarge);
        assertEquals(413, refused.statusCode());
        assertEquals(
                "RequestTooLargeException",
                refused.headers().firstValue("X-Amzn-ErrorType").orElseThrow());
        assertTrue(accepted(demo.event("sum", tooLarge.substring(1))).length() == 26);
    }
}
