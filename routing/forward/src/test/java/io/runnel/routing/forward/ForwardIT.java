package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.http.ErrorCode;
import io.runnel.routing.forward.ForwardResult.Answered;
import io.runnel.routing.forward.ForwardResult.Broken;
import io.runnel.routing.forward.ForwardResult.ClientGone;
import io.runnel.routing.forward.ForwardResult.Refused;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.StreamResetException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** What a region and a user see of each other through a POP. */
class ForwardIT {
    private static final Iterable<String> COOKIES = List.of("a=1", "b=2");

    @RegisterExtension final OneRegion scene = new OneRegion();

    private final FakeRegion region = scene.region;
    private final Pop pop = scene.pop;
    private final User user = scene.user;
    private final BlockingQueue<HttpServerRequest> seen = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> cancelled = new LinkedBlockingQueue<>();

    @Test
    void theRegionGetsTheEdgesOwnRequest() throws IOException {
        region.onCall(
                request -> {
                    seen.add(request);
                    request.body().onSuccess(body -> request.response().end(body));
                });
        try (var wire = user.wire()) {
            wire.send(
                    """
                    POST /fn/demo/a%20b/../c?x=1&y=%2F HTTP/1.1
                    Host: edge.example:8081
                    Authorization: Bearer RNL.secret
                    Runnel-Key: RNL.other
                    Runnel-Deadline: 999999
                    Runnel-Network: stolen
                    Runnel-Node: other
                    Proxy: http://evil.example
                    Forwarded: for=203.0.113.9
                    CDN-Loop: elsewhere; a=b
                    traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
                    Connection: X-Hop
                    X-Hop: for this hop only
                    TE: trailers
                    X-Two: 1
                    X-Two: 2
                    Content-Length: 4

                    body\
                    """);
            assertTrue(wire.head().startsWith("HTTP/1.1 200 OK"));
        }
        HttpServerRequest request = Await.next(seen);
        MultiMap headers = request.headers();
        assertEquals("/fn/demo/a%20b/../c?x=1&y=%2F", request.uri());
        assertEquals("edge.example:8081", request.authority().toString());
        assertEquals("Bearer RNL.secret", headers.get("Authorization"));
        assertEquals("RNL.other", headers.get("Runnel-Key"));
        assertEquals(List.of(), headers.getAll("Runnel-Network"));
        assertEquals(List.of("ams"), headers.getAll("Runnel-Node"));
        assertEquals(26, headers.get("Runnel-Request-Id").length());
        long left = Long.parseLong(headers.get("Runnel-Deadline"));
        assertTrue(left > 14_000 && left <= 15_000, () -> left + " ms of 15 s");
        assertEquals(
                List.of("for=127.0.0.1;host=\"edge.example:8081\";proto=http;by=_ams"),
                headers.getAll("Forwarded"));
        assertEquals(List.of("elsewhere; a=b", "runnel; node=ams"), headers.getAll("CDN-Loop"));
        assertTrue(headers.get("traceparent").startsWith("00-0af7651916cd43dd"));
        assertEquals(List.of("1", "2"), headers.getAll("X-Two"));
        assertEquals("4", headers.get("Content-Length"));
        for (String name : List.of("Proxy", "Connection", "X-Hop", "TE", "Host")) {
            assertFalse(headers.contains(name), name);
        }
    }

    @Test
    void aRequestThatNamesNoHostIsForwardedToo() throws IOException {
        region.onCall(request -> request.response().end(request.getHeader("Forwarded")));
        try (var wire = user.wire()) {
            wire.send("GET /fn/demo/a HTTP/1.1\nHost:\nConnection: close\n\n");
            assertTrue(wire.head().startsWith("HTTP/1.1 200 OK"));
            assertEquals(
                    "for=127.0.0.1;host=\"localhost\";proto=http;by=_ams",
                    new String(wire.in().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** As if the POP had run it: HTTP/2 brings them in small letters. */
    @Test
    void ourOwnHeadersAreSpelledAsWeSpellThem() throws IOException {
        region.onCall(
                request ->
                        request.response()
                                .putHeader("Runnel-Ran-At", "region/west/west-1")
                                .putHeader("Runnel-Start", "warm")
                                .putHeader("Runnel-Task-Version", "1")
                                .putHeader("Server-Timing", "run;dur=1.5")
                                .putHeader("Content-Type", "text/plain")
                                .putHeader("X-Of-The-Guest", "1")
                                .end());
        try (var wire = user.wire()) {
            wire.send("GET /fn/demo/a HTTP/1.1\nHost: edge.example\n\n");
            List<String> names =
                    wire.head()
                            .lines()
                            .skip(1)
                            .map(line -> line.substring(0, line.indexOf(':')))
                            .sorted()
                            .toList();
            assertEquals(
                    List.of(
                            "Content-Length",
                            "Content-Type",
                            "Runnel-Placed",
                            "Runnel-Ran-At",
                            "Runnel-Request-Id",
                            "Runnel-Start",
                            "Runnel-Task-Version",
                            "Server-Timing",
                            "x-of-the-guest"),
                    names);
        }
    }

    @Test
    void theUserGetsTheRegionsAnswerAndThePopsHeaders() {
        region.onCall(
                request ->
                        request.response()
                                .setStatusCode(418)
                                .putHeader("Runnel-Ran-At", "region/west/west-1")
                                .putHeader("Runnel-Request-Id", "of the region")
                                .putHeader("Server-Timing", "run;dur=1.5")
                                .putHeader("Set-Cookie", COOKIES)
                                .putHeader("Proxy-Authenticate", "Basic")
                                .end("teapot"));
        HttpResponse<String> answer = user.get("/fn/demo/a");
        assertEquals("418 teapot", answer.statusCode() + " " + answer.body());
        var headers = answer.headers();
        assertEquals(List.of("region/west/west-1"), headers.allValues("Runnel-Ran-At"));
        assertEquals(List.of("uncommon"), headers.allValues("Runnel-Placed"));
        assertEquals(COOKIES, headers.allValues("Set-Cookie"));
        assertEquals(List.of("6"), headers.allValues("Content-Length"));
        assertEquals(26, headers.firstValue("Runnel-Request-Id").orElseThrow().length());
        assertEquals(1, headers.allValues("Runnel-Request-Id").size());
        assertTrue(headers.firstValue("Proxy-Authenticate").isEmpty());
        List<String> timing = headers.allValues("Server-Timing");
        assertEquals(1, timing.size(), timing.toString());
        assertTrue(timing.getFirst().startsWith("run;dur=1.5, forward;dur="), timing.toString());
        var result = assertInstanceOf(Answered.class, Await.next(pop.results));
        assertEquals("west 418", result.region() + " " + result.status());
    }

    @Test
    void anAnswerWithoutBodyStaysWithoutBody() throws IOException {
        region.onCall(
                request -> {
                    HttpServerResponse response = request.response();
                    switch (request.path()) {
                        case "/204" -> response.setStatusCode(204).end();
                        case "/304" ->
                                response.setStatusCode(304).putHeader("ETag", "\"v1\"").end();
                        default -> response.putHeader("Content-Length", "1000").end();
                    }
                });
        try (var wire = user.wire()) {
            wire.send("GET /204 HTTP/1.1\nHost: a\n\n");
            String none = wire.head();
            assertTrue(none.startsWith("HTTP/1.1 204"), none);
            assertFalse(none.toLowerCase(Locale.ROOT).contains("transfer-encoding"), none);
            wire.send("GET /304 HTTP/1.1\nHost: a\n\n");
            assertTrue(wire.head().startsWith("HTTP/1.1 304"));
            wire.send("HEAD /head HTTP/1.1\nHost: a\n\n");
            String head = wire.head();
            assertTrue(head.toLowerCase(Locale.ROOT).contains("content-length: 1000"), head);
            wire.send("GET /204 HTTP/1.1\nHost: a\n\n");
            assertTrue(wire.head().startsWith("HTTP/1.1 204"), "the connection is still in step");
        }
    }

    @Test
    void theHeadOfASlowAnswerComesBeforeItsBody() throws IOException {
        BlockingQueue<HttpServerResponse> open = new LinkedBlockingQueue<>();
        region.onCall(
                request -> {
                    HttpServerResponse response = request.response().setChunked(true);
                    response.writeHead();
                    open.add(response);
                });
        try (var wire = user.wire()) {
            wire.send("GET /fn/demo/events HTTP/1.1\nHost: a\n\n");
            assertTrue(wire.head().startsWith("HTTP/1.1 200"));
            HttpServerResponse response = Await.next(open);
            response.write("one");
            assertEquals("3\r\none\r\n", text(wire, 8));
            response.end("two");
            assertEquals("3\r\ntwo\r\n0\r\n\r\n", text(wire, 13));
        }
    }

    private static String text(User.Wire wire, int length) throws IOException {
        return new String(wire.in().readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    @Test
    void aCallThatWentRoundIsRefused() {
        String twice = "runnel; node=ams, runnel; node=lhr, runnel; node=ams";
        HttpResponse<String> answer =
                user.send(user.request("/fn/demo/a").GET().header("CDN-Loop", twice));
        assertEquals(508, answer.statusCode());
        assertTrue(answer.body().contains("\"code\":\"loop-detected\""), answer.body());
        assertEquals(new Refused(ErrorCode.LOOP_DETECTED, List.of()), Await.next(pop.results));
        assertEquals(0, region.calls.get());
    }

    @Test
    void theDeadlineHoldsAtThePopToo() {
        pop.patience = Duration.ofSeconds(2);
        region.onCall(this::watch);
        HttpResponse<String> answer = user.post("/fn/demo/a", "body");
        assertEquals(504, answer.statusCode());
        assertTrue(answer.body().contains("\"code\":\"task-timeout\""), answer.body());
        assertInstanceOf(StreamResetException.class, Await.next(cancelled));
        assertInstanceOf(Refused.class, Await.next(pop.results));
    }

    @Test
    void aRegionMaySayItselfThatTheDeadlineHasPassed() {
        var patient = Pop.SETTINGS.withGrace(Duration.ofSeconds(30));
        try (Pop other = new Pop(scene.vertx, patient, region.link());
                User its = new User(other)) {
            other.patience = Duration.ofSeconds(1);
            region.onCall(
                    request ->
                            scene.vertx.setTimer(
                                    Long.parseLong(request.getHeader("Runnel-Deadline")),
                                    late -> request.response().setStatusCode(504).end("its own")));
            assertEquals("its own", its.get("/fn/demo/a").body());
        }
    }

    @Test
    void aRegionIsToldWhenTheClientGoes() throws IOException {
        region.onCall(this::watch);
        try (var wire = user.wire()) {
            wire.send("GET /fn/demo/a HTTP/1.1\nHost: a\n\n");
            Await.next(seen);
        }
        var reset = assertInstanceOf(StreamResetException.class, Await.next(cancelled));
        assertEquals(8, reset.getCode(), "CANCEL");
        assertInstanceOf(ClientGone.class, Await.next(pop.results));
    }

    @Test
    void aRegionIsToldWhenTheClientGoesInTheMiddleOfAnAnswer() throws IOException {
        region.onCall(
                request -> {
                    watch(request);
                    request.response().setChunked(true).write("begun");
                });
        try (var wire = user.wire()) {
            wire.send("GET /fn/demo/a HTTP/1.1\nHost: a\n\n");
            assertTrue(wire.head().startsWith("HTTP/1.1 200"));
        }
        assertInstanceOf(StreamResetException.class, Await.next(cancelled));
        assertInstanceOf(ClientGone.class, Await.next(pop.results));
    }

    private void watch(HttpServerRequest request) {
        seen.add(request);
        request.response().exceptionHandler(cancelled::add);
    }

    @Test
    void anAnswerThatBreaksOffBreaksOffForTheClientToo() {
        region.onCall(
                request -> {
                    HttpServerResponse response = request.response().setChunked(true);
                    response.write("begun").onSuccess(written -> response.reset(2));
                });
        assertThrows(AssertionError.class, () -> user.get("/fn/demo/a"));
        assertEquals(
                new Broken(region.name, AttemptFailure.BROKEN, List.of()), Await.next(pop.results));
    }

    @Test
    void anAnswerMayComeBeforeTheBodyHas() throws IOException {
        region.onCall(request -> request.response().setStatusCode(413).end("too much"));
        try (var wire = user.wire()) {
            wire.send("POST /fn/demo/a HTTP/1.1\nHost: a\nContent-Length: 100000000\n\n");
            byte[] some = new byte[2 << 20];
            wire.out().write(some);
            assertTrue(wire.head().startsWith("HTTP/1.1 413"));
        }
        assertInstanceOf(Answered.class, Await.next(pop.results));
    }

    @Test
    void aConnectionThatIsShutDownFinishesWhatItHas() {
        BlockingQueue<HttpServerResponse> open = new LinkedBlockingQueue<>();
        region.onCall(request -> open.add(request.response()));
        Future<HttpResponse<String>> first =
                user.send(user.request("/fn/demo/a").POST(BodyPublishers.ofString("1")).build());
        HttpServerResponse response = Await.next(open);
        region.connections.forEach(connection -> connection.shutdown());
        region.thatSaysItsName();
        assertEquals("west", user.post("/fn/demo/a", "2").body());
        response.end("first");
        assertEquals("first", Await.value(first).body());
    }

    @Test
    void manyCallsAtOnceKeepApart() {
        region.onCall(
                request ->
                        request.body()
                                .onSuccess(
                                        body ->
                                                request.response()
                                                        .end(request.path() + " " + body)));
        List<Future<HttpResponse<String>>> calls = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            calls.add(
                    user.send(
                            user.request("/fn/demo/" + i)
                                    .POST(BodyPublishers.ofString("body " + i))
                                    .build()));
        }
        for (int i = 0; i < calls.size(); i++) {
            assertEquals("/fn/demo/" + i + " body " + i, Await.value(calls.get(i)).body());
        }
        int loops = Runtime.getRuntime().availableProcessors();
        assertTrue(
                region.connections.size() <= 8 * loops,
                () -> region.connections.size() + " connections");
    }

    @Test
    void headersThatTheRegionDoesNotTakeAreSaidSo() throws IOException {
        region.thatSaysItsName();
        try (var wire = user.wire()) {
            wire.send(
                    "GET /fn/demo/a HTTP/1.1\nHost: a\nX-Large: %s\n\n"
                            .formatted("x".repeat(30_000)));
            String head = wire.head();
            assertTrue(head.startsWith("HTTP/1.1 431"), head);
            wire.send("GET /fn/demo/a HTTP/1.1\nHost: a\n\n");
        }
        assertEquals("west", user.get("/fn/demo/a").body());
    }
}
