package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.TaskRecord;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The task is {@code demo/hello}. */
class TaskGateIT {
    private static final TaskRef HELLO = TaskRef.of("demo", "hello");
    private static final String FROM = "192.0.2.1";

    private final TestCatalog catalog = new TestCatalog();
    private GatedCalls calls;

    @BeforeEach
    void start() throws Exception {
        calls = new GatedCalls(next -> new TaskGate(catalog.holder(), next));
        catalog.say(new AccountRecord(HELLO.account(), TestCatalog.HOME, false));
    }

    @AfterEach
    void stop() throws Exception {
        calls.close();
    }

    private void limit(OptionalInt calls) {
        catalog.say(new TaskRecord(HELLO, 1, 1, true, Optional.empty()).atMost(calls));
    }

    private HttpResponse<String> ask(String... headers) throws Exception {
        return calls.ask(FROM, headers).get(20, TimeUnit.SECONDS);
    }

    @Test
    void asManyAreUnderWayAsTheOwnerSaysWhoeverCalls() throws Exception {
        limit(OptionalInt.of(2));
        CompletableFuture<HttpResponse<String>> first = calls.ask(FROM, "Key", "beta");
        EdgeCall held = calls.next();
        CompletableFuture<HttpResponse<String>> second = calls.ask(FROM);
        EdgeCall other = calls.next();
        HttpResponse<String> refused = ask("Key", "gamma");
        assertEquals(429, refused.statusCode(), refused::body);
        assertEquals("rate-limited", refused.headers().firstValue("Runnel-Not-Run").orElse(""));
        assertTrue(refused.body().contains("demo/hello 2 calls may be under way"), refused::body);
        CompletableFuture<HttpResponse<String>> counted = calls.ask(FROM, "Forwarded-Here", "yes");
        GatedCalls.answer(calls.next());
        assertEquals(200, counted.get(20, TimeUnit.SECONDS).statusCode());
        GatedCalls.answer(held);
        assertEquals(200, first.get(20, TimeUnit.SECONDS).statusCode());
        CompletableFuture<HttpResponse<String>> third = calls.ask(FROM);
        GatedCalls.answer(calls.next());
        assertEquals(200, third.get(20, TimeUnit.SECONDS).statusCode());
        GatedCalls.answer(other);
        assertEquals(200, second.get(20, TimeUnit.SECONDS).statusCode());
    }

    @Test
    void noneIsALimitTooAndNoLimitIsNone() throws Exception {
        limit(OptionalInt.of(0));
        assertEquals(429, ask().statusCode());
        limit(OptionalInt.empty());
        CompletableFuture<HttpResponse<String>> call = calls.ask(FROM);
        GatedCalls.answer(calls.next());
        assertEquals(200, call.get(20, TimeUnit.SECONDS).statusCode());
    }
}
