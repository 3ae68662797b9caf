package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.GrantTerms;
import io.runnel.routing.catalog.Grantee;
import io.vertx.core.buffer.Buffer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What a node keeps of the answers to calls by routes of APIs. */
final class ApiCacheIT {
    private static final String DOCUMENT =
            """
            {"openapi":"3.1.0","info":{"title":"Shop","version":"1"},"x-runnel-task":"hello",
             "security":[],
             "paths":{
              "/kept":{"get":{"x-runnel-cache":{"maxAge":"10s"}},"put":{}},
              "/stale":{"get":{"x-runnel-cache":
                {"maxAge":"10s","staleWhileRevalidate":"20s","staleIfError":"1h"}}},
              "/error":{"get":{"x-runnel-cache":{"maxAge":"10s","staleIfError":"1h"}}},
              "/lang":{"get":{"x-runnel-cache":"10s",
                              "x-runnel-parameters":{"lang":"{header.accept-language}"}}},
              "/mine":{"get":{"security":[{"key":[]}],"x-runnel-cache":"10s"}},
              "/ours":{"get":{"security":[{"key":[]}],
                              "x-runnel-cache":{"maxAge":"10s","authenticated":true}}},
              "/never":{"get":{}}}}
            """;

    private final BlockingQueue<EdgeCall> calls = new LinkedBlockingQueue<>();
    private volatile Consumer<EdgeCall> task = ApiCacheIT::tell;
    private ApiEdge edge;
    private int asked;

    @BeforeEach
    void start() throws Exception {
        edge =
                new ApiEdge(
                        DOCUMENT,
                        call -> {
                            calls.add(call);
                            task.accept(call);
                        });
    }

    @AfterEach
    void stop() throws Exception {
        edge.close();
    }

    private static void tell(EdgeCall call) {
        call.exchange()
                .response()
                .putHeader("Etag", "\"1\"")
                .putHeader("Runnel-Ran-At", "here")
                .putHeader("Server-Timing", "run;dur=1")
                .end(call.exchange().id().value());
    }

    private static void fail(EdgeCall call) {
        call.exchange().response().putHeader("Runnel-Ran-At", "nowhere");
        call.exchange().refuse(ErrorCode.TASK_TRAPPED);
    }

    private static String status(HttpResponse<String> answer) {
        return answer.headers().firstValue("Cache-Status").orElse("");
    }

    /** How many calls came to the task since this was asked last. */
    private int asked() {
        int before = asked;
        asked = calls.size();
        return asked - before;
    }

    @Test
    void anAnswerIsGivenAgainAsLongAsItsRouteSays() throws Exception {
        HttpResponse<String> first = edge.get("/kept");
        assertEquals("runnel; fwd=uri-miss; stored", status(first));
        edge.sleep(Duration.ofSeconds(9));
        HttpResponse<String> second = edge.get("/kept");
        assertEquals("runnel; hit; ttl=1", status(second));
        assertEquals(first.body(), second.body());
        assertEquals("9", second.headers().firstValue("Age").orElse(""));
        assertEquals("\"1\"", second.headers().firstValue("Etag").orElse(""));
        assertEquals(1, second.headers().allValues("Runnel-Request-Id").size());
        assertNotEquals(
                first.headers().firstValue("Runnel-Request-Id"),
                second.headers().firstValue("Runnel-Request-Id"),
                "each call has its own id");
        assertEquals(Optional.of("here"), first.headers().firstValue("Runnel-Ran-At"));
        for (String name : new String[] {"Runnel-Ran-At", "Server-Timing"}) {
            assertEquals(Optional.empty(), second.headers().firstValue(name), name);
        }
        assertEquals(1, asked());
        assertNotEquals(first.body(), edge.get("/kept?a=b").body(), "of this query only");
        edge.sleep(Duration.ofSeconds(1));
        assertNotEquals(first.body(), edge.get("/kept").body());
        assertEquals(Optional.empty(), edge.get("/never").headers().firstValue("Cache-Status"));
        assertEquals(3, asked());
    }

    @Test
    void whoHasItAlreadyIsToldSo() throws Exception {
        edge.get("/kept");
        HttpResponse<String> again =
                edge.send(edge.request("/kept").header("If-None-Match", "\"1\""));
        assertEquals(304, again.statusCode());
        assertEquals("", again.body());
        HttpResponse<String> head = edge.send("HEAD", "/kept", "");
        assertEquals(200, head.statusCode());
        assertEquals("26", head.headers().firstValue("Content-Length").orElse(""));
        assertEquals(1, asked());
    }

    @Test
    void whatMayBeGivenStaleIsGivenAtOnceAndAskedForBehindTheCallersBack() throws Exception {
        HttpResponse<String> first = edge.get("/stale");
        assertEquals(1, asked());
        edge.sleep(Duration.ofSeconds(15));
        BlockingQueue<EdgeCall> held = new LinkedBlockingQueue<>();
        task = held::add;
        HttpResponse<String> second = edge.get("/stale");
        assertEquals(first.body(), second.body());
        assertEquals("runnel; hit; ttl=-5", status(second));
        assertEquals(first.body(), edge.get("/stale").body(), "one asks for all");
        assertEquals(1, asked());
        EdgeCall aside = held.poll(20, TimeUnit.SECONDS);
        assertEquals("/stale", aside.rest());
        assertNotEquals(
                second.headers().firstValue("Runnel-Request-Id").orElseThrow(),
                aside.exchange().id().value());
        task = ApiCacheIT::tell;
        CompletableFuture<Void> told = new CompletableFuture<>();
        aside.exchange()
                .onLoop(
                        () -> {
                            tell(aside);
                            told.complete(null);
                        });
        told.get(20, TimeUnit.SECONDS);
        String now = aside.exchange().id().value();
        HttpResponse<String> third = edge.get("/stale");
        assertEquals(now, third.body());
        assertEquals("runnel; hit; ttl=10", status(third));
        assertTrue(aside.exchange().isFinished());
        assertEquals(0, asked());
    }

    @Test
    void aRouteServesWhileItsTaskFails() throws Exception {
        HttpResponse<String> first = edge.get("/error");
        edge.sleep(Duration.ofSeconds(60));
        task = ApiCacheIT::fail;
        HttpResponse<String> second = edge.get("/error");
        assertEquals(200, second.statusCode(), second.body());
        assertEquals(first.body(), second.body());
        assertEquals("runnel; fwd=stale; fwd-status=502; detail=stale-if-error", status(second));
        assertEquals("60", second.headers().firstValue("Age").orElse(""));
        assertEquals(Optional.empty(), second.headers().firstValue("Runnel-Ran-At"));
        assertEquals(2, asked());
        task =
                call -> {
                    edge.sleep(Duration.ofHours(1));
                    fail(call);
                };
        assertEquals(502, edge.get("/error").statusCode(), "not for ever, by when it fails");
        task = ApiCacheIT::fail;
        assertEquals(502, edge.get("/error").statusCode());
        task = ApiCacheIT::tell;
        assertEquals("runnel; fwd=stale; stored", status(edge.get("/error")));
    }

    @Test
    void aFailureBehindTheCallersBackLeavesWhatThereIs() throws Exception {
        HttpResponse<String> first = edge.get("/stale");
        edge.sleep(Duration.ofSeconds(15));
        task = ApiCacheIT::fail;
        assertEquals(first.body(), edge.get("/stale").body());
        assertEquals(first.body(), edge.get("/stale").body());
        assertEquals(2, asked());
    }

    @Test
    void whatOneIsAnsweredIsNotGivenToAnother() throws Exception {
        edge.grant(
                new GrantRecord(
                        ApiEdge.SHOP,
                        Grantee.of(new AccountId("beta")),
                        "default",
                        Qualifier.NONE,
                        GrantRecord.Effect.ALLOW,
                        false,
                        GrantRecord.Placement.CALLER,
                        GrantTerms.NONE));
        for (String path : new String[] {"/mine", "/kept"}) {
            HttpResponse<String> first = edge.send(edge.as("beta", edge.request(path)));
            assertEquals("runnel; fwd=bypass", status(first), path);
            assertNotEquals(
                    first.body(), edge.send(edge.as("beta", edge.request(path))).body(), path);
        }
        HttpResponse<String> beta = edge.send(edge.as("beta", edge.request("/ours")));
        assertEquals(beta.body(), edge.send(edge.as("beta", edge.request("/ours"))).body());
        assertNotEquals(beta.body(), edge.send(edge.as("demo", edge.request("/ours"))).body());
        HttpRequest.Builder cookie = edge.request("/kept").header("Cookie", "user=7");
        assertEquals("runnel; fwd=bypass", status(edge.send(cookie)));
    }

    @Test
    void whatARouteTakesFromHeadersKeepsAnswersApart() throws Exception {
        HttpRequest.Builder nl = edge.request("/lang").header("Accept-Language", "nl");
        HttpResponse<String> first = edge.send(nl);
        assertEquals(first.body(), edge.send(nl).body());
        assertEquals(Optional.of("accept-language"), first.headers().firstValue("Vary"));
        assertNotEquals(
                first.body(),
                edge.send(edge.request("/lang").header("Accept-Language", "de")).body());
    }

    @Test
    void aWriteMakesWhatIsKeptOfItsPathUntrue() throws Exception {
        HttpResponse<String> first = edge.get("/kept");
        task = ApiCacheIT::fail;
        assertEquals(502, edge.send("PUT", "/kept", "x").statusCode());
        task = ApiCacheIT::tell;
        assertEquals(first.body(), edge.get("/kept").body(), "one that failed changed nothing");
        assertEquals(200, edge.send("PUT", "/kept", "x").statusCode());
        HttpResponse<String> second = edge.get("/kept");
        assertNotEquals(first.body(), second.body());
        HttpRequest.Builder keyed = edge.request("/kept").PUT(BodyPublishers.ofString("x"));
        assertEquals(200, edge.send(edge.as("demo", keyed)).statusCode());
        assertNotEquals(second.body(), edge.get("/kept").body(), "whoever writes");
    }

    @Test
    void anotherRevisionHasNothingOfTheOneBefore() throws Exception {
        HttpResponse<String> first = edge.get("/kept");
        edge.publish(2, DOCUMENT);
        assertNotEquals(first.body(), edge.get("/kept").body());
    }

    @Test
    void anAnswerThatComesInPartsIsKeptOnceItIsWhole() throws Exception {
        task =
                call -> {
                    var response = call.exchange().response();
                    response.setChunked(true);
                    var unused = response.write(Buffer.buffer("one "));
                    call.exchange().onLoop(() -> response.end(Buffer.buffer("two")));
                };
        assertEquals("one two", edge.get("/kept").body());
        HttpResponse<String> again = edge.get("/kept");
        assertEquals("one two", again.body());
        assertEquals("runnel; hit; ttl=10", status(again));
        assertEquals(1, edge.cache.counts().entries());
    }

    @Test
    void whoWantsOnlyWhatIsKeptIsNotMadeToWait() throws Exception {
        HttpRequest.Builder only = edge.request("/kept").header("Cache-Control", "only-if-cached");
        HttpResponse<String> none = edge.send(only);
        assertEquals(504, none.statusCode());
        assertEquals("runnel; detail=only-if-cached", status(none));
        edge.get("/kept");
        assertEquals(200, edge.send(only).statusCode());
        assertEquals(1, asked());
    }
}
