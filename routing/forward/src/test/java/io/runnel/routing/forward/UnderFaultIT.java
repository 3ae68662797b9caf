package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.AccountId;
import io.runnel.routing.forward.RegionState.Breaker;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Many calls while regions die, break, fall silent, are full; tenants that want too much. */
class UnderFaultIT {
    private static final String PATH = "/fn/demo/a";
    private static final int KEPT = 10;

    private final Scene scene = new Scene();

    @AfterEach
    void close() {
        scene.close();
    }

    private static RegionState stateOf(Pop pop, FakeRegion region) {
        return pop.health.state(region.name);
    }

    private static long tries(Pop pop) {
        ForwardReport report = pop.forwarder.report();
        assertEquals(report.calls() + report.retries(), report.tries());
        assertEquals(
                report.tries(),
                report.regions().stream().mapToLong(ForwardReport.Region::tries).sum());
        return report.tries();
    }

    private static void assertTriesWithinBudget(Pop pop, int calls, int reserve) {
        long tries = tries(pop);
        assertTrue(
                tries <= calls + calls / 10 + reserve,
                () -> tries + " tries of " + calls + " calls");
    }

    /** Its calls do not wait for more. */
    private Pop keepingFewTries() {
        Pop pop = scene.pop(Pop.SETTINGS.withKeptTries(KEPT), scene.west.link(), scene.east.link());
        pop.otherWay = () -> true;
        return pop;
    }

    /** Answers after 5 ms. */
    private void works(FakeRegion region) {
        region.onCall(
                request ->
                        scene.regions.setTimer(
                                5,
                                done -> {
                                    if (!request.response().closed()) {
                                        request.response().end(region.name.value());
                                    }
                                }));
    }

    @Test
    void aRegionThatDiesUnderLoadFailsNothingThatMayRunTwice() throws InterruptedException {
        // Without pings, which a busy machine may answer too late.
        Pop pop = scene.pop().patient();
        User user = scene.user(pop);
        works(scene.west);
        works(scene.east);
        int calls = 2_000;
        int atOnce = 40;
        Semaphore room = new Semaphore(atOnce);
        List<Future<HttpResponse<String>>> reads = new ArrayList<>();
        List<Future<HttpResponse<String>>> writes = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            room.acquire();
            boolean post = i % 8 == 0;
            var request = user.request(PATH);
            Future<HttpResponse<String>> answer =
                    user.send(
                            (post ? request.POST(BodyPublishers.ofString("b")) : request.GET())
                                    .build());
            (post ? writes : reads).add(answer.onComplete(done -> room.release()));
            if (i == calls / 2) {
                scene.west.kill();
            }
        }
        for (Future<HttpResponse<String>> read : reads) {
            HttpResponse<String> answer = Await.value(read);
            assertEquals(200, answer.statusCode(), () -> answer + " " + pop.forwarder.report());
        }
        long failed = 0;
        for (Future<HttpResponse<String>> write : writes) {
            failed += Await.value(write).statusCode() == 200 ? 0 : 1;
        }
        ForwardReport.Region west = pop.forwarder.report().regions().getFirst();
        long broken = west.failed().get(AttemptFailure.BROKEN);
        assertTrue(failed <= broken && broken <= atOnce, failed + " failed: " + west);
        assertTriesWithinBudget(pop, calls, RetryBudget.RESERVE);
    }

    @Test
    void whenEveryRegionBreaksEverythingNothingIsTriedMuchMoreThanOnce()
            throws InterruptedException {
        scene.west.onCall(request -> request.response().reset(2));
        scene.east.onCall(request -> request.response().reset(2));
        Pop pop = keepingFewTries();
        User user = scene.user(pop);
        int calls = 1_000;
        for (int i = 0; i < calls; i++) {
            assertEquals(503, user.get(PATH).statusCode());
        }
        assertTriesWithinBudget(pop, (int) pop.forwarder.report().calls(), KEPT);
        assertEquals(tries(pop), scene.west.calls.get() + scene.east.calls.get());
        assertEquals(Breaker.OPEN, stateOf(pop, scene.west).breaker());
    }

    @Test
    void aRegionWhoseCallsBreakIsLeftAloneUntilItsTrialsGoWell() {
        scene.west.onCall(request -> request.response().reset(2));
        Pop pop = scene.pop();
        User user = scene.user(pop);
        for (int i = 0; i < RegionBreaker.LEAST; i++) {
            user.get(PATH);
        }
        assertEquals(Breaker.OPEN, stateOf(pop, scene.west).breaker());
        int before = scene.west.calls.get();
        assertEquals("east", user.post(PATH, "body").body());
        assertEquals(before, scene.west.calls.get());
        scene.west.thatSaysItsName();
        Await.until(
                () -> user.post(PATH, "body").body().equals("west"),
                () -> stateOf(pop, scene.west).toString());
        Await.until(
                () -> {
                    user.get(PATH);
                    return stateOf(pop, scene.west).breaker() == Breaker.CLOSED;
                },
                () -> stateOf(pop, scene.west).toString());
        assertEquals(3, pop.forwarder.report().regions().getFirst().breakerChanges());
    }

    @Test
    void theLastRegionIsStillAskedWhateverItsBreakerSays() {
        scene.west.onCall(request -> request.response().reset(2));
        Pop pop = scene.pop(Pop.SETTINGS, scene.west.link());
        User user = scene.user(pop);
        for (int i = 0; i < RegionBreaker.LEAST; i++) {
            user.get(PATH);
        }
        assertEquals(Breaker.OPEN, stateOf(pop, scene.west).breaker());
        scene.west.thatSaysItsName();
        assertEquals("west", user.get(PATH).body());
    }

    @Test
    void whatClientsSendBadlyIsNotTheRegionsFault() {
        scene.west.onCall(request -> request.response().reset(1));
        Pop pop = scene.pop(Pop.SETTINGS, scene.west.link());
        User user = scene.user(pop);
        for (int i = 0; i < 2 * RegionBreaker.LEAST; i++) {
            user.get(PATH);
        }
        assertEquals(Breaker.CLOSED, stateOf(pop, scene.west).breaker());
    }

    @Test
    void aLinkThatSwallowsEverythingIsNoticedByTheCallsThemselves() {
        SilentLink link = scene.keep(new SilentLink(scene.regions, scene.west.link()));
        BlockingQueue<HttpServerRequest> seen = new LinkedBlockingQueue<>();
        scene.west.onCall(seen::add);
        // Nobody pings: what is noticed is noticed on the connection of the calls.
        Pop pop = scene.pop(Pop.SETTINGS, link.link(), scene.east.link()).patient();
        User user = scene.user(pop);
        var post = user.send(user.request(PATH).POST(BodyPublishers.ofString("b")).build());
        var get = user.send(user.request(PATH).GET().build());
        Await.next(seen);
        Await.next(seen);
        link.swallow();
        assertEquals("east", Await.value(get).body());
        HttpResponse<String> lost = Await.value(post);
        assertEquals(503, lost.statusCode());
        assertTrue(lost.body().contains("\"code\":\"region-unreachable\""), lost.body());
        assertEquals(1, stateOf(pop, scene.west).misses());
        assertEquals(1, scene.east.calls.get());
    }

    @Test
    void aGuestThatTakesItsTimeIsNoSilence() {
        BlockingQueue<HttpServerRequest> seen = new LinkedBlockingQueue<>();
        scene.west.onCall(seen::add);
        Pop pop = scene.pop().patient();
        User user = scene.user(pop);
        var post = user.send(user.request(PATH).POST(BodyPublishers.ofString("b")).build());
        HttpServerRequest atWork = Await.next(seen);
        AtomicInteger seconds = new AtomicInteger();
        scene.regions.setPeriodic(1_000, tick -> seconds.incrementAndGet());
        Await.until(() -> seconds.get() >= 4, seconds::toString);
        atWork.response().end("at last");
        assertEquals("at last", Await.value(post).body());
        assertEquals(0, stateOf(pop, scene.west).misses());
    }

    @Test
    void aRegionThatSaysItIsFullIsPassedOverAndUsersDoNotSeeIt() {
        Pop pop = scene.popThatForgetsNothing();
        User user = scene.user(pop);
        scene.west.says("100");
        HttpResponse<String> first = user.get(PATH);
        assertEquals("west", first.body());
        assertTrue(first.headers().firstValue("Runnel-Load").isEmpty());
        assertEquals("east", user.get(PATH).body());
        assertEquals(1, scene.west.calls.get());
        scene.east.says("250");
        assertEquals("east", user.get(PATH).body());
        assertEquals("west", user.get(PATH).body(), "both are full: the best is asked");
        assertEquals(0, pop.forwarder.report().retries());
    }

    @Test
    void pingsBringARegionsLoadToo() {
        scene.west.says("70");
        Pop pop = scene.pop().watching();
        Await.until(
                () -> stateOf(pop, scene.west).loadPercent() == 70,
                () -> stateOf(pop, scene.west).toString());
    }

    private static void refuse(HttpServerRequest request) {
        request.response().setStatusCode(503).putHeader("Runnel-Not-Run", "over-capacity").end();
    }

    /** It may have room again by the time that this is heard of. */
    @Test
    void whoRefusesIsAskedForAsManyCallsAsItRanLately() {
        AtomicLong knowledge = new AtomicLong();
        Pop pop = scene.popThatKnowsBy(knowledge::get);
        User user = scene.user(pop);
        scene.west.onCall(
                request -> scene.regions.setTimer(300, done -> request.response().end("west")));
        Future<HttpResponse<String>> first =
                user.send(user.request(PATH).POST(BodyPublishers.ofString("b")).build());
        assertEquals("west", user.post(PATH, "b").body());
        assertEquals("west", Await.value(first).body());
        knowledge.addAndGet(MeanCalls.SPAN.toNanos());
        scene.west.onCall(UnderFaultIT::refuse);
        assertEquals("east", user.post(PATH, "b").body());
        assertFalse(stateOf(pop, scene.west).isFull(), "two calls of 0.3 s in half a second");
        scene.west.thatSaysItsName();
        assertEquals("west", user.post(PATH, "b").body());
    }

    @Test
    void whoRefusesIsNotAskedAgainAtOnceWhateverItSays() {
        scene.west.says("0");
        scene.west.onCall(UnderFaultIT::refuse);
        Pop pop = scene.popThatForgetsNothing();
        User user = scene.user(pop);
        assertEquals("east", user.post(PATH, "b").body());
        assertTrue(stateOf(pop, scene.west).isFull());
        assertEquals("east", user.post(PATH, "b").body());
        assertEquals(1, scene.west.calls.get());
        assertEquals(1, pop.forwarder.report().retries());
    }

    @Test
    void aTenantThatTakesEverythingLeavesPlacesToOthers() {
        BlockingQueue<HttpServerRequest> held = new LinkedBlockingQueue<>();
        Pop pop = scene.pop(Pop.SETTINGS.withLimits(8, 2), scene.west.link()).patient();
        pop.tenant = exchange -> new AccountId(exchange.request().path().split("/", -1)[2]);
        User user = scene.user(pop);
        assertEquals("west", user.get("/fn/quiet/a").body());
        scene.west.onCall(
                request -> {
                    if (request.path().startsWith("/fn/loud/")) {
                        held.add(request);
                    } else {
                        request.response().end("west");
                    }
                });
        List<Future<HttpResponse<String>>> loud = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            assertEquals("west", user.get("/fn/quiet/a").body());
            loud.add(user.send(user.request("/fn/loud/a").GET().build()));
            Await.next(held);
        }
        assertEquals("west", user.get("/fn/quiet/a").body());
        HttpResponse<String> beyond = user.get("/fn/loud/a");
        assertEquals(503, beyond.statusCode());
        assertEquals(
                "runnel/ams; error=connection_limit_reached; next-hop=\"west\"",
                beyond.headers().firstValue("Proxy-Status").orElseThrow());
        assertEquals("west", user.get("/fn/quiet/a").body());
        assertEquals(14, loud.size());
    }
}
