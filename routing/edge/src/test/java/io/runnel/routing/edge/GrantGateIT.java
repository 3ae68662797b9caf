package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Time stands still but for what a test lets pass. */
class GrantGateIT {
    private static final String FROM = "192.0.2.1";

    private final AtomicLong nowNanos = new AtomicLong(-5);
    private GatedCalls calls;

    @BeforeEach
    void start() throws Exception {
        calls = new GatedCalls(next -> new GrantGate(nowNanos::get, next));
    }

    @AfterEach
    void stop() throws Exception {
        calls.close();
    }

    private HttpResponse<String> ask(String... headers) throws Exception {
        return calls.ask(FROM, headers).get(20, TimeUnit.SECONDS);
    }

    private void passes(String... headers) throws Exception {
        CompletableFuture<HttpResponse<String>> asked = calls.ask(FROM, headers);
        GatedCalls.answer(calls.next());
        assertEquals(200, asked.get(20, TimeUnit.SECONDS).statusCode());
    }

    @Test
    void eachAccountCallsAsFastAsEachGrantSays() throws Exception {
        passes("Key", "beta", "Granted", "2");
        passes("Key", "beta", "Granted", "2");
        HttpResponse<String> refused = ask("Key", "beta", "Granted", "2");
        assertEquals(429, refused.statusCode(), refused::body);
        assertEquals("1", refused.headers().firstValue("Retry-After").orElse(""));
        assertEquals("rate-limited", refused.headers().firstValue("Runnel-Not-Run").orElse(""));
        assertTrue(
                refused.body().contains("grant allows 2 calls a second at each node"),
                refused::body);
        passes("Key", "gamma", "Granted", "2");
        passes("Key", "beta", "Granted", "3");
        nowNanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(500));
        passes("Key", "beta", "Granted", "2");
        assertEquals(429, ask("Key", "beta", "Granted", "2").statusCode());
    }

    @Test
    void whatAnotherNodeCountedIsNotCounted() throws Exception {
        passes("Key", "beta", "Granted", "1");
        assertEquals(429, ask("Key", "beta", "Granted", "1").statusCode());
        passes("Key", "beta", "Granted", "1", "Forwarded-Here", "yes");
        passes("Key", "beta");
    }
}
