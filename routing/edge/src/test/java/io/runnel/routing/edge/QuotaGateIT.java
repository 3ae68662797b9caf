package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.AccountId;
import io.runnel.routing.catalog.AccountQuota;
import io.runnel.routing.catalog.AccountRecord;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.YearMonth;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** The task is {@code demo}'s, which pays for calls without a key. */
class QuotaGateIT {
    private static final String FROM = "192.0.2.1";
    private static final YearMonth JANUARY = YearMonth.of(2027, 1);

    private final TestCatalog catalog = new TestCatalog();
    private Instant now = Instant.parse("2027-01-31T23:59:59Z");
    private GatedCalls calls;

    @BeforeEach
    void start() throws Exception {
        calls =
                new GatedCalls(
                        next -> new QuotaGate(catalog.holder(), () -> now, System::nanoTime, next));
    }

    @AfterEach
    void stop() throws Exception {
        calls.close();
    }

    private static AccountRecord limited(String account, int concurrent) {
        var quota =
                new AccountQuota(
                        OptionalInt.of(concurrent), OptionalInt.empty(), OptionalInt.empty());
        return new AccountRecord(new AccountId(account), TestCatalog.HOME, false).with(quota);
    }

    private HttpResponse<String> refused(String... headers) throws Exception {
        HttpResponse<String> answer = calls.ask(FROM, headers).get(20, TimeUnit.SECONDS);
        assertEquals(429, answer.statusCode(), answer::body);
        return answer;
    }

    private void passes(String... headers) throws Exception {
        var answer = calls.ask(FROM, headers);
        GatedCalls.answer(calls.next());
        assertEquals(200, answer.get(20, TimeUnit.SECONDS).statusCode());
    }

    @Test
    void whoPaysHasSoManyUnderWayAndOthersPass() throws Exception {
        catalog.say(limited("demo", 1), limited("beta", 1));
        var first = calls.ask(FROM, "Key", "beta");
        EdgeCall held = calls.next();
        HttpResponse<String> refused = refused("Key", "beta");
        assertEquals("rate-limited", refused.headers().firstValue("Runnel-Not-Run").orElseThrow());
        assertEquals("1", refused.headers().firstValue("Retry-After").orElseThrow());
        assertTrue(refused.body().contains("beta has used up its quota"), refused.body());
        // Its owner pays for whoever shows no key, and has a quota of its own.
        var nobody = calls.ask(FROM);
        EdgeCall other = calls.next();
        assertTrue(refused().body().contains("demo has used up its quota"));
        passes("Key", "free");
        passes("Key", "beta", "Forwarded-Here", "yes");
        passes("Key", "beta", "Event", "yes");
        GatedCalls.answer(held);
        GatedCalls.answer(other);
        assertEquals(200, first.get(20, TimeUnit.SECONDS).statusCode());
        assertEquals(200, nobody.get(20, TimeUnit.SECONDS).statusCode());
        passes("Key", "beta");
        passes();
    }

    @Test
    void aBudgetThatIsUsedUpHoldsForItsMonth() throws Exception {
        var quota =
                new AccountQuota(
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        OptionalInt.of(7));
        AccountRecord beta =
                new AccountRecord(new AccountId("beta"), TestCatalog.HOME, false).with(quota);
        catalog.say(beta);
        passes("Key", "beta");
        catalog.say(beta.usedUpIn(JANUARY));
        assertEquals(429, refused("Key", "beta", "Event", "yes").statusCode());
        HttpResponse<String> refused = refused("Key", "beta");
        assertTrue(refused.body().contains("budget of 7 GB-seconds in 2027-01"), refused.body());
        assertEquals(
                "budget-exhausted", refused.headers().firstValue("Runnel-Not-Run").orElseThrow());
        assertEquals("1", refused.headers().firstValue("Retry-After").orElseThrow());
        now = now.minusSeconds(86_400);
        refused = refused("Key", "beta");
        assertEquals("86401", refused.headers().firstValue("Retry-After").orElseThrow());
        now = now.plusSeconds(86_400);
        passes("Key", "beta", "Forwarded-Here", "yes");
        now = now.plusSeconds(1);
        passes("Key", "beta");
        now = now.minusSeconds(1);
        catalog.say(beta.usedUpIn(JANUARY).with(AccountQuota.NONE));
        passes("Key", "beta");
    }
}
