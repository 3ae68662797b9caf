package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.vertx.core.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;

/** What may run twice and finds the budget of tries empty waits for it, if that is of use. */
class RetryWaitIT {
    private static final String PATH = "/fn/demo/a";
    private static final String BREAKS = "/fn/demo/breaks";

    private final Scene scene = new Scene();

    /** It keeps no try at all. */
    private final Pop pop =
            scene.pop(Pop.SETTINGS.withKeptTries(0), scene.west.link(), scene.east.link());

    private final User user = scene.user(pop);

    RetryWaitIT() {
        scene.west.onCall(
                request -> {
                    if (request.path().equals(BREAKS)) {
                        request.response().reset(2);
                    } else {
                        request.response().end("west");
                    }
                });
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private void awaitWaiting(int calls) {
        Await.until(
                () -> pop.forwarder.report().waiting() == calls,
                () -> pop.forwarder.report().toString());
    }

    private void earn(int tries) {
        // The calls that wait have earned too.
        for (int i = 0; i < tries * RetryBudget.CALLS_FOR_ONE; i++) {
            assertEquals("west", user.get(PATH).body());
        }
    }

    @Test
    void aCallThatBrokeIsTriedAgainWhenOthersHaveEarnedIt() {
        pop.patient();
        Future<HttpResponse<String>> read = user.send(user.request(BREAKS).GET().build());
        awaitWaiting(1);
        var write = user.request(BREAKS).POST(BodyPublishers.ofString("b"));
        Future<HttpResponse<String>> keyed =
                user.send(write.header("Idempotency-Key", "k").build());
        awaitWaiting(2);
        assertEquals(0, scene.east.calls.get());
        earn(1);
        assertEquals("east", Await.value(read).body());
        earn(1);
        assertEquals("east", Await.value(keyed).body());
        ForwardReport report = pop.forwarder.report();
        assertEquals(2, report.waited());
        assertEquals(2, report.retries());
        assertEquals(0, report.withoutBudget());
    }

    @Test
    void whenItsTimeIsUpACallThatBrokeFails() {
        pop.patience = Duration.ofMillis(300);
        assertEquals(503, user.get(BREAKS).statusCode());
        earn(2);
        ForwardReport report = pop.forwarder.report();
        assertEquals(1, report.waited());
        assertEquals(1, report.withoutBudget());
        assertEquals(0, report.waiting());
        assertEquals(0, scene.east.calls.get());
    }

    @Test
    void whoGoesAwayWaitsNoMore() throws IOException {
        pop.patient();
        try (User.Wire wire = user.wire()) {
            wire.send("GET " + BREAKS + " HTTP/1.1\nHost: a\n\n");
            awaitWaiting(1);
        }
        awaitWaiting(0);
        assertInstanceOf(ForwardResult.ClientGone.class, Await.next(pop.results));
        earn(2);
        assertEquals(0, scene.east.calls.get());
    }

    @Test
    void whatHasAnotherWayDoesNotWait() {
        pop.patient().otherWay = () -> true;
        assertEquals(503, user.get(BREAKS).statusCode());
        ForwardReport report = pop.forwarder.report();
        assertEquals(0, report.waited());
        assertEquals(1, report.withoutBudget());
    }

    @Test
    void nobodyWaitsWhereNoOtherRegionIsWell() {
        Pop alone = scene.pop(Pop.SETTINGS.withKeptTries(0), scene.west.link()).patient();
        assertEquals(503, scene.user(alone).get(BREAKS).statusCode());
        assertEquals(0, alone.forwarder.report().waited());
    }

    @Test
    void whatMayNotRunTwiceDoesNotWait() {
        pop.patient();
        assertEquals(503, user.post(BREAKS, "b").statusCode());
        assertEquals(0, pop.forwarder.report().waited());
    }
}
