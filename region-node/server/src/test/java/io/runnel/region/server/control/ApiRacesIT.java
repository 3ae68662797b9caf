package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.cluster.store.Draft;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;
import io.runnel.region.server.control.TestClient.Answer;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.VersionRecord;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An API and what its routes lead to, written at once: whoever writes second knows nothing of the
 * first, as a node that has not been told yet.
 */
final class ApiRacesIT {
    private static final TaskRef HELLO = TaskRef.of("demo", "hello");
    private static final String TASK = "/v1/tasks/hello";
    private static final String STABLE = TASK + "/aliases/stable";
    private static final String DEPLOY = "/v1/apis/shop/deploy";
    private static final String PAY = "/v1/aliases/pay";

    @TempDir Path folder;
    private TestRegion region;
    private TestClient demo;

    @BeforeEach
    void start() throws IOException {
        region = new TestRegion(folder, TestRegion.WEST);
        demo = region.client(region.demo);
        assertEquals(201, demo.deploy("hello", "good one", "").status());
        assertEquals(201, demo.put(STABLE, "{\"version\":1}").status());
        assertEquals(201, demo.put(PAY, "{\"of\":\"hello\"}").status());
    }

    @AfterEach
    void stop() {
        region.runtime.release.countDown();
        region.close();
    }

    private Answer make(String api, String task) {
        return demo.put("/v1/apis/" + api, TestDocument.of("GET /x", task).body());
    }

    /** What it was told before, until it is told all. */
    private void tellNoMore() {
        Catalog before = region.catalog.current();
        region.told = () -> before;
    }

    private void tellAll() {
        region.told = region.catalog::current;
    }

    private boolean isApi(String name) {
        return region.catalog
                .current()
                .apis(new AccountId("demo"))
                .api(new TaskName(name))
                .isPresent();
    }

    /** With this API made, which it is not told of. */
    private void deletesNone(String api, String task, String deleted) {
        Catalog before = region.catalog.current();
        assertEquals(201, make(api, task).status());
        region.told = () -> before;
        Answer late = demo.delete(deleted);
        assertEquals("conflict", late.code(), () -> deleted + late);
        tellAll();
        Answer refused = demo.delete(deleted);
        assertEquals("used-by-api", refused.code(), () -> deleted + refused);
    }

    @Test
    void whatANewApiLeadsToIsNotDeletedByWhoDoesNotKnowOfIt() {
        deletesNone("first", "hello", TASK);
        deletesNone("second", "hello@stable", STABLE);
        deletesNone("third", "pay", PAY);
    }

    /** What a new one would lead to, which it is not told is deleted. */
    private void makesNone(String task, String deleted) {
        Catalog before = region.catalog.current();
        assertEquals(204, demo.delete(deleted).status());
        region.told = () -> before;
        Answer late = make("shop", task);
        assertEquals("conflict", late.code(), () -> task + late);
        tellAll();
        Answer refused = make("shop", task);
        assertTrue(refused.code().endsWith("-not-found"), () -> task + refused);
        assertFalse(isApi("shop"));
    }

    @Test
    void noNewApiLeadsToWhatIsDeletedWithoutItsKnowledge() {
        makesNone("hello@stable", STABLE);
        makesNone("pay", PAY);
        makesNone("hello", TASK);
    }

    /** Others' APIs, and what else is written, are in nobody's way. */
    @Test
    void whatHasNothingToDoWithApisIsWrittenBetween() {
        assertEquals(201, make("shop", "pay").status());
        tellNoMore();
        assertEquals(201, demo.put(TASK + "/grants/*/all", "{}").status());
        assertEquals(204, demo.delete(STABLE).status());
    }

    private List<String> stages() {
        return region.catalog
                .current()
                .apis(new AccountId("demo"))
                .api(new TaskName("shop"))
                .map(api -> api.value().stages().entrySet().stream())
                .orElseGet(Stream::empty)
                .map(stage -> stage.getKey() + "=" + stage.getValue().revision())
                .toList();
    }

    @Test
    void whatStagesGotIsNotLostByWhoDoesNotKnowOfIt() {
        assertEquals(201, make("shop", "hello").status());
        Catalog before = region.catalog.current();
        assertEquals(200, demo.post(DEPLOY, "{\"stage\":\"live\",\"from\":\"dev\"}").status());
        region.told = () -> before;
        assertEquals("conflict", make("shop", "hello").code());
        assertEquals("conflict", demo.post(DEPLOY, "{\"stage\":\"x\",\"revision\":1}").code());
        assertEquals("conflict", demo.delete("/v1/apis/shop/stages/dev").code());
        assertEquals(412, demo.delete("/v1/apis/shop", "If-Match", "*").status());
        assertEquals(List.of("dev=1", "live=1"), stages());
        tellAll();
        assertEquals(200, make("shop", "hello").status());
        assertEquals(List.of("dev=2", "live=1"), stages());
    }

    /** What has changed while the document was read is not what the caller saw. */
    @Test
    void whatTheCallerSawIsComparedAgainWhenItIsWritten() {
        assertEquals(201, make("shop", "hello").status());
        String seen = demo.get("/v1/apis/shop").header("ETag");
        Catalog before = region.catalog.current();
        assertEquals(200, make("shop", "hello@1").status());
        region.blocking =
                work -> {
                    work.run();
                    tellAll();
                };
        region.told = () -> before;
        String body = TestDocument.of("GET /x", "hello").body();
        assertEquals(412, demo.put("/v1/apis/shop", body, "If-Match", seen).status());
        region.told = () -> before;
        String live = "{\"stage\":\"live\",\"revision\":1}";
        assertEquals(412, demo.post(DEPLOY, live, "If-Match", seen).status());
        region.told = () -> before;
        Answer other = demo.post(DEPLOY, "{\"stage\":\"live\",\"from\":\"dev\"}");
        assertEquals("conflict", other.code(), "another document than the one that was read");
        assertEquals(List.of("dev=2"), stages());
    }

    /** It is told too little for some tries, then all. */
    private void tellLate(Catalog before) {
        AtomicInteger reads = new AtomicInteger();
        region.told = () -> reads.getAndIncrement() < 8 ? before : region.catalog.current();
    }

    @Test
    void whoComesSecondTriesAgainAsOftenAsItTakes() {
        assertEquals(201, make("shop", "hello").status());
        Catalog before = region.catalog.current();
        assertEquals(200, demo.post(DEPLOY, "{\"stage\":\"live\",\"from\":\"dev\"}").status());
        tellLate(before);
        assertEquals(200, make("shop", "hello").status());
        assertEquals(List.of("dev=2", "live=1"), stages());
        tellLate(before);
        String body = TestDocument.of("GET /x", "hello").body();
        assertEquals(200, demo.put("/v1/apis/shop", body, "If-Match", "*").status());
        assertEquals(List.of("dev=3", "live=1"), stages());
    }

    /** The task's other version is nothing that the caller's condition is about. */
    @Test
    void aTaskThatIsDeployedMeanwhileFailsNoCondition() {
        assertEquals(201, make("shop", "hello").status());
        String seen = demo.get("/v1/apis/shop").header("ETag");
        Catalog before = region.catalog.current();
        assertEquals(201, demo.deploy("hello", "good two", "").status());
        tellLate(before);
        String body = TestDocument.of("GET /x", "hello").body();
        assertEquals(200, demo.put("/v1/apis/shop", body, "If-Match", seen).status());
        tellLate(before);
        assertEquals(412, demo.put("/v1/apis/shop", body, "If-Match", seen).status());
    }

    /** As many as a task may have, of the same code. */
    private void fillUp() {
        VersionRecord first = region.catalog.current().version(HELLO, 1).orElseThrow();
        List<Draft> more =
                IntStream.rangeClosed(2, Publishing.MOST_VERSIONS)
                        .mapToObj(number -> Draft.of(numbered(first, number)))
                        .toList();
        region.store.append(more, List.of()).orTimeout(30, TimeUnit.SECONDS).join();
    }

    private static VersionRecord numbered(VersionRecord one, int number) {
        Task of = one.task();
        Task task =
                new Task(
                        of.ref(),
                        number,
                        of.runtime(),
                        of.handler(),
                        of.code(),
                        of.limits(),
                        of.environment(),
                        of.options());
        return new VersionRecord(task, one.codeSize(), one.regions(), one.created());
    }

    @Test
    void aVersionThatANewApiNamesIsNotRetiredByWhoDoesNotKnowOfIt() {
        fillUp();
        assertEquals(204, demo.delete(STABLE).status());
        assertEquals(201, demo.deploy("hello", "good two", "").status());
        assertFalse(isThere(2), "the oldest that was not live goes");
        Catalog before = region.catalog.current();
        assertEquals(201, make("shop", "hello@1").status());
        region.told = () -> before;
        Answer late = demo.deploy("hello", "good three", "");
        assertEquals("conflict", late.code(), late::toString);
        tellAll();
        assertEquals(201, demo.deploy("hello", "good three", "").status());
        assertTrue(isThere(1), "a route names it");
        assertFalse(isThere(3), "the next oldest goes");
    }

    private boolean isThere(int version) {
        return region.catalog.current().version(HELLO, version).isPresent();
    }
}
