package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.cluster.store.Draft;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.region.server.control.TestClient.Answer;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.Scheduled;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.topology.NetworkView;
import io.runnel.topology.NodeStatus;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** An account goes from one region to the other. */
final class AccountMovesIT {
    private static final AccountId DEMO = new AccountId("demo");
    private static final TaskRef HELLO = TaskRef.of("demo", "hello");
    private static final String LEAVING = "/v1/accounts/demo/leaving";
    private static final String HOME_EAST = "/v1/accounts/demo/homes/us-east";
    private static final String TO_EAST = "{\"to\":\"us-east\"}";
    @TempDir Path folder;
    private TestRegion west;
    private TestRegion east;

    @BeforeEach
    void start() throws IOException {
        west = new TestRegion(folder.resolve("west"), TestRegion.WEST);
        east = new TestRegion(folder.resolve("east"), TestRegion.EAST);
        TestRegion.connect(west, east);
        deployedAtWest("good");
    }

    @AfterEach
    void stop() {
        west.close();
        east.close();
    }

    private TestClient admin(TestRegion at) {
        return new TestClient(at.port, west.admin.text());
    }

    private TestClient demo(TestRegion at) {
        return new TestClient(at.port, west.demo.text());
    }

    /** And the code is in the other region, as its keeper sees to it. */
    private void deployedAtWest(String code) throws IOException {
        Answer made = demo(west).deploy("hello", code, "");
        assertEquals(201, made.status(), made::toString);
        var unused = east.codes.put(code.getBytes(StandardCharsets.ISO_8859_1));
        west.awaitCopied();
    }

    private static AccountRecord account(TestRegion at) {
        return at.catalog.current().account(DEMO).orElseThrow();
    }

    private static int live(TestRegion at) {
        return at.catalog.current().live(HELLO).orElseThrow().task().version();
    }

    private void moved() {
        assertEquals(200, admin(east).put(LEAVING, TO_EAST).status());
        west.awaitCopied();
        Answer moved = admin(west).put(HOME_EAST, "{}");
        assertEquals(200, moved.status(), moved::toString);
        assertEquals("eu-west", moved.json().path("from").asText());
        east.awaitCopied();
    }

    @Test
    void nobodyWritesBetweenTheTwoSteps() {
        assertEquals(200, admin(west).put(LEAVING, TO_EAST).status());
        west.awaitCopied();
        for (TestRegion at : List.of(west, east)) {
            Answer refused = demo(at).put("/v1/tasks/hello/live", "{\"version\":1}");
            assertEquals("account-moving", refused.code(), refused::toString);
            assertTrue(refused.toString().contains("us-east"), refused::toString);
            assertEquals(1, live(at));
        }
    }

    @Test
    void afterwardsTheNewHomeWritesWhoeverIsAsked() {
        moved();
        for (TestRegion at : List.of(west, east)) {
            assertEquals(TestRegion.EAST, account(at).home());
            assertEquals(1, live(at));
        }
        Answer made = demo(west).deploy("hello", "good too", "");
        assertEquals(201, made.status(), made::toString);
        assertEquals("us-east", made.json().at("/position/origin").asText());
        assertEquals(2, made.json().path("version").asInt());
        east.awaitCopied();
        assertEquals(2, live(west));
        assertEquals("already-home", admin(west).put(HOME_EAST, "{}").code());
    }

    /** What was deleted meanwhile does not come back from the first home's old records. */
    @Test
    void backAgainItIsAsItWasLast() throws IOException {
        moved();
        assertEquals(204, demo(east).delete("/v1/tasks/hello").status());
        east.awaitCopied();
        assertEquals(200, admin(east).put(LEAVING, "{\"to\":\"eu-west\"}").status());
        east.awaitCopied();
        Answer back = admin(east).put("/v1/accounts/demo/homes/eu-west", "{}");
        assertEquals(200, back.status(), back::toString);
        west.awaitCopied();
        for (TestRegion at : List.of(west, east)) {
            assertEquals(TestRegion.WEST, account(at).home());
            assertEquals(4, account(at).epoch());
            assertTrue(at.catalog.current().task(HELLO).isEmpty());
        }
        Answer made = demo(west).deploy("hello", "good", "");
        assertEquals(2, made.json().path("version").asInt(), made::toString);
    }

    @Test
    void itsSchedulesGoAlongAndBeginAtTheNextHome() throws IOException {
        Answer made = demo(west).deploy("report", "good", ",\"handler\":\"event\"");
        assertEquals(201, made.status(), made::toString);
        String path = "/v1/schedules/nightly";
        String body = "{\"task\":\"report\",\"cron\":\"@daily\",\"catchUp\":\"1h\"}";
        assertEquals(201, demo(west).put(path, body).status());
        Instant before = scheduledAt(west, TestRegion.WEST).since();
        assertEquals(
                "account-moving",
                whileLeaving(() -> demo(west).put(path, body.replace("1h", "2h")).code()));
        for (TestRegion at : List.of(west, east)) {
            assertEquals("1h", demo(at).get(path).json().path("catchUp").asText());
            assertEquals(0, at.catalog.current().schedulesAt(TestRegion.WEST).count());
            assertFalse(scheduledAt(at, TestRegion.EAST).since().isBefore(before));
        }
        assertEquals(204, demo(west).delete(path).status());
        east.awaitCopied();
        assertEquals(0, west.catalog.current().schedulesAt(TestRegion.EAST).count());
    }

    @Test
    void itsApisGoAlong() {
        String path = "/v1/apis/shop";
        String body = TestDocument.of("GET /x", "hello").body("live");
        assertEquals(201, demo(west).put(path, body).status());
        assertEquals(200, demo(west).put(path, body).status());
        assertEquals(
                "account-moving",
                whileLeaving(() -> demo(west).delete(path, "If-Match", "*").code()));
        for (TestRegion at : List.of(west, east)) {
            Answer shown = demo(at).get(path);
            assertEquals(2, shown.json().at("/stages/live/revision").asInt(), shown::toString);
            assertEquals(
                    "GET /x",
                    shown.json().at("/stages/live/routes/0/key").asText(),
                    shown::toString);
            assertEquals(200, demo(at).get(path + "/document?revision=1").status());
        }
        assertEquals("used-by-api", demo(west).delete("/v1/tasks/hello").code());
        Answer back = demo(west).post(path + "/rollback", "{\"stage\":\"live\"}");
        assertEquals(1, back.json().at("/stages/live/revision").asInt(), back::toString);
        assertEquals(204, demo(west).delete(path, "If-Match", "*").status());
        east.awaitCopied();
        for (TestRegion at : List.of(west, east)) {
            assertEquals("api-not-found", demo(at).get(path).code());
        }
    }

    private static Scheduled scheduledAt(TestRegion at, RegionId home) {
        return at.catalog.current().schedulesAt(home).findFirst().orElseThrow();
    }

    /** What is answered between the two steps, both of which are made. */
    private <T> T whileLeaving(Supplier<T> asked) {
        assertEquals(200, admin(west).put(LEAVING, TO_EAST).status());
        west.awaitCopied();
        T answer = asked.get();
        assertEquals(200, admin(west).put(HOME_EAST, "{}").status());
        east.awaitCopied();
        return answer;
    }

    /** A publication that was begun before is not acknowledged after: nobody would take it over. */
    @Test
    void whatIsUnderWayWhenItLeavesIsNotWritten() throws InterruptedException {
        CompletableFuture<Void> kept = new CompletableFuture<>();
        CountDownLatch waits = new CountDownLatch(1);
        west.kept =
                () -> {
                    waits.countDown();
                    return kept;
                };
        CompletableFuture<Answer> late =
                CompletableFuture.supplyAsync(() -> demo(west).deploy("hello", "good again", ""));
        assertTrue(waits.await(20, TimeUnit.SECONDS));
        assertEquals(200, admin(west).put(LEAVING, TO_EAST).status());
        kept.complete(null);
        Answer refused = late.orTimeout(20, TimeUnit.SECONDS).join();
        assertEquals("conflict", refused.code(), refused::toString);
        assertEquals(1, live(west));
    }

    @Test
    void aLostHomesLateRecordsDoNotCount() throws IOException {
        Answer moved = admin(east).put(HOME_EAST, "{}");
        assertEquals(200, moved.status(), moved::toString);
        west.store
                .append(
                        List.of(Draft.of(new TaskRecord(HELLO, 1, 9, true, Optional.empty()))),
                        List.of())
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
        west.awaitCopied();
        east.awaitCopied();
        for (TestRegion at : List.of(west, east)) {
            assertEquals(TestRegion.EAST, account(at).home());
            assertEquals(1, at.catalog.current().task(HELLO).orElseThrow().newest());
        }
        east.relay.close();
        west.internalPorts.put(TestRegion.EAST, 1);
        Answer fenced = demo(west).put("/v1/tasks/hello/live", "{\"version\":1}");
        assertEquals("home-unreachable", fenced.code(), fenced::toString);
        assertTrue(fenced.toString().contains("us-east"), fenced::toString);
    }

    @Test
    void aHomeThatLivesIsAskedFirst() {
        east.catalog.confirmed(TestRegion.WEST, Duration.ZERO);
        Answer refused = admin(east).put(HOME_EAST, "{}");
        assertEquals("not-released", refused.code(), refused::toString);
        assertEquals(TestRegion.WEST, account(east).home());
        assertEquals(200, admin(east).put(HOME_EAST, "{\"acceptLoss\":true}").status());
    }

    @Test
    void whoKnowsLessThanOthersSaysByHowMuch() {
        long seq = west.catalog.current().positions().position(TestRegion.WEST).orElseThrow().seq();
        String farther = "eu-west/%s:%d".formatted(west.store.log(), seq + 3);
        NodeName ams = new NodeName("ams");
        east.network = new NetworkView(Map.of(ams, status(ams, farther)));
        Answer refused = admin(east).put(HOME_EAST, "{}");
        assertEquals("behind", refused.code(), refused::toString);
        assertTrue(refused.toString().contains("ams up to"), refused::toString);
        assertTrue(refused.toString().contains("3 records"), refused::toString);
        assertEquals(200, admin(east).put(HOME_EAST, "{\"acceptLoss\":true}").status());
    }

    private static NodeStatus status(NodeName node, String positions) {
        return new NodeStatus(
                node,
                NodeStatus.Role.POP,
                Optional.empty(),
                NodeStatus.State.READY,
                4,
                4,
                ByteSize.ofMiB(1),
                ByteSize.ofMiB(1),
                List.of(),
                0,
                0,
                positions,
                List.of(),
                Instant.EPOCH);
    }

    @Test
    void codeThatIsMissingIsSaid() {
        assertEquals(201, demo(west).deploy("hello", "good elsewhere", "").status());
        west.awaitCopied();
        Answer refused = admin(east).put(HOME_EAST, "{}");
        assertEquals("behind", refused.code(), refused::toString);
        assertTrue(refused.toString().contains("1 pieces of code"), refused::toString);
    }

    @Test
    void wrongQuestionsAreRefused() {
        assertEquals(
                "account-not-found",
                admin(east).put("/v1/accounts/nobody/homes/us-east", "{}").code());
        assertEquals(
                "account-not-found",
                admin(east).put("/v1/accounts/nobody/leaving", TO_EAST).code());
        assertEquals(400, admin(east).put("/v1/accounts/demo/homes/mars", "{}").status());
        assertEquals(400, admin(west).put(LEAVING, "{\"to\":\"mars\"}").status());
        assertEquals("already-home", admin(west).put(LEAVING, "{\"to\":\"eu-west\"}").code());
        assertEquals("access-denied", demo(west).put(LEAVING, TO_EAST).code());
        assertEquals("access-denied", demo(east).put(HOME_EAST, "{}").code());
    }

    /** A region that comes back does not know whose home it still is. */
    @Test
    void aWriteWaitsUntilAnotherRegionHasConfirmed() {
        west.isConfirmed = false;
        CompletableFuture<Answer> written =
                CompletableFuture.supplyAsync(() -> demo(west).deploy("hello", "good again", ""));
        assertEquals(200, demo(west).get("/v1/tasks/hello").status());
        assertFalse(written.isDone());
        assertEquals(1, live(west));
        west.isConfirmed = true;
        assertEquals(201, written.orTimeout(20, TimeUnit.SECONDS).join().status());
    }
}
