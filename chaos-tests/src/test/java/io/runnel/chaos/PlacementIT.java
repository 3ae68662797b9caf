package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eu.rekawek.toxiproxy.model.ToxicDirection;

import io.runnel.chaos.suite.WaitingGuest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Where calls run, shown by a network of real processes: at the POP or in which region, and what
 * speaks for that. Each test has tasks of its own, and leaves the network whole.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PlacementIT {
    private static final String AT_AMS = "pop/ams";
    private static final String AT_FAR = "region/far/far-1";
    private static final String AT_NEAR = "region/near/near-1";

    /** Longer than POPs allow: a region runs it, however popular it is. */
    private static final String FOR_REGIONS = ",\"timeout\":\"60s\"";

    private LedNetwork led;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        led = LedNetwork.start(folder);
    }

    @AfterEach
    void mend() throws IOException {
        led.mend();
    }

    @AfterAll
    void stop() {
        led.close();
    }

    private static byte[] sample(String name) {
        String file = "exec-runtime/samples/%s/%s.wasm".formatted(name, name);
        try {
            return Files.readAllBytes(RealNetwork.TOP.resolve(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] waits(long millis) {
        return WaitingGuest.module(Duration.ofMillis(millis));
    }

    private static String placed(HttpResponse<String> answer) {
        return answer.headers().firstValue("Runnel-Placed").orElse("");
    }

    private static String version(HttpResponse<String> answer) {
        return answer.headers().firstValue("Runnel-Task-Version").orElse("");
    }

    private void await(String what, java.util.function.BooleanSupplier isSo) {
        led.network.await(what, isSo);
    }

    private void awaitVersion(String task, int version) {
        String wanted = Integer.toString(version);
        await(task + " is version " + wanted, () -> version(led.call(task)).equals(wanted));
    }

    private List<CompletableFuture<HttpResponse<String>>> start(String task, int calls) {
        return Stream.generate(() -> led.send(HttpRequest.newBuilder(), "/fn/demo/" + task))
                .limit(calls)
                .toList();
    }

    /** J1. */
    @Test
    void whatIsHotRunsAtThePopAndWhatFindsNoSlotThereInARegion() {
        led.network.makePopular(led.ams(), "hello", AT_AMS);
        double before = led.callsAt("far-1") + led.callsAt("near-1");
        String said = led.call("hello").body();
        for (int i = 0; i < 50; i++) {
            HttpResponse<String> hot = led.call("hello");
            assertEquals("popular " + AT_AMS, placed(hot) + " " + RealNetwork.ranAt(hot));
        }
        assertEquals(before, led.callsAt("far-1") + led.callsAt("near-1"), "regions ran it too");

        led.publish("long", waits(1), "");
        await("it is known", () -> led.call("long").statusCode() == 200);
        led.network.makePopular(led.ams(), "long", AT_AMS);
        led.publish("long", waits(3_000), "");
        awaitVersion("long", 2);
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        await(
                "the POP's slots are taken",
                () -> {
                    all.addAll(start("long", 1));
                    return placed(led.call("hello")).equals("capacity");
                });
        HttpResponse<String> full = led.call("hello");
        assertEquals(200, full.statusCode());
        assertTrue(RealNetwork.ranAt(full).startsWith("region/"), RealNetwork.ranAt(full));
        assertEquals(said, full.body());
        all.forEach(each -> assertEquals(200, each.join().statusCode()));
    }

    /** J2. */
    @Test
    void whatIsRareDoesNotPushOutWhatIsHotAtAFullPop() {
        led.publish("hot", waits(5), "");
        await("it is known", () -> led.call("hot").statusCode() == 200);
        led.network.makePopular(led.ams(), "hot", AT_AMS);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger here = new AtomicInteger();
        AtomicInteger all = new AtomicInteger();
        List<Thread> callers =
                Stream.generate(() -> Thread.ofVirtual().start(() -> callHot(over, here, all)))
                        .limit(6)
                        .toList();
        double alone = share(here, all);
        List<String> rare = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            for (String task : List.of("geo", "markdown", "site", "fetch")) {
                rare.add(RealNetwork.ranAt(led.call(task)));
            }
        }
        double beside = share(here, all);
        over.set(true);
        callers.forEach(PlacementIT::join);
        assertEquals(List.of(), rare.stream().filter(AT_AMS::equals).toList(), "rare, at the POP");
        assertTrue(alone > 0.2, "hot, at the POP: " + alone);
        assertTrue(beside > alone * 0.7, "hot, at the POP: %s, then %s".formatted(alone, beside));
    }

    private void callHot(AtomicBoolean over, AtomicInteger here, AtomicInteger all) {
        while (!over.get()) {
            here.addAndGet(RealNetwork.ranAt(led.call("hot")).equals(AT_AMS) ? 1 : 0);
            all.incrementAndGet();
        }
    }

    /** Of the next calls. */
    private double share(AtomicInteger here, AtomicInteger all) {
        int allBefore = all.get();
        int hereBefore = here.get();
        await("calls are answered", () -> all.get() >= allBefore + 300);
        return (here.get() - hereBefore) / (double) (all.get() - allBefore);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** J3: a POP that missed the deploy serves the old version no longer than it may be stale. */
    @Test
    void noOldVersionIsAnsweredOnceItMayBeStaleNoLongerWhoeverMissedTheDeploy() throws IOException {
        led.publish("fresh", sample("hello"), ",\"maxStale\":\"2000ms\"");
        awaitVersion("fresh", 1);
        led.network.makePopular(led.ams(), "fresh", AT_AMS);
        led.amsFar.disable();
        led.amsFarCluster.disable();
        led.amsNear.disable();
        led.publish("fresh", sample("echo"), ",\"maxStale\":\"2000ms\"");
        await("the POP does not dare any more", () -> led.call("fresh").statusCode() == 503);
        for (String node : List.of("far-1", "near-1")) {
            await(node + " has it", () -> version(led.callAt(node, "fresh")).equals("2"));
        }
        for (int i = 0; i < 20; i++) {
            assertEquals(503, led.call("fresh").statusCode());
        }
        led.mend();
        Set<String> seen = new HashSet<>();
        await(
                "the POP answers again",
                () -> {
                    seen.add(version(led.call("fresh")));
                    return seen.contains("2");
                });
        assertFalse(seen.contains("1"), "the old one");
    }

    /** J5. */
    @Test
    void theRegionThatHoldsTheVersionIsChosenThoughAnotherIsNearer() throws IOException {
        led.publish("moved", sample("hello"), FOR_REGIONS);
        awaitVersion("moved", 1);
        await("the near one", () -> RealNetwork.ranAt(led.call("moved")).equals(AT_NEAR));
        led.nearFar.disable();
        led.publish("moved", sample("echo"), FOR_REGIONS);
        awaitVersion("moved", 2);
        for (int i = 0; i < 20; i++) {
            HttpResponse<String> answer = led.call("moved");
            assertEquals("2 " + AT_FAR, version(answer) + " " + RealNetwork.ranAt(answer));
        }
        assertEquals("1", version(led.callAt("near-1", "moved")), "what the near one has");
        // On a busy machine the way to the near one may seem the longer one for a moment.
        await("it is chosen for it", () -> led.explained("moved", "region-by").equals("holds"));
        led.mend();
        await("the near one has it", () -> RealNetwork.ranAt(led.call("moved")).equals(AT_NEAR));
        assertEquals("2", version(led.call("moved")));
    }

    /** J6. */
    @Test
    void theLongerTheWaysTheMoreRunsAtThePop() throws IOException {
        List<String> tasks = List.of("mild-a", "mild-b", "mild-c");
        for (String task : tasks) {
            led.publish(task, sample("hello"), "");
            awaitVersion(task, 1);
        }
        int before = 0;
        for (int i = 0; i < 5; i++) {
            for (String task : tasks) {
                before += RealNetwork.ranAt(led.call(task)).equals(AT_AMS) ? 1 : 0;
            }
        }
        assertEquals(0, before, "called too seldom for ways that are short");
        led.amsFar.toxics().latency("slow", ToxicDirection.DOWNSTREAM, 300);
        led.amsNear.toxics().latency("slow", ToxicDirection.DOWNSTREAM, 300);
        await("the ways are long", () -> 150 < number(tasks.getFirst(), "round-trip"));
        for (String task : tasks) {
            led.network.makePopular(led.ams(), task, AT_AMS);
            assertTrue(number(task, "recent-calls") < 20, "called seldom all the same");
        }
    }

    private double number(String task, String score) {
        return Double.parseDouble(led.explained(task, score));
    }

    /** J7. */
    @Test
    void aRegionNeverForwardsAndWhatGoesRoundIsRefused() throws Exception {
        led.publish("bound", sample("hello"), FOR_REGIONS + ",\"regions\":[\"far\"]");
        await("the POP knows it", () -> RealNetwork.ranAt(led.call("bound")).equals(AT_FAR));
        await("the other region knows it", () -> led.callAt("near-1", "bound").statusCode() == 503);
        double before = led.callsAt("far-1");
        assertEquals(503, led.callAt("near-1", "bound").statusCode(), "it would have to forward");
        assertEquals(before, led.callsAt("far-1"));
        HttpRequest.Builder round =
                HttpRequest.newBuilder().header("CDN-Loop", "runnel; node=ams, runnel; node=ams");
        HttpResponse<String> refused = led.send(round, "/fn/demo/bound").join();
        assertEquals(508, refused.statusCode(), refused.body());
        assertEquals(before, led.callsAt("far-1"));
        HttpResponse<String> good = led.call("bound");
        assertEquals("200 " + AT_FAR, good.statusCode() + " " + RealNetwork.ranAt(good));
        assertEquals(led.ams(), good.uri().getPort(), "the POP answers, not the region");
    }

    /**
     * J4. Of a version that is not live the near region, that was started anew, has but the code;
     * the other one still has it open.
     */
    @Test
    void aWarmRegionIsPreferredToOneALittleNearerAndItsDeathRepeatsNothing() {
        String event = FOR_REGIONS + ",\"handler\":\"event\"";
        led.publish("kept", waits(3_000), event);
        awaitVersion("kept", 1);
        led.publish("kept", waits(1), event);
        awaitVersion("kept", 2);
        led.network.runnel("stop", "near-1").mustWork();
        led.network.runnel("start", "near-1").mustWork();
        await("the near one", () -> RealNetwork.ranAt(led.call("kept")).equals(AT_NEAR));
        led.publish("told", waits(2), event);
        await("the POP was told what the near one has now", () -> isToldToBeWarm("told", "near"));
        assertEquals(AT_FAR, RealNetwork.ranAt(first().join()), "where it is warm");

        HttpRequest.Builder idempotent = HttpRequest.newBuilder().header("Idempotency-Key", "once");
        double before = led.callsAt("near-1");
        // Before they run: to ask for it may take longer than they do.
        ProcessHandle far = led.network.process("far-1");
        CompletableFuture<HttpResponse<String>> once = first();
        CompletableFuture<HttpResponse<String>> again = first(idempotent);
        await("both run", () -> led.running("far-1") == 2);
        far.destroyForcibly();
        assertNotEquals(200, once.join().statusCode(), "it may have run");
        HttpResponse<String> other = again.join();
        assertEquals("200 " + AT_NEAR, other.statusCode() + " " + RealNetwork.ranAt(other));
        assertEquals(before + 1, led.callsAt("near-1"), "only what may run twice");
        await(
                "the far one is back",
                () ->
                        led.network
                                .node("far-1")
                                .filter(node -> node.path("state").asText().equals("ready"))
                                .isPresent());
    }

    /** That nobody knew of before this region's node was started anew. */
    private boolean isToldToBeWarm(String task, String region) {
        return led.knows(task)
                && led.explained(task).at("/regions/0").asText().equals(region)
                && led.explained(task, "region-copy").equals("warm");
    }

    private CompletableFuture<HttpResponse<String>> first() {
        return first(HttpRequest.newBuilder());
    }

    /** Calls version 1; not to be repeated unless it says so. */
    private CompletableFuture<HttpResponse<String>> first(HttpRequest.Builder request) {
        return led.send(
                request.POST(BodyPublishers.noBody()), "/2015-03-31/functions/kept:1/invocations");
    }
}
