package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.Reservation;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RequestId;
import io.runnel.routing.journal.Ended;
import io.vertx.core.http.HttpServerRequest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What a node whose only slot is taken does with calls. */
final class FullNodeIT {
    private static final String HERE = "region/west/west-a";
    private static final String THERE = "region/west/west-b";
    private static final long REFUSED_STREAM = 7;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path data;
    private final HttpClient client = HttpClient.newHttpClient();
    private NodeOfTwo node;

    @BeforeEach
    void start() throws Exception {
        node = new NodeOfTwo(data);
        await("the other node is known", () -> node.siblings.haveRoom());
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        node.close();
    }

    private void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError(
                        "%s: not after %s; %s, %d calls at the other, room there: %b"
                                .formatted(
                                        what,
                                        PATIENCE,
                                        node.runner.loadReport(),
                                        node.sibling.calls.size(),
                                        node.siblings.haveRoom()));
            }
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    private CompletableFuture<HttpResponse<String>> call(int port, String body) {
        return send(request(port, body));
    }

    private static HttpRequest.Builder request(int port, String body) {
        URI uri = URI.create("http://127.0.0.1:%d/fn/%s".formatted(port, NodeOfTwo.ECHO));
        return HttpRequest.newBuilder(uri)
                .version(HttpClient.Version.HTTP_1_1)
                .POST(BodyPublishers.ofString(body));
    }

    private CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> call(String body) {
        return call(node.listen(), body);
    }

    private static HttpResponse<String> answer(CompletableFuture<HttpResponse<String>> call)
            throws Exception {
        HttpResponse<String> answer = call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertEquals(200, answer.statusCode(), answer.body());
        return answer;
    }

    private static String ranAt(HttpResponse<String> answer) {
        return answer.headers().firstValue("Runnel-Ran-At").orElseThrow();
    }

    private void awaitWaiting(int calls) {
        await(calls + " wait here", () -> node.runner.loadReport().waiting() == calls);
    }

    /** It waits here, and runs here as it came once there is a slot. */
    private void assertRunsHere(
            CompletableFuture<HttpResponse<String>> call, Reservation slot, String body)
            throws Exception {
        awaitWaiting(1);
        slot.release();
        HttpResponse<String> answer = answer(call);
        assertEquals(HERE, ranAt(answer));
        assertTrue(answer.body().contains(body), answer.body());
    }

    @Test
    void aCallThatFindsNoSlotIsAnsweredByTheOtherNode() throws Exception {
        Reservation slot = node.fill();
        HttpResponse<String> answer = answer(call("body"));
        slot.release();
        assertEquals(THERE, ranAt(answer));
        assertEquals("there", answer.body());
        HttpServerRequest handedOn = node.sibling.next();
        RequestId id =
                new RequestId(answer.headers().firstValue("Runnel-Request-Id").orElseThrow());
        assertEquals(id.value(), handedOn.getHeader("Runnel-Request-Id"));
        assertEquals("runnel; node=west-a", handedOn.getHeader("CDN-Loop"));
        await("it is noted", () -> node.note(id).isPresent());
        Ended ended = node.note(id).orElseThrow().ended();
        assertEquals(Ended.Place.FORWARDED, ended.place());
        assertEquals(Optional.of(new RegionId("west")), ended.region());
        assertEquals(1, ended.tries());
        assertEquals(0, node.siblings.away());
    }

    @Test
    void whileItsSlotIsFreeItRunsWhatComes() throws Exception {
        assertEquals(HERE, ranAt(answer(call("body"))));
        assertEquals(0, node.sibling.calls.size());
    }

    @Test
    void whatAnotherNodeSentIsNotHandedOn() throws Exception {
        Reservation slot = node.fill();
        assertRunsHere(call(node.internal(), "sent"), slot, "sent");
        assertEquals(0, node.sibling.calls.size());
    }

    @Test
    void whenTheOtherHasNoSlotEitherItWaits() throws Exception {
        node.sibling.says(50);
        await("the other is known to have no slot", () -> !node.siblings.haveRoom());
        Reservation slot = node.fill();
        assertRunsHere(call("body"), slot, "body");
        assertEquals(0, node.sibling.calls.size());
    }

    @Test
    void whatWouldBeRefusedHereWaitsAtTheOther() throws Exception {
        node.sibling.says(60);
        await("the other is known to have no slot", () -> !node.siblings.haveRoom());
        Reservation slot = node.fill();
        CompletableFuture<HttpResponse<String>> first = call("first");
        CompletableFuture<HttpResponse<String>> second = call("second");
        awaitWaiting(2);
        // Nor is it refused before its body comes.
        HttpRequest.Builder third = request(node.listen(), "third").expectContinue(true);
        assertEquals(THERE, ranAt(answer(send(third))));
        slot.release();
        assertEquals(HERE, ranAt(answer(first)));
        assertEquals(HERE, ranAt(answer(second)));
    }

    @Test
    void whatTheOtherRefusesWaitsHere() throws Exception {
        refuses(503, "over-capacity");
        // For a caller who has his share there has none here.
        refuses(429, "rate-limited");
    }

    private void refuses(int status, String why) throws Exception {
        await("it takes calls", () -> node.siblings.haveRoom());
        node.sibling.onCall(
                request ->
                        request.response()
                                .setStatusCode(status)
                                .putHeader("Runnel-Not-Run", why)
                                .end());
        Reservation slot = node.fill();
        CompletableFuture<HttpResponse<String>> call = call(why);
        node.sibling.next();
        assertRunsHere(call, slot, why);
    }

    @Test
    void whatDoesNotReachTheOtherWaitsHere() throws Exception {
        node.sibling.onCall(request -> request.response().reset(REFUSED_STREAM));
        Reservation slot = node.fill();
        CompletableFuture<HttpResponse<String>> call = call("body");
        node.sibling.next();
        assertRunsHere(call, slot, "body");
    }

    @Test
    void aBodyThatIsNotHeldWholeIsNotHandedOn() throws Exception {
        Reservation slot = node.fill();
        assertRunsHere(call("a".repeat(3 << 19)), slot, "aaa");
        assertEquals(0, node.sibling.calls.size());
    }

    @Test
    void noMoreGoAtOnceThanTheOtherHasSlots() throws Exception {
        node.sibling.onCall(request -> {});
        Reservation slot = node.fill();
        CompletableFuture<HttpResponse<String>> first = call("first");
        CompletableFuture<HttpResponse<String>> second = call("second");
        HttpServerRequest one = node.sibling.next();
        HttpServerRequest two = node.sibling.next();
        assertRunsHere(call("third"), slot, "third");
        for (HttpServerRequest held : new HttpServerRequest[] {one, two}) {
            held.response().putHeader("Runnel-Ran-At", THERE).end();
        }
        assertEquals(THERE, ranAt(answer(first)));
        assertEquals(THERE, ranAt(answer(second)));
    }
}
