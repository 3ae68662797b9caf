package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.routing.forward.RegionState.Reach;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A region that is back gets few calls at first, and the next one the rest. Time passes when a test
 * says so.
 */
class SlowStartIT {
    private static final String PATH = "/fn/demo/a";
    private static final long ROUND_TRIP_NANOS = 1_000_000;

    private final AtomicLong knownNanos = new AtomicLong();
    private final Scene scene = new Scene();
    private final Pop pop = scene.popThatKnowsBy(knownNanos::get).patient();
    private final User user = scene.user(pop);

    @AfterEach
    void close() {
        scene.close();
    }

    private void goes(FakeRegion region) {
        for (int i = 0; i < 2; i++) {
            pop.health.missed(region.link(), "it is gone");
        }
        assertEquals(Reach.DOWN, pop.health.state(region.name).reach());
    }

    private void comesBack(FakeRegion region) {
        pop.health.answered(region.link(), Reach.UP, ROUND_TRIP_NANOS);
    }

    private void areAnsweredBy(FakeRegion region, int calls) {
        for (int i = 0; i < calls; i++) {
            assertEquals(region.name.value(), user.get(PATH).body(), "call " + i);
        }
    }

    @Test
    void whatItIsNotGivenGoesToTheNext() {
        areAnsweredBy(scene.west, 2 * SlowStart.AT_ONCE);
        goes(scene.west);
        areAnsweredBy(scene.east, 3);
        comesBack(scene.west);
        areAnsweredBy(scene.west, SlowStart.AT_ONCE);
        areAnsweredBy(scene.east, SlowStart.AT_ONCE);
        assertEquals(0, pop.forwarder.report().retries());
    }

    @Test
    void withoutANextItGetsAll() {
        goes(scene.east);
        goes(scene.west);
        comesBack(scene.west);
        areAnsweredBy(scene.west, 3 * SlowStart.AT_ONCE);
    }

    @Test
    void aNextOneThatIsFullGetsTheRestAllTheSame() {
        scene.east.says("100");
        goes(scene.west);
        areAnsweredBy(scene.east, 1);
        comesBack(scene.west);
        areAnsweredBy(scene.west, SlowStart.AT_ONCE);
        areAnsweredBy(scene.east, SlowStart.AT_ONCE);
    }

    @Test
    void whatANextOneRefusesDoesNotSmotherIt() {
        goes(scene.west);
        comesBack(scene.west);
        areAnsweredBy(scene.west, SlowStart.AT_ONCE);
        int before = scene.west.calls.get();
        scene.east.onCall(
                request ->
                        request.response()
                                .setStatusCode(503)
                                .putHeader("Runnel-Not-Run", "true")
                                .end());
        assertEquals(503, user.get(PATH).statusCode());
        assertEquals(before, scene.west.calls.get());
    }

    @Test
    void fewAreUnderWayAtOnce() {
        Queue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
        scene.west.onCall(held::add);
        goes(scene.west);
        comesBack(scene.west);
        List<Future<HttpResponse<String>>> calls = new ArrayList<>();
        for (int i = 0; i < SlowStart.AT_ONCE; i++) {
            calls.add(user.send(user.request(PATH).POST(BodyPublishers.noBody()).build()));
        }
        Await.until(() -> held.size() == SlowStart.AT_ONCE, () -> held.size() + " are under way");
        knownNanos.addAndGet(SlowStart.LASTS.toNanos() / 2);
        comesBack(scene.west);
        areAnsweredBy(scene.east, SlowStart.AT_ONCE);
        held.forEach(request -> request.response().end());
        calls.forEach(Await::value);
        scene.west.thatSaysItsName();
        areAnsweredBy(scene.west, SlowStart.AT_ONCE);
    }
}
