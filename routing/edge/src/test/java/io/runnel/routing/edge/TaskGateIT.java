package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The task is {@code demo/hello}. */
class TaskGateIT {
    private static final String FROM = "192.0.2.1";

    private GatedCalls calls;

    @BeforeEach
    void start() throws Exception {
        calls = new GatedCalls(next -> new TaskGate(next));
    }

    @AfterEach
    void stop() throws Exception {
        calls.close();
    }

    private HttpResponse<String> ask(String... headers) throws Exception {
        return calls.ask(FROM, headers).get(20, TimeUnit.SECONDS);
    }

    @Test
    void asManyAreUnderWayAsTheOwnerSaysWhoeverCalls() throws Exception {
        CompletableFuture<HttpResponse<String>> first =
                calls.ask(FROM, "Key", "beta", "At-Once", "2");
        EdgeCall held = calls.next();
        CompletableFuture<HttpResponse<String>> second = calls.ask(FROM, "At-Once", "2");
        EdgeCall other = calls.next();
        HttpResponse<String> refused = ask("Key", "gamma", "At-Once", "2");
        assertEquals(429, refused.statusCode(), refused::body);
        assertEquals("rate-limited", refused.headers().firstValue("Runnel-Not-Run").orElse(""));
        assertTrue(refused.body().contains("demo/hello 2 calls may be under way"), refused::body);
        CompletableFuture<HttpResponse<String>> counted =
                calls.ask(FROM, "Forwarded-Here", "yes", "At-Once", "2");
        GatedCalls.answer(calls.next());
        assertEquals(200, counted.get(20, TimeUnit.SECONDS).statusCode());
        GatedCalls.answer(held);
        assertEquals(200, first.get(20, TimeUnit.SECONDS).statusCode());
        CompletableFuture<HttpResponse<String>> third = calls.ask(FROM, "At-Once", "2");
        GatedCalls.answer(calls.next());
        assertEquals(200, third.get(20, TimeUnit.SECONDS).statusCode());
        GatedCalls.answer(other);
        assertEquals(200, second.get(20, TimeUnit.SECONDS).statusCode());
    }

    @Test
    void whatARegionKeepsIsCountedWhenItRuns() throws Exception {
        CompletableFuture<HttpResponse<String>> kept =
                calls.ask(FROM, "Event", "yes", "At-Once", "0");
        GatedCalls.answer(calls.next());
        assertEquals(200, kept.get(20, TimeUnit.SECONDS).statusCode());
    }

    @Test
    void noneIsALimitTooAndNoLimitIsNone() throws Exception {
        assertEquals(429, ask("At-Once", "0").statusCode());
        CompletableFuture<HttpResponse<String>> call = calls.ask(FROM);
        GatedCalls.answer(calls.next());
        assertEquals(200, call.get(20, TimeUnit.SECONDS).statusCode());
    }
}
