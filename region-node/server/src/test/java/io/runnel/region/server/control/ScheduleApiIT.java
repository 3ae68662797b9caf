package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ScheduleName;
import io.runnel.region.server.control.TestClient.Answer;
import io.runnel.routing.catalog.Scheduled;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** By which calendars tasks are called, by the control API. */
final class ScheduleApiIT {
    private static final String ALL = "/v1/schedules";
    private static final String NIGHTLY = ALL + "/nightly";
    private static final String DAILY = "{\"task\":\"report\",\"cron\":\"@daily\"}";

    @TempDir Path folder;
    private TestRegion region;
    private TestClient demo;

    @BeforeEach
    void start() throws IOException {
        region = new TestRegion(folder, TestRegion.WEST);
        demo = region.client(region.demo);
        assertEquals(201, demo.deploy("report", "good one", ",\"handler\":\"event\"").status());
        assertEquals(201, demo.deploy("page", "good two", "").status());
    }

    @AfterEach
    void stop() {
        region.runtime.release.countDown();
        region.close();
    }

    private Map<ScheduleName, Scheduled> kept() {
        return region.catalog.current().schedules(new AccountId("demo"));
    }

    private static String midnight() {
        return OffsetDateTime.now(ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.DAYS)
                .plusDays(1)
                .toInstant()
                .toString();
    }

    @Test
    void oneIsMadeChangedAndDeleted() {
        String body =
                "{\"task\":\"report@1\",\"cron\":\"0 6 * * MON-FRI\",\"zone\":\"Europe/Amsterdam\","
                        + "\"payload\":\"{\\\"n\\\": 1}\",\"catchUp\":\"90m\",\"paused\":true}";
        Answer made = demo.put(NIGHTLY, body);
        assertEquals(201, made.status(), made::toString);
        assertEquals(NIGHTLY, made.header("Location"));
        String shown =
                "{\"name\":\"nightly\",\"task\":\"report@1\",\"cron\":\"0 6 * * MON-FRI\","
                        + "\"zone\":\"Europe/Amsterdam\",\"catchUp\":\"90m\",\"paused\":true";
        assertEquals(shown + ",\"payload\":\"{\\\"n\\\": 1}\"}", made.json().toString());
        Answer again = demo.get(NIGHTLY);
        assertEquals(made.json(), again.json());
        assertEquals(made.header("ETag"), again.header("ETag"));
        assertEquals(304, demo.get(NIGHTLY, "If-None-Match", made.header("ETag")).status());
        Answer listed = demo.get(ALL);
        assertEquals(
                "{\"schedules\":[" + shown + "}]}",
                listed.json().toString(),
                "a list tells no payloads");
        Answer changed = demo.put(NIGHTLY, DAILY, "If-Match", made.header("ETag"));
        assertEquals(200, changed.status(), changed::toString);
        assertEquals("UTC", changed.json().path("zone").asText(), "what is not said is as usual");
        assertEquals("0s", changed.json().path("catchUp").asText());
        assertFalse(changed.json().path("paused").asBoolean());
        assertEquals(412, demo.put(NIGHTLY, DAILY, "If-Match", made.header("ETag")).status());
        assertEquals(412, demo.put(NIGHTLY, DAILY, "If-None-Match", "*").status());
        assertEquals(412, demo.delete(NIGHTLY, "If-Match", made.header("ETag")).status());
        assertEquals(204, demo.delete(NIGHTLY).status());
        assertEquals("schedule-not-found", demo.delete(NIGHTLY).code());
        assertEquals("schedule-not-found", demo.get(NIGHTLY).code());
        assertEquals("schedule-not-found", demo.get(ALL + "/A").code());
        assertEquals(Map.of(), kept());
    }

    @Test
    void theNextTickIsTold() {
        String before = midnight();
        Answer made = demo.put(NIGHTLY, DAILY);
        String next = made.json().path("next").asText();
        assertTrue(List.of(before, midnight()).contains(next), made::toString);
        region.ahead = Duration.ofDays(3);
        Instant later = Instant.parse(next).plus(Duration.ofDays(3));
        for (Answer told : new Answer[] {demo.get(NIGHTLY), demo.put(NIGHTLY, DAILY)}) {
            Instant said = Instant.parse(told.json().path("next").asText());
            assertTrue(!said.isBefore(later), told::toString);
        }
        String listed = demo.get(ALL).json().at("/schedules/0/next").asText();
        assertTrue(!Instant.parse(listed).isBefore(later), listed);
    }

    @Test
    void badOnesAreRefusedByName() {
        Map<String, String> wrong =
                Map.ofEntries(
                        Map.entry("{\"cron\":\"@daily\"}", "task: "),
                        Map.entry("{\"task\":\"report\"}", "cron: "),
                        Map.entry("{\"task\":\"Report\",\"cron\":\"@daily\"}", "task: "),
                        Map.entry("{\"task\":\"report@\",\"cron\":\"@daily\"}", "task: "),
                        Map.entry("{\"task\":\"page\",\"cron\":\"@daily\"}", "task: must take"),
                        Map.entry(said("\"cron\":7"), "cron: "),
                        Map.entry(said("\"cron\":\"* * * *\""), "cron: must be five fields"),
                        Map.entry(said("\"cron\":\"61 * * * *\""), "cron: minute must be"),
                        Map.entry(said("\"cron\":\"* * * * FRI-MON\""), "cron: day of the week"),
                        Map.entry(said("\"cron\":\"0 0 30 2 *\""), "cron: means no moment"),
                        Map.entry(said("\"cron\":\"" + "*".repeat(129) + "\""), "cron: must be at"),
                        Map.entry(said("\"cron\":\"*\\t* * * *\""), "cron: must be 1 to 128"),
                        Map.entry(daily("\"zone\":\"Mars/Olympus\""), "zone: must be a time zone"),
                        Map.entry(daily("\"zone\":\"+02:00\""), "zone: "),
                        Map.entry(daily("\"payload\":\"{\""), "payload: must be JSON"),
                        Map.entry(daily("\"payload\":\"{} x\""), "payload: must be JSON"),
                        Map.entry(daily("\"payload\":\"\""), "payload: must be JSON"),
                        Map.entry(daily("\"payload\":{}"), "payload: must be a text"),
                        Map.entry(
                                daily("\"payload\":\"\\\"" + "é".repeat(8_192) + "\\\"\""),
                                "payload: must be 1 to 16384 bytes"),
                        Map.entry(daily("\"payload\":\"\\\"\\ud800\\\"\""), "payload: "),
                        Map.entry(daily("\"catchUp\":\"25h\""), "catchUp: must be 0 to 86400"),
                        Map.entry(daily("\"catchUp\":\"1500ms\""), "catchUp: "),
                        Map.entry(daily("\"catchUp\":\"999999999999d\""), "catchUp: "),
                        Map.entry(daily("\"catchUp\":\"soon\""), "catchUp: "),
                        Map.entry(daily("\"paused\":\"yes\""), "paused: "),
                        Map.entry(daily("\"timezone\":\"UTC\""), "timezone: is no field"));
        wrong.forEach(
                (body, rule) -> {
                    Answer answer = demo.put(NIGHTLY, body);
                    assertEquals("invalid-request", answer.code(), () -> body + " " + answer);
                    String detail = answer.json().path("detail").asText();
                    assertTrue(detail.startsWith(rule), () -> body + " " + answer);
                    assertFalse(detail.contains("com.cronutils"), detail);
                });
        Answer badName = demo.put(ALL + "/Nightly", DAILY);
        assertEquals("invalid-request", badName.code(), badName::toString);
        assertTrue(badName.json().path("detail").asText().startsWith("schedule: "));
        assertEquals(Map.of(), kept());
    }

    private static String said(String field) {
        return "{\"task\":\"report\"," + field + "}";
    }

    private static String daily(String field) {
        return said("\"cron\":\"@daily\"," + field);
    }

    @Test
    void whatIsToBeCalledHasToBeThere() {
        assertEquals("task-not-found", demo.put(NIGHTLY, DAILY.replace("report", "none")).code());
        assertEquals(
                "version-not-found", demo.put(NIGHTLY, DAILY.replace("report", "report@7")).code());
        String stable = DAILY.replace("report", "report@stable");
        assertEquals("alias-not-found", demo.put(NIGHTLY, stable).code());
        assertEquals(201, demo.put("/v1/tasks/report/aliases/stable", "{\"version\":1}").status());
        assertEquals(201, demo.put(NIGHTLY, stable).status());
        assertEquals(201, demo.deploy("report", "good three", ",\"handler\":\"http\"").status());
        assertEquals(200, demo.put(NIGHTLY, stable).status(), "version 1 takes events");
        assertEquals("invalid-request", demo.put(NIGHTLY, DAILY).code(), "version 2 does not");
    }

    @Test
    void anAccountHasAHundred() {
        for (int i = 0; i < ScheduleOperations.MOST_SCHEDULES; i++) {
            assertEquals(201, demo.put(ALL + "/s" + i, DAILY).status());
        }
        assertEquals("limit-reached", demo.put(NIGHTLY, DAILY).code());
        assertEquals(200, demo.put(ALL + "/s7", DAILY).status(), "one that there is");
        assertEquals(100, demo.get(ALL).json().path("schedules").size());
    }

    private TestClient key(String body) {
        TestClient admin = region.client(region.admin);
        Answer key = admin.post("/v1/accounts/demo/keys", body);
        assertEquals(201, key.status(), key::toString);
        return new TestClient(region.port, key.json().path("token").asText());
    }

    @Test
    void aKeyForSomeTasksIsForWhatCallsThese() {
        assertEquals(201, demo.deploy("other", "good one", ",\"handler\":\"event\"").status());
        TestClient some = key("{\"scopes\":[\"deploy\"],\"tasks\":[\"demo/rep*\"]}");
        String other = DAILY.replace("report", "other");
        assertEquals("access-denied", some.put(NIGHTLY, other).code());
        assertEquals(201, some.put(NIGHTLY, DAILY).status());
        assertEquals("access-denied", some.put(NIGHTLY, other).code());
        assertEquals(200, demo.put(NIGHTLY, other).status());
        assertEquals("access-denied", some.put(NIGHTLY, DAILY).code(), "it calls another's");
        assertEquals("access-denied", some.get(NIGHTLY).code());
        assertEquals("access-denied", some.delete(NIGHTLY).code());
        TestClient calls = key("{\"scopes\":[\"invoke\"]}");
        assertEquals("access-denied", calls.put(NIGHTLY, DAILY).code());
        assertEquals("access-denied", calls.get(ALL).code());
        assertEquals(401, region.anonymous().get(ALL).status());
    }

    @Test
    void nobodyElseSeesThem() {
        assertEquals(201, demo.put(NIGHTLY, DAILY).status());
        TestClient admin = region.client(region.admin);
        assertEquals(0, admin.get(ALL).json().path("schedules").size());
        assertEquals(1, admin.get(ALL + "?account=demo").json().path("schedules").size());
        assertEquals(200, admin.put(NIGHTLY + "?account=demo", DAILY).status());
        assertEquals("account-not-found", demo.get(ALL + "?account=admin").code());
        region.mayWrite = false;
        assertEquals("minority", demo.put(NIGHTLY, DAILY).code());
        assertEquals("minority", demo.delete(NIGHTLY).code());
        assertEquals(200, demo.get(NIGHTLY).status());
    }
}
