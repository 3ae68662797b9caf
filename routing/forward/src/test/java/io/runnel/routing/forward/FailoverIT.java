package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.http.ErrorCode;
import io.runnel.routing.forward.ForwardResult.Answered;
import io.runnel.routing.forward.ForwardResult.Refused;
import io.runnel.routing.forward.ForwardResult.Unreached;
import io.runnel.routing.forward.RegionState.Reach;
import io.runnel.topology.Address;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

class FailoverIT {
    private static Vertx vertx;

    private final FakeRegion west = FakeRegion.start(vertx, "west");
    private final FakeRegion east = FakeRegion.start(vertx, "east").thatSaysItsName();
    private final List<AutoCloseable> opened = new ArrayList<>(List.of(west, east));

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        Await.value(vertx.close());
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private Pop pop(FakeRegion... regions) {
        return keep(Pop.before(vertx, regions));
    }

    private User user(Pop pop) {
        return keep(new User(pop));
    }

    private <T extends AutoCloseable> T keep(T resource) {
        opened.add(resource);
        return resource;
    }

    @Test
    void aRegionThatRefusesConnectionsIsPassedOverForAnyMethod() {
        west.kill();
        Pop pop = pop(west, east);
        HttpResponse<String> answer = user(pop).post("/fn/demo/a", "body");
        assertEquals("200 east", answer.statusCode() + " " + answer.body());
        var result = assertInstanceOf(Answered.class, Await.next(pop.results));
        assertEquals(east.name, result.region());
        assertEquals(
                List.of(new FailedAttempt(west.name, AttemptFailure.NOT_CONNECTED)),
                result.failed());
    }

    @Test
    void aRegionThatTakesConnectionsAndSaysNothingIsPassedOverForAnyMethod() throws IOException {
        ServerSocket hole = keep(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        var hurried = Pop.SETTINGS.withConnectTimeout(Duration.ofMillis(500));
        var link =
                new RegionLink(
                        west.name, new Address("127.0.0.1", hole.getLocalPort()), Duration.ZERO);
        Pop pop = keep(new Pop(vertx, hurried, link, east.link()));
        assertEquals("east", user(pop).post("/fn/demo/a", "body").body());
        var result = assertInstanceOf(Answered.class, Await.next(pop.results));
        assertEquals(
                List.of(new FailedAttempt(west.name, AttemptFailure.CONNECT_TIMED_OUT)),
                result.failed());
    }

    @Test
    void aRegionThatComesUpIsConnectedToBeforeTheFirstCall() throws InterruptedException {
        Pop pop = pop(west).prepared().watching();
        // The pings' own connection, and one of each event loop that calls may come to.
        while (west.connections.size() < 1 + pop.loops()) {
            Await.next(west.connected);
        }
        assertEquals(0, west.calls.get());
    }

    @Test
    void aStreamThatIsRefusedGoesToTheNextRegionForAnyMethod() {
        west.onCall(request -> request.response().reset(7));
        Pop pop = pop(west, east);
        assertEquals("east", user(pop).post("/fn/demo/a", "body").body());
        var result = assertInstanceOf(Answered.class, Await.next(pop.results));
        assertEquals(AttemptFailure.NOT_TAKEN, result.failed().getFirst().failure());
    }

    @Test
    void aCallThatARegionSaysItHasNotRunGoesToTheNextForAnyMethod() {
        west.onCall(
                request ->
                        request.response()
                                .setStatusCode(503)
                                .putHeader("Runnel-Not-Run", "over-capacity")
                                .end());
        assertEquals("east", user(pop(west, east)).post("/fn/demo/a", "body").body());
        HttpResponse<String> last = user(pop(west)).post("/fn/demo/a", "body");
        assertEquals(503, last.statusCode(), "the last region's word holds");
        assertEquals("over-capacity", last.headers().firstValue("Runnel-Not-Run").orElseThrow());
    }

    @Test
    void whoHasItsShareInOneRegionIsNotSentToTheNext() {
        west.onCall(
                request ->
                        request.response()
                                .setStatusCode(429)
                                .putHeader("Runnel-Not-Run", "rate-limited")
                                .end());
        User user = user(pop(west, east));
        assertEquals(429, user.post("/fn/demo/a", "body").statusCode());
        west.onCall(request -> request.response().end("west"));
        assertEquals("west", user.post("/fn/demo/a", "body").body(), "it is not full");
    }

    @Test
    void aPostThatMayHaveRunIsNeverSentTwice() {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        west.onCall(request -> request.endHandler(ended -> seen.add(request.path())));
        Pop pop = pop(west, east);
        User user = user(pop);
        var post = user.request("/fn/demo/a").POST(BodyPublishers.ofString("body")).build();
        var waiting = user.send(post);
        Await.next(seen);
        west.kill();
        HttpResponse<String> answer = Await.value(waiting);
        assertEquals(503, answer.statusCode());
        assertTrue(answer.body().contains("\"code\":\"region-unreachable\""), answer.body());
        assertEquals(
                "runnel/ams; error=connection_terminated; next-hop=\"west\"",
                answer.headers().firstValue("Proxy-Status").orElseThrow());
        assertEquals("uncommon", answer.headers().firstValue("Runnel-Placed").orElseThrow());
        assertEquals(
                new Refused(
                        ErrorCode.REGION_UNREACHABLE,
                        List.of(new FailedAttempt(west.name, AttemptFailure.BROKEN))),
                Await.next(pop.results));
        assertEquals(1, west.calls.get());
        assertEquals(0, east.calls.get());
    }

    @Test
    void whatMayRunTwiceGoesToTheNextRegion() {
        west.onCall(request -> request.response().reset(2));
        Pop pop = pop(west, east);
        assertEquals("east", user(pop).get("/fn/demo/a").body());
        assertEquals("east", user(pop).post("/fn/demo/a", "body", "Idempotency-Key", "k1").body());
        String event = "/2015-03-31/functions/demo:function:a/invocations";
        String type = "X-Amz-Invocation-Type";
        assertEquals("east", user(pop).post(event, "body", type, "Event").body());
        assertEquals(3, west.calls.get());
        assertEquals(503, user(pop).post("/fn/demo/a", "body", type, "Event").statusCode());
    }

    @Test
    void aBodyThatHasBegunToStreamIsNotSentToAnother() {
        west.onCall(request -> request.response().reset(2));
        Pop pop = pop(west, east);
        String large = "x".repeat(3 << 20);
        HttpResponse<String> answer =
                user(pop).send(user(pop).request("/fn/demo/a").PUT(BodyPublishers.ofString(large)));
        assertEquals(503, answer.statusCode());
        assertEquals(0, east.calls.get());
    }

    @Test
    void aBodyThatHasNotBegunToStreamIsSentToAnother() {
        west.kill();
        east.onCall(
                request ->
                        request.body()
                                .onSuccess(body -> request.response().end("" + body.length())));
        Pop pop = pop(west, east);
        String large = "x".repeat(3 << 20);
        assertEquals("" + large.length(), user(pop).post("/fn/demo/a", large).body());
    }

    @Test
    void aCallThatWaitsForARegionThatGoesDownMovesOnIfItMayRunTwice() {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        west.onCall(request -> seen.add(request.method().name()));
        Pop pop = pop(west, east).watching();
        pop.patience = Duration.ofSeconds(4);
        User user = user(pop);
        var get = user.send(user.request("/fn/demo/a").GET().build());
        assertEquals("GET", Await.next(seen));
        var post =
                user.send(user.request("/fn/demo/a").POST(BodyPublishers.ofString("body")).build());
        assertEquals("POST", Await.next(seen));

        west.fallSilent();
        assertEquals("east", Await.value(get).body());
        assertEquals(504, Await.value(post).statusCode());
        assertEquals(2, west.calls.get());
        assertEquals(1, east.calls.get());
        var moved = assertInstanceOf(Answered.class, Await.next(pop.results));
        assertEquals(AttemptFailure.SILENT, moved.failed().getFirst().failure());
    }

    @Test
    void aRegionThatIsDownIsNotAsked() {
        Pop pop = pop(west, east).watching();
        west.kill();
        Await.until(
                () -> pop.health.state(west.name).reach() == Reach.DOWN,
                () -> pop.health.state(west.name).toString());
        assertEquals("east", user(pop).post("/fn/demo/a", "body").body());
        var result = assertInstanceOf(Answered.class, Await.next(pop.results));
        assertEquals(AttemptFailure.DOWN, result.failed().getFirst().failure());
    }

    @Test
    void allIsKnownOnceEachRegionAnsweredOrIsFoundDown() {
        west.kill();
        Pop pop = pop(west, east);
        assertFalse(pop.health.knowsAll());
        pop.watching();
        Await.until(pop.health::knowsAll, () -> pop.health.state(west.name).toString());
        assertEquals(Reach.DOWN, pop.health.state(west.name).reach());
        assertEquals(Reach.UP, pop.health.state(east.name).reach());
    }

    @Test
    void whenNoRegionCanBeReachedTheNodeDecidesAnew() {
        west.kill();
        east.kill();
        Pop pop = pop(west, east);
        HttpResponse<String> answer = user(pop).post("/fn/demo/a", "body");
        assertEquals(503, answer.statusCode());
        assertEquals(
                "runnel/ams; error=connection_refused; next-hop=\"east\"",
                answer.headers().firstValue("Proxy-Status").orElseThrow());
        var result = assertInstanceOf(Unreached.class, Await.next(pop.results));
        assertEquals(2, result.failed().size());
    }

    @Test
    void moreCallsThanThereAreStreamsGoElsewhere() {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        west.onCall(request -> seen.add(request.path()));
        Vertx oneLoop = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        keep(() -> Await.value(oneLoop.close()));
        Pop pop = keep(new Pop(oneLoop, Pop.SETTINGS.withLimits(1, 2), west.link(), east.link()));
        User user = user(pop);
        user.send(user.request("/fn/demo/1").GET().build());
        assertEquals("/fn/demo/1", Await.next(seen));
        user.send(user.request("/fn/demo/2").GET().build());
        assertEquals("/fn/demo/2", Await.next(seen));
        assertEquals("east", user.get("/fn/demo/3").body());
        var result = assertInstanceOf(Answered.class, Await.next(pop.results));
        assertEquals(AttemptFailure.BUSY, result.failed().getFirst().failure());
        assertEquals(2, west.connections.size());
    }

    @Test
    void aRegionThatComesBackIsAskedAgain() {
        west.thatSaysItsName();
        Pop pop = pop(west, east);
        User user = user(pop);
        assertEquals("west", user.get("/fn/demo/a").body());
        west.kill();
        assertEquals("east", user.get("/fn/demo/a").body());
        keep(west.restart(vertx)).thatSaysItsName();
        assertEquals("west", user.get("/fn/demo/a").body());
    }
}
