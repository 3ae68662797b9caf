package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.usage.RequestDigest;
import io.runnel.routing.usage.UsageBatch;
import io.runnel.routing.usage.UsageOutcome;
import io.runnel.routing.usage.UsageRecord;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** What an account is told of what it pays for, and of what others pay for its tasks. */
final class UsageIT {
    private static final UsageBatch.Spool SPOOL =
            new UsageBatch.Spool(new NodeName("ams"), "0123456789abcdef");

    @TempDir Path folder;
    private final Random random = new Random(1);
    private final List<UsageBatch.Entry> entries = new ArrayList<>();
    private TestRegion region;
    private TestClient demo;

    @BeforeEach
    void start() throws IOException {
        region = new TestRegion(folder, TestRegion.WEST);
        demo = region.client(region.demo);
    }

    @AfterEach
    void stop() {
        region.close();
    }

    private RequestId ran(String payer, String task, UsageOutcome outcome, long millis) {
        String[] names = task.split("/", 2);
        UsageRecord record =
                new UsageRecord(
                        RequestId.next(1, random),
                        Instant.now().toEpochMilli(),
                        new AccountId(payer),
                        Optional.of(region.demo.id().value()),
                        TaskRef.of(names[0], names[1]),
                        2,
                        TestRegion.WEST,
                        StartKind.COLD,
                        outcome,
                        0,
                        millis * 1_000_000,
                        500_000,
                        1 << 30,
                        7,
                        11,
                        Optional.of("pay@stable"),
                        new RequestDigest(1, 2));
        entries.add(new UsageBatch.Entry(entries.size(), record));
        return record.id();
    }

    private void keep() {
        region.store
                .usage()
                .take(new UsageBatch(SPOOL, 0, 1000, entries), Instant.now())
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    /** Of whom, and why, is for those who keep the network. */
    @Test
    void administratorsSeeWhatWasNotBelieved() {
        ran("demo", "acme/charge", UsageOutcome.COMPLETED, 250);
        region.store
                .usage()
                .quarantine(new UsageBatch(SPOOL, 0, 1000, entries), "too much", Instant.now())
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
        TestClient admin = region.client(region.admin);
        JsonNode batches = admin.get("/v1/regions/eu-west/quarantine").json().path("batches");
        assertEquals(1, batches.size(), batches::toString);
        JsonNode batch = batches.get(0);
        assertEquals("too much", batch.path("reason").asText());
        assertEquals(1, batch.path("records").asInt());
        assertEquals(1000, batch.path("to").asInt());
        assertEquals(SPOOL.node().value(), batch.path("node").asText());
        assertEquals(403, demo.get("/v1/regions/eu-west/quarantine").status());
        assertEquals(0, demo.get("/v1/usage").json().path("usage").size(), "nobody pays for it");
    }

    @Test
    void thePayerSeesItsCallsAndTheOwnerThatOthersCalled() {
        RequestId id = ran("demo", "acme/charge", UsageOutcome.COMPLETED, 250);
        ran("demo", "acme/charge", UsageOutcome.TIMED_OUT, 750);
        ran("demo", "demo/own", UsageOutcome.COMPLETED, 1);
        ran("beta", "demo/own", UsageOutcome.COMPLETED, 2);
        ran("beta", "acme/charge", UsageOutcome.COMPLETED, 4);
        keep();
        JsonNode rows = demo.get("/v1/usage").json().path("usage");
        assertEquals(2, rows.size(), rows::toString);
        JsonNode charge = rows.get(0);
        assertEquals("acme/charge", charge.path("task").asText());
        assertEquals(2, charge.path("calls").asInt());
        assertEquals(1, charge.path("failed").asInt());
        assertEquals(1000, charge.path("milliseconds").asInt());
        assertEquals(1.0, charge.path("gbSeconds").asDouble(), 1e-9);
        assertEquals(1, charge.path("cpuMilliseconds").asInt());
        assertEquals(14, charge.path("bytesIn").asInt());
        assertEquals(22, charge.path("bytesOut").asInt());
        JsonNode owned = demo.get("/v1/regions/eu-west/usage").json().path("usage");
        assertEquals(2, owned.size(), owned::toString);
        assertFalse(owned.toString().contains("beta"), "who they are is not told");
        assertEquals(List.of("demo/own", "demo/own"), owned.findValuesAsText("task"));
        assertEquals(List.of("false", "true"), owned.findValuesAsText("own"));
        JsonNode calls = demo.get("/v1/usage/calls").json().path("calls");
        assertEquals(3, calls.size(), calls::toString);
        JsonNode first =
                calls.findParents("requestId").stream()
                        .filter(one -> one.path("requestId").asText().equals(id.value()))
                        .findFirst()
                        .orElseThrow();
        assertEquals("completed", first.path("outcome").asText());
        assertEquals("cold", first.path("start").asText());
        assertEquals(250, first.path("milliseconds").asInt());
        assertEquals(region.demo.id().value(), first.path("key").asText());
        assertEquals("pay@stable", first.path("by").asText());
        assertEquals("00000000000000010000000000000002", first.path("digest").asText());
    }

    @Test
    void daysAndTimesLimitWhatIsTold() {
        ran("demo", "demo/own", UsageOutcome.COMPLETED, 1);
        keep();
        LocalDate today = LocalDate.ofInstant(Instant.now(), ZoneOffset.UTC);
        String past = "/v1/usage?from=%s&to=%s".formatted(today.minusDays(9), today.minusDays(2));
        assertEquals(0, demo.get(past).json().path("usage").size());
        assertEquals(
                0,
                demo.get("/v1/usage/calls?to=2020-01-01T00:00:00Z&from=2019-01-01T00:00:00Z")
                        .json()
                        .path("calls")
                        .size());
        for (String bad :
                List.of(
                        "/v1/usage?from=yesterday",
                        "/v1/usage?from=2027-02-01&to=2027-01-01",
                        "/v1/regions/moon/usage",
                        "/v1/usage/calls?from=2027-01-01",
                        "/v1/usage/calls?limit=0")) {
            assertEquals("invalid-request", demo.get(bad).code(), bad);
        }
        assertEquals("account-not-found", demo.get("/v1/usage?account=admin").code());
        assertEquals(401, region.anonymous().get("/v1/usage").status());
    }

    @Test
    void theBillSaysWhatIsUsedOfTheBudget() {
        ran("demo", "acme/charge", UsageOutcome.COMPLETED, 250);
        ran("beta", "acme/charge", UsageOutcome.COMPLETED, 4);
        keep();
        assertFalse(demo.get("/v1/usage").json().has("budget"));
        assertEquals(
                200,
                region.client(region.admin)
                        .put("/v1/accounts/demo/quota", "{\"gbSeconds\":2}")
                        .status());
        JsonNode budget = demo.get("/v1/usage?from=2020-01-01&to=2020-01-01").json().path("budget");
        assertEquals(2, budget.path("gbSeconds").asInt());
        assertEquals(0.25, budget.path("used").asDouble(), 1e-9);
        assertEquals(7, budget.path("month").asText().length());
    }
}
