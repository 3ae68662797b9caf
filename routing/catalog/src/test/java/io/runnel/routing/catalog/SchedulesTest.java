package io.runnel.routing.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Schedule;
import io.runnel.exec.task.ScheduleName;
import io.runnel.exec.task.TaskName;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

final class SchedulesTest {
    private static final RegionId WEST = FeedFixture.WEST;
    private static final RegionId EAST = FeedFixture.EAST;
    private static final AccountId DEMO = new AccountId("demo");

    private final FeedFixture west = new FeedFixture(WEST, "log1");

    private static ScheduleRecord schedule(
            String name, Qualifier version, Optional<String> payload, Duration catchUp) {
        Schedule schedule =
                new Schedule(
                        DEMO,
                        new ScheduleName(name),
                        new TaskName("report"),
                        version,
                        "0 6 * * MON-FRI",
                        "Europe/Amsterdam",
                        payload,
                        catchUp);
        return new ScheduleRecord(schedule, false);
    }

    private static ScheduleRecord schedule(String name) {
        return schedule(name, Qualifier.NONE, Optional.empty(), Duration.ZERO);
    }

    private static Set<ScheduleName> names(String... names) {
        return Set.copyOf(List.of(names).stream().map(ScheduleName::new).toList());
    }

    @Test
    void allThatOneSaysComesBack() {
        for (Qualifier version : List.of(Qualifier.NONE, Qualifier.of(3), Qualifier.of("stable"))) {
            for (Optional<String> payload :
                    List.of(Optional.<String>empty(), Optional.of("{\"é\": \"\\n\"}\n"))) {
                ScheduleRecord one = schedule("nightly", version, payload, Duration.ofHours(1));
                for (ScheduleRecord each : List.of(one, new ScheduleRecord(one.schedule(), true))) {
                    assertEquals("demo/nightly", each.key());
                    String json = RecordJson.write(each);
                    assertEquals(each, RecordJson.read(RecordKind.SCHEDULE, json));
                    FeedRecord record = west.write(each);
                    assertEquals(record, FeedJson.read(FeedJson.write(record)));
                }
            }
        }
        assertFalse(
                RecordJson.write(schedule("a")).contains("paused"), "what is usual is not said");
        ScheduleRecord large =
                schedule("a", Qualifier.NONE, Optional.of("\"".repeat(1 << 14)), Duration.ZERO);
        assertEquals(large, RecordJson.read(RecordKind.SCHEDULE, RecordJson.write(large)));
    }

    @Test
    void whatNoneCanBeIsNotUnderstood() {
        String good = RecordJson.write(schedule("a"));
        for (Map.Entry<String, String> bad :
                Map.of(
                                "\"report\"", "\"Report\"",
                                "\"name\":\"a\"", "\"name\":\"-\"",
                                "\"zone\":\"Europe/Amsterdam\"", "\"zone\":7",
                                "\"zone\":", "\"catchUpSeconds\":86401,\"zone\":",
                                "\"cron\":\"0 6 * * MON-FRI\"", "\"cron\":\"\"")
                        .entrySet()) {
            String text = good.replace(bad.getKey(), bad.getValue());
            assertFalse(text.equals(good), bad.getKey());
            CatalogException e =
                    assertThrows(
                            CatalogException.class,
                            () -> RecordJson.read(RecordKind.SCHEDULE, text),
                            text);
            assertEquals(CatalogException.Code.MALFORMED, e.code());
        }
    }

    @Test
    void anAccountHasThoseThatWereWrittenLast() {
        ScheduleRecord paused = new ScheduleRecord(schedule("nightly").schedule(), true);
        Catalog one =
                Catalog.EMPTY.with(
                        List.of(
                                west.write(FeedFixture.account("demo", WEST)),
                                west.write(schedule("nightly")),
                                west.write(schedule("hourly")),
                                west.write(paused)));
        assertEquals(names("hourly", "nightly"), one.schedules(DEMO).keySet());
        assertEquals("hourly", one.schedules(DEMO).firstKey().value(), "by name");
        assertEquals(
                new Scheduled(new Stamped<>(paused, 4), FeedFixture.NOW),
                one.schedules(DEMO).get(new ScheduleName("nightly")));
        Catalog with =
                one.with(
                        List.of(
                                west.write(FeedFixture.version("demo", "report", 1)),
                                west.write(FeedFixture.task("demo", "report", 1, 1))));
        assertEquals(one.schedules(DEMO), with.schedules(DEMO), "whatever else is written");
        Catalog none = with.with(List.of(west.delete(paused), west.delete(schedule("hourly"))));
        assertEquals(Set.of(), none.schedules(DEMO).keySet());
        assertEquals(0, none.schedulesAt(WEST).count());
        for (String odd : List.of("demo", "demo/", "demo/a/b", "/a")) {
            none = none.with(List.of(west.write("schedule", odd, FeedRecord.DELETED)));
        }
        assertEquals(4, none.notUnderstood());
    }

    @Test
    void oneBeginsWhenItsHomeWroteItLast() {
        Instant first = Instant.parse("2026-11-30T06:00:00Z");
        Instant second = first.plusSeconds(7);
        WrittenLog log = new WrittenLog(WEST, "log2", first);
        log.write(FeedFixture.account("demo", WEST));
        log.write(schedule("a"));
        Catalog before = Catalog.EMPTY.with(log.records());
        assertEquals(first, before.schedulesAt(WEST).findFirst().orElseThrow().since());
        ScheduleRecord again = schedule("a");
        FeedRecord later =
                HashChain.next(
                        WEST,
                        log.head(),
                        second,
                        again.kind().label(),
                        again.key(),
                        RecordJson.write(again));
        Catalog after = before.with(List.of(later));
        assertEquals(second, after.schedulesAt(WEST).findFirst().orElseThrow().since());
        List<FeedRecord> snapshot = List.of(log.records().getFirst(), later);
        Catalog told = Catalog.EMPTY.withSnapshot(WEST, snapshot);
        assertEquals(after.schedules(DEMO), told.schedules(DEMO), "also as a snapshot");
    }

    @Test
    void whereAnAccountGoesItsSchedulesGo() {
        FeedFixture east = new FeedFixture(EAST, "log3");
        Catalog both =
                Catalog.EMPTY.with(
                        List.of(
                                west.write(FeedFixture.account("demo", WEST)),
                                west.write(schedule("nightly")),
                                east.write(schedule("old"))));
        assertEquals(names("nightly"), both.schedules(DEMO).keySet());
        assertEquals(1, both.schedulesAt(WEST).count());
        assertEquals(0, both.schedulesAt(EAST).count(), "who is not its home has no say");
        assertEquals(0, both.schedulesAt(new RegionId("nowhere")).count());
        Takeover next = both.takeover(DEMO, EAST);
        assertTrue(next.written().contains(schedule("nightly")), next::toString);
        assertEquals(
                List.of(new Takeover.Deleted(RecordKind.SCHEDULE, "demo/old")), next.deleted());
        Catalog moved =
                both.with(
                        List.of(
                                east.write(schedule("nightly")),
                                east.delete(schedule("old")),
                                east.write(FeedFixture.account("demo", WEST).movedTo(EAST))));
        assertEquals(0, moved.schedulesAt(WEST).count());
        assertEquals(1, moved.schedulesAt(EAST).count());
    }
}
