package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.LatencyNeed;
import io.runnel.exec.task.Reuse;
import io.runnel.exec.task.TaskOptions;
import io.runnel.exec.task.TaskRef;
import io.runnel.region.server.control.TestClient.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

final class TasksIT {
    private static final TaskRef HELLO = TaskRef.of("demo", "hello");

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

    @Test
    void publishesAVersionAndMakesItLive() {
        Answer made =
                demo.deploy(
                        "hello",
                        "good one",
                        ",\"memory\":\"32MiB\",\"timeout\":\"500ms\",\"env\":{\"A\":\"b\"},"
                                + "\"public\":true,\"regions\":[\"us-east\"],\"maxStale\":\"1h\"");

        assertEquals(201, made.status(), made::toString);
        assertEquals(1, made.json().path("version").asInt());
        assertEquals(8, made.json().path("sizeBytes").asInt());
        assertTrue(made.json().at("/inspection/milliseconds").asDouble() >= 0);
        assertEquals("a note", made.json().at("/inspection/notes/0").asText());
        assertEquals("/v1/tasks/hello/versions/1", made.header("Location"));
        Answer shown = demo.get("/v1/tasks/hello");
        assertEquals(made.header("ETag"), shown.header("ETag"));
        assertEquals("32MiB", shown.json().path("memory").asText());
        assertEquals("500ms", shown.json().path("timeout").asText());
        assertEquals("1h", shown.json().path("maxStale").asText());
        assertTrue(shown.json().path("public").asBoolean());
        assertEquals("b", demo.get("/v1/tasks/hello/versions/1").json().at("/env/A").asText());
        Answer listed = demo.get("/v1/tasks");
        assertEquals("/fn/demo/hello", listed.json().at("/tasks/0/path").asText());
        Answer rollout = demo.get("/v1/tasks/hello/versions/1/rollout");
        assertEquals("pop/ams", rollout.json().at("/places/0/place").asText());
        assertFalse(rollout.json().path("done").asBoolean(true));
        assertEquals(region.store.log(), region.rollout.published.getFirst().last().log());
    }

    @Test
    void whatItsOwnerChoseIsShownAndGoesOutToTheNodes() {
        demo.deploy(
                "hello",
                "good one",
                ",\"reuse\":\"kept\",\"coarseClock\":true,"
                    + "\"outbound\":[\"API.example.com\",\"*.example.org:8443\"],\"latency\":\"relaxed\","
                    + "\"devices\":[\"sensor\",\"camera\",\"sensor\"],"
                    + "\"callers\":{\"account\":[\"shop\",\"till\"]}");
        for (String path : List.of("/v1/tasks/hello", "/v1/tasks/hello/versions/1")) {
            Answer shown = demo.get(path);
            assertEquals("kept", shown.json().path("reuse").asText(), path);
            assertTrue(shown.json().path("coarseClock").asBoolean(), path);
            assertEquals("relaxed", shown.json().path("latency").asText(), path);
            assertEquals("[\"sensor\",\"camera\"]", shown.json().path("devices").toString());
            String callers = shown.json().path("callers").toString();
            assertEquals("{\"account\":[\"shop\",\"till\"]}", callers, path);
            assertEquals("api.example.com", shown.json().at("/outbound/0").asText(), path);
            assertEquals("*.example.org:8443", shown.json().at("/outbound/1").asText(), path);
        }
        TaskOptions options = region.catalog.current().live(HELLO).orElseThrow().task().options();
        assertEquals(Reuse.KEPT, options.reuse());
        assertEquals(2, options.outbound().size());
        assertEquals(LatencyNeed.RELAXED, options.latency());
        assertEquals(2, options.devices().size());
        demo.deploy("hello", "good one", "");
        Answer plain = demo.get("/v1/tasks/hello");
        assertEquals("fresh", plain.json().path("reuse").asText(), "of each version anew");
        assertFalse(plain.json().path("coarseClock").asBoolean(true));
        assertEquals(0, plain.json().path("outbound").size());
        assertEquals("normal", plain.json().path("latency").asText());
        assertEquals(0, plain.json().path("devices").size());
        assertEquals("{}", plain.json().path("callers").toString());
    }

    @Test
    void aTaskThatCouldRunNowhereForItsDevicesIsRefused() {
        Answer unknown = demo.deploy("hello", "good one", ",\"devices\":[\"sensor\",\"gps\"]");
        assertEquals(400, unknown.status(), unknown::toString);
        assertTrue(
                unknown.toString().contains("there is no region that has sensor and gps"),
                unknown::toString);
        String bound = ",\"devices\":[\"sensor\"],\"regions\":[\"eu-west\"]";
        Answer elsewhere = demo.deploy("hello", "good one", bound);
        assertTrue(
                elsewhere.toString().contains("no region among the task's that has sensor"),
                elsewhere::toString);
        Answer linux =
                demo.deploy("hello", "good one", ",\"devices\":[\"sensor\"],\"runtime\":\"linux\"");
        assertTrue(
                linux.toString().contains("are for tasks of runtime wasm: it is linux"),
                linux::toString);
        assertEquals(404, demo.get("/v1/tasks/hello").status());
        Answer fits = demo.deploy("hello", "good one", bound.replace("eu-west", "us-east"));
        assertEquals(201, fits.status(), fits::toString);
    }

    @Test
    void callsOfATaskAreLimitedUntilItsOwnerSaysOtherwise() {
        assertEquals("task-not-found", demo.put("/v1/tasks/hello/concurrency", "{}").code());
        Answer made = demo.deploy("hello", "good one", "");
        String path = "/v1/tasks/hello/concurrency";
        Answer limited = demo.put(path, "{\"concurrent\":0}", "If-Match", made.header("ETag"));
        assertEquals(200, limited.status(), limited::toString);
        assertEquals(0, limited.json().path("concurrent").asInt(7));
        assertEquals(412, demo.put(path, "{}", "If-Match", made.header("ETag")).status());
        assertEquals(200, demo.put(path, "{\"concurrent\":5}").status());
        assertEquals(201, demo.deploy("hello", "good two", "").status());
        assertEquals(200, demo.put("/v1/tasks/hello/live", "{\"version\":1}").status());
        Answer shown = demo.get("/v1/tasks/hello");
        assertEquals(5, shown.json().path("concurrent").asInt(), "whatever is deployed");
        assertEquals(1, shown.json().path("live").asInt());
        for (String bad : List.of("-1", "1000001", "1.5", "\"5\"")) {
            assertEquals(
                    "invalid-request", demo.put(path, "{\"concurrent\":%s}".formatted(bad)).code());
        }
        assertEquals("invalid-request", demo.put(path, "{\"calls\":5}").code());
        assertEquals(200, demo.put(path, "{}").status());
        assertFalse(demo.get("/v1/tasks/hello").json().has("concurrent"));
    }

    @Test
    void allCodeOfAnAccountIsWithinItsQuota() {
        TestClient admin = region.client(region.admin);
        String quota = "/v1/accounts/demo/quota";
        assertEquals(200, admin.put(quota, "{\"codeMiB\":1}").status());
        String most = "good " + "x".repeat((1 << 20) - 5);
        assertEquals(201, demo.deploy("hello", most, "").status());
        assertEquals(201, demo.deploy("other", most, "").status(), "the same code counts once");
        Answer refused = demo.deploy("hello", "good", "");
        assertEquals("limit-reached", refused.code(), refused::toString);
        assertTrue(refused.toString().contains("may have 1 MiB of code"), refused::toString);
        assertEquals(1, demo.get("/v1/tasks/hello").json().path("newest").asInt());
        assertEquals(200, admin.put(quota, "{\"codeMiB\":2}").status());
        assertEquals(201, demo.deploy("hello", "good", "").status());
        assertEquals(200, admin.put(quota, "{\"codeMiB\":1}").status());
        assertEquals(201, demo.deploy("hello", most, "").status(), "what is there may go on");
    }

    @Test
    void aNodeThatIsCutOffFromMostDoesNotWriteAndGoesOnShowing() {
        demo.deploy("hello", "good one", "");
        region.mayWrite = false;
        Answer refused = demo.deploy("hello", "good two", "");
        assertEquals("503 minority", refused.status() + " " + refused.code());
        assertEquals(1, demo.get("/v1/tasks/hello").json().path("live").asInt());
        region.mayWrite = true;
        assertEquals(201, demo.deploy("hello", "good two", "").status());
    }

    @Test
    void whatNoOtherNodeKeepsIsNotPublished() {
        region.kept = () -> CompletableFuture.failedFuture(new IllegalStateException("away"));
        Answer refused = demo.deploy("hello", "good one", "");
        assertEquals("503 no-second-copy", refused.status() + " " + refused.code());
        assertEquals(404, demo.get("/v1/tasks/hello").status());
    }

    @Test
    void whatIsNotSaidStaysAsItWas() {
        demo.deploy("hello", "good one", ",\"public\":true,\"maxStale\":\"90s\"");
        demo.deploy("hello", "good two", "");
        Answer shown = demo.get("/v1/tasks/hello");
        assertEquals(2, shown.json().path("live").asInt());
        assertTrue(shown.json().path("public").asBoolean());
        assertEquals("90s", shown.json().path("maxStale").asText());
        demo.deploy("hello", "good two", ",\"public\":false");
        assertFalse(demo.get("/v1/tasks/hello").json().path("public").asBoolean(true));
    }

    @Test
    void goesBackToAnEarlierVersionInOneCall() {
        demo.deploy("hello", "good one", "");
        String tag = demo.deploy("hello", "good two", "").header("ETag");
        assertEquals(
                "precondition-failed",
                demo.put("/v1/tasks/hello/live", "{\"version\":1}", "If-Match", "\"X.1\"").code());
        Answer back = demo.put("/v1/tasks/hello/live", "{\"version\":1}", "If-Match", tag);
        assertEquals(200, back.status(), back::toString);
        assertEquals(1, region.catalog.current().task(HELLO).orElseThrow().live());
        assertEquals(
                412, demo.put("/v1/tasks/hello/live", "{\"version\":2}", "If-Match", tag).status());
        assertEquals(List.of(1, 2, 1), versions());
        assertEquals(
                "version-not-found", demo.put("/v1/tasks/hello/live", "{\"version\":9}").code());
        assertEquals(3, demo.deploy("hello", "good 3", "").json().path("version").asInt());
    }

    private List<Integer> versions() {
        return region.rollout.published.stream().map(Rollout.Publication::version).toList();
    }

    @Test
    void aDeletedTaskIsGoneAndItsNumbersStayGiven() {
        demo.deploy("hello", "good one", "");
        String tag = demo.deploy("hello", "good two", "").header("ETag");
        assertEquals(412, demo.delete("/v1/tasks/hello", "If-Match", "\"no\"").status());
        assertEquals(204, demo.delete("/v1/tasks/hello", "If-Match", tag).status());
        assertEquals("task-not-found", demo.get("/v1/tasks/hello").code());
        assertEquals("task-not-found", demo.get("/v1/tasks/hello/versions").code());
        assertEquals(404, demo.delete("/v1/tasks/hello").status());
        assertEquals(0, region.catalog.current().allVersions().count());
        assertEquals(3, demo.deploy("hello", "good one", "").json().path("version").asInt());
    }

    @Test
    void codeThatIsNotTakenPublishesNothing() {
        Answer broken = demo.deploy("hello", "broken", "");
        assertEquals(422, broken.status());
        assertEquals("code-malformed", broken.code());
        assertTrue(
                broken.json().path("detail").asText().contains("inspected in"), broken::toString);
        Answer unknown = demo.deploy("hello", "import env.evil", "");
        assertEquals("unknown-import", unknown.code());
        assertTrue(unknown.json().path("detail").asText().contains("env.evil"));
        assertEquals(
                "unsupported-runtime", demo.deploy("hello", "good", ",\"runtime\":\"js\"").code());
        assertEquals(404, demo.get("/v1/tasks/hello").status());
        assertEquals(List.of(), region.rollout.published);
    }

    @Test
    void whoOnlyKnowsADigestCannotUseTheCode() {
        byte[] code = "good secret".getBytes(StandardCharsets.ISO_8859_1);
        region.client(region.admin).putBlob(code);
        String path = "/v1/blobs/" + CodeDigest.of(code);
        String wanted = "{\"digest\":\"" + CodeDigest.of(code) + "\"}";
        assertEquals(404, demo.ask("HEAD", path, "").status());
        assertEquals("blob-not-found", demo.post("/v1/tasks/x/versions", wanted).code());
        assertEquals(200, demo.putBlob(code).status(), "known, but brought all the same");
        assertEquals(200, demo.ask("HEAD", path, "").status());
        assertEquals(201, demo.post("/v1/tasks/x/versions", wanted).status());
    }

    @Test
    void refusesBytesThatAreNotThoseOfTheDigest() throws IOException {
        byte[] code = "good".getBytes(StandardCharsets.ISO_8859_1);
        Answer wrong = demo.putBlob(code, "0".repeat(64));
        assertEquals("digest-mismatch", wrong.code(), wrong::toString);
        assertEquals("invalid-request", demo.putBlob(code, "XYZ").code());
        Answer large = demo.putBlob(new byte[(32 << 20) + 1]);
        assertEquals(413, large.status(), large::toString);
        assertEquals(List.of(), region.codes.list());
        assertEquals(201, demo.putBlob(new byte[3 << 20]).status());
        try (Stream<Path> left = Files.list(folder.resolve("uploads"))) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void theSameDeployIsDoneOnceAndOneUnderWayIsSaid() throws InterruptedException {
        byte[] code = "good".getBytes(StandardCharsets.ISO_8859_1);
        demo.putBlob(code);
        String wanted = "{\"digest\":\"" + CodeDigest.of(code) + "\"}";
        region.runtime.inspecting = new CountDownLatch(1);
        region.runtime.release = new CountDownLatch(1);
        CompletableFuture<Answer> first = CompletableFuture.supplyAsync(() -> keyed(wanted));
        assertTrue(region.runtime.inspecting.await(30, TimeUnit.SECONDS));

        assertEquals("request-in-progress", keyed(wanted).code());
        assertEquals(200, demo.get("/v1/tasks").status(), "others are served meanwhile");
        region.runtime.release.countDown();

        Answer made = first.orTimeout(30, TimeUnit.SECONDS).join();
        assertEquals(201, made.status(), made::toString);
        assertEquals(made.json(), keyed(wanted).json());
        assertEquals(1, region.catalog.current().versions(HELLO).size());
        assertEquals(1, region.rollout.published.size());
    }

    private Answer keyed(String wanted) {
        return demo.post("/v1/tasks/hello/versions", wanted, "Idempotency-Key", "deploy-1");
    }

    @Test
    void deploysAtTheSameTimeAllGetVersionsOfTheirOwn() {
        demo.deploy("hello", "good", "");
        List<CompletableFuture<Answer>> deploys =
                IntStream.range(0, 6)
                        .mapToObj(
                                i ->
                                        CompletableFuture.supplyAsync(
                                                () -> demo.deploy("hello", "good", "")))
                        .toList();
        List<Integer> given =
                deploys.stream()
                        .map(d -> d.orTimeout(30, TimeUnit.SECONDS).join())
                        .map(answer -> answer.json().path("version").asInt())
                        .sorted()
                        .toList();
        assertEquals(List.of(2, 3, 4, 5, 6, 7), given);
    }

    @Test
    void createsOnlyIfAskedTo() {
        demo.deploy("hello", "good", "");
        String wanted =
                "{\"digest\":\""
                        + CodeDigest.of("good".getBytes(StandardCharsets.ISO_8859_1))
                        + "\"}";
        assertEquals(
                412, demo.post("/v1/tasks/hello/versions", wanted, "If-None-Match", "*").status());
        assertEquals(
                201, demo.post("/v1/tasks/new/versions", wanted, "If-None-Match", "*").status());
        assertEquals(412, demo.post("/v1/tasks/third/versions", wanted, "If-Match", "*").status());
    }
}
