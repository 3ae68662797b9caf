package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.routing.forward.ForwardResult.Answered;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.StreamResetException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A read that is late is asked of the next region too, and the first answer is the only one. */
class HedgingIT {
    private static final String PATH = "/fn/demo/a";
    private static final String HELD = "/fn/demo/held";

    private final Scene scene = new Scene();
    private final Pop pop = scene.popThatForgetsNothing().patient();
    private final User user = scene.user(pop);
    private final BlockingQueue<HttpServerRequest> held = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> reset = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        scene.close();
    }

    /** West has answered often enough that the POP knows how long it takes. */
    private void westIsKnown() {
        for (int i = 0; i < AnswerTimes.LEAST; i++) {
            assertEquals("west", user.get(PATH).body());
            // It comes a moment after the user has the answer.
            Await.next(pop.results);
        }
        holdIn(scene.west);
    }

    private void holdIn(FakeRegion region) {
        region.onCall(
                request -> {
                    request.response().exceptionHandler(reset::add);
                    if (request.path().equals(HELD)) {
                        held.add(request);
                    } else {
                        request.response().end(region.name.value());
                    }
                });
    }

    private ForwardReport.Region of(FakeRegion region) {
        return pop.forwarder.report().regions().stream()
                .filter(each -> each.region().equals(region.name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aLateReadIsAnsweredByTheNextRegionAndTheFirstIsTold() {
        westIsKnown();
        assertEquals("east", user.get(HELD).body());
        var first = assertInstanceOf(StreamResetException.class, Await.next(reset));
        assertEquals(8, first.getCode(), "CANCEL");
        var result = assertInstanceOf(Answered.class, Await.next(pop.results));
        assertEquals(scene.east.name, result.region());
        assertEquals(List.of(), result.failed());
        assertEquals(List.of(), List.copyOf(pop.results), "one result for one call");
        assertEquals("1 1", of(scene.east).hedges() + " " + of(scene.east).hedgesWon());
        ForwardReport report = pop.forwarder.report();
        assertEquals(1, report.retries());
        assertEquals(report.calls() + 1, report.tries());
        assertEquals(0, report.inFlight());
    }

    @Test
    void theFirstRegionMayStillBeTheFirstToAnswer() {
        westIsKnown();
        holdIn(scene.east);
        Future<HttpResponse<String>> answer = user.send(user.request(HELD).GET().build());
        HttpServerRequest atWest = Await.next(held);
        Await.next(held);
        atWest.response().end("west after all");
        assertEquals("west after all", Await.value(answer).body());
        assertInstanceOf(StreamResetException.class, Await.next(reset));
        assertEquals("1 0", of(scene.east).hedges() + " " + of(scene.east).hedgesWon());
    }

    @Test
    void whenOneOfTwoBreaksTheOtherIsWaitedFor() {
        westIsKnown();
        holdIn(scene.east);
        Future<HttpResponse<String>> answer = user.send(user.request(HELD).GET().build());
        HttpServerRequest atWest = Await.next(held);
        HttpServerRequest atEast = Await.next(held);
        atWest.response().reset(2);
        Await.until(
                () -> of(scene.west).failed().get(AttemptFailure.BROKEN) == 1,
                () -> of(scene.west).toString());
        atEast.response().end("east");
        assertEquals("east", Await.value(answer).body());
    }

    @Test
    void aRegionThatHasNoRoomForTheSecondTryDoesNotEndTheFirst() {
        westIsKnown();
        scene.east.onCall(
                request ->
                        request.response()
                                .setStatusCode(503)
                                .putHeader("Runnel-Not-Run", "over-capacity")
                                .end());
        Future<HttpResponse<String>> answer = user.send(user.request(HELD).GET().build());
        HttpServerRequest atWest = Await.next(held);
        Await.until(() -> scene.east.calls.get() == 1, () -> "east was not asked");
        Await.until(() -> of(scene.east).state().isFull(), () -> of(scene.east).toString());
        atWest.response().end("west");
        assertEquals("west", Await.value(answer).body());
    }

    @Test
    void whatMayDoSomethingIsAskedOnce() {
        westIsKnown();
        List<Future<HttpResponse<String>>> answers =
                List.of(
                        user.send(user.request(HELD).DELETE().build()),
                        user.send(user.request(HELD).PUT(BodyPublishers.ofString("b")).build()),
                        user.send(
                                user.request(HELD)
                                        .header("Idempotency-Key", "k")
                                        .POST(BodyPublishers.ofString("b"))
                                        .build()));
        for (int i = 0; i < answers.size(); i++) {
            Await.next(held);
        }
        // A read that came later is hedged; so those before it would have been.
        assertEquals("east", user.get(HELD).body());
        held.forEach(request -> request.response().end());
        assertEquals(1, scene.east.calls.get());
        assertTrue(scene.west.calls.get() >= AnswerTimes.LEAST + answers.size());
    }

    @Test
    void whoHasAnOlderVersionOnlyIsNotAskedAsWell() {
        westIsKnown();
        pop.starts = node -> node.equals(scene.east.link()) ? NodeStart.OLD : NodeStart.WARM;
        Future<HttpResponse<String>> late = user.send(user.request(HELD).GET().build());
        HttpServerRequest atWest = Await.next(held);
        pop.starts = NodeStart.Of.UNKNOWN;
        // A read that came later is hedged; so that before it would have been.
        assertEquals("east", user.get(HELD).body());
        atWest.response().end("west");
        assertEquals("west", Await.value(late).body());
        assertEquals(1, scene.east.calls.get());
    }

    @Test
    void withoutBudgetBesideWhatIsInFlightNothingIsHedged() {
        Pop poor = scene.pop(Pop.SETTINGS.withKeptTries(1), scene.west.link(), scene.east.link());
        User its = scene.user(poor);
        for (int i = 0; i < AnswerTimes.LEAST; i++) {
            assertEquals("west", its.get(PATH).body());
        }
        holdIn(scene.west);
        Future<HttpResponse<String>> answer = its.send(its.request(HELD).GET().build());
        HttpServerRequest atWest = Await.next(held);
        for (int i = 0; i < 20; i++) {
            assertEquals("west", its.get(PATH).body());
        }
        atWest.response().end("west");
        assertEquals("west", Await.value(answer).body());
        assertEquals(0, scene.east.calls.get());
    }
}
