package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.exec.durable.FakeEventStore;
import io.runnel.exec.durable.StandingSchedule;
import io.runnel.exec.durable.Ticker;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Schedule;
import io.runnel.exec.task.ScheduleName;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;
import io.runnel.region.server.control.Companions;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.AccountState;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.ScheduleRecord;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.WrittenLog;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Which schedules tick where. */
final class RegionSchedulesTest {
    private static final RegionId WEST = new RegionId("eu-west");
    private static final RegionId EAST = new RegionId("us-east");
    private static final Instant START = Instant.parse("2026-11-30T05:58:30Z");
    private static final TaskRef REPORT = TaskRef.of("demo", "report");

    /** This node's place among the others of its region. */
    private static final class Mates implements Companions {
        boolean mayWrite = true;
        boolean isConfirmed = true;

        @Override
        public boolean mayWrite() {
            return mayWrite;
        }

        @Override
        public boolean isConfirmed() {
            return isConfirmed;
        }

        @Override
        public CompletionStage<Void> keep(CodeDigest digest) {
            return CompletableFuture.completedFuture(null);
        }
    }

    private final Mates mates = new Mates();
    private final WrittenLog west = new WrittenLog(WEST, "WLOG", START);
    private final AccountRecord demo = new AccountRecord(new AccountId("demo"), WEST, false);
    private Catalog catalog = Catalog.EMPTY;

    @BeforeEach
    void written() {
        west.write(demo);
        west.write(new TaskRecord(REPORT, 1, 1, true, Optional.empty()));
        west.write(schedule("often", false));
        catalog = Catalog.EMPTY.with(west.records());
    }

    private static ScheduleRecord schedule(String name, boolean paused) {
        return new ScheduleRecord(
                new Schedule(
                        new AccountId("demo"),
                        new ScheduleName(name),
                        new TaskName("report"),
                        Qualifier.NONE,
                        "* * * * *",
                        "UTC",
                        Optional.empty(),
                        Duration.ofHours(1)),
                paused);
    }

    private List<String> ticking(RegionId region) {
        return new RegionSchedules(region, () -> catalog, mates)
                .ticking()
                .map(one -> one.schedule().name().value())
                .sorted()
                .toList();
    }

    private void then(FeedRecord... records) {
        catalog = catalog.with(List.of(records));
    }

    @Test
    void thoseOfAccountsThatAreAtHomeHere() {
        assertEquals(List.of("often"), ticking(WEST));
        assertEquals(List.of(), ticking(EAST));
        StandingSchedule one =
                new RegionSchedules(WEST, () -> catalog, mates).ticking().findFirst().orElseThrow();
        assertEquals(new StandingSchedule(schedule("often", false).schedule(), START), one);
    }

    @Test
    void nothingTicksWhereNobodyMayWrite() {
        mates.mayWrite = false;
        assertEquals(List.of(), ticking(WEST));
        mates.mayWrite = true;
        mates.isConfirmed = false;
        assertEquals(List.of(), ticking(WEST));
    }

    @Test
    void whatIsPausedOrCallsNoTaskTicksNot() {
        then(west.write(schedule("often", true)));
        assertEquals(List.of(), ticking(WEST));
        then(west.write(schedule("often", false)));
        assertEquals(List.of("often"), ticking(WEST));
        then(west.write("task", REPORT.toString(), FeedRecord.DELETED));
        assertEquals(List.of(), ticking(WEST));
    }

    @Test
    void whoIsSuspendedOrLeavesTicksNot() {
        then(west.write(demo.with(AccountState.SUSPENDED)));
        assertEquals(List.of(), ticking(WEST));
        then(west.write(demo.with(AccountState.ACTIVE)));
        assertEquals(List.of("often"), ticking(WEST));
        then(west.write(demo.with(AccountState.CLOSED)));
        assertEquals(List.of(), ticking(WEST));
        then(west.write(demo.leavingFor(EAST)));
        assertEquals(List.of(), ticking(WEST));
        assertEquals(List.of(), ticking(EAST), "not yet");
    }

    /** A region's nodes, with its store. */
    private final class Ticking {
        final FakeEventStore store = new FakeEventStore();
        final Ticker ticker;

        Ticking(RegionId region) {
            RegionSchedules its = new RegionSchedules(region, () -> catalog, mates);
            ticker = new Ticker(store, its::ticking, () -> now, () -> {});
        }

        int count() {
            return store.waiting().size();
        }
    }

    private Instant now = START;

    private void pass(Duration time, Ticking... regions) {
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            now = now.plusSeconds(1);
            for (Ticking each : regions) {
                each.ticker.look();
            }
        }
    }

    /** Everybody hears of it within the second. */
    @Test
    void whoMovesTicksAtOneHomeAfterTheOther() {
        Ticking before = new Ticking(WEST);
        Ticking after = new Ticking(EAST);
        pass(Duration.ofMinutes(3), before, after);
        assertEquals(3, before.count());
        then(west.write(demo.leavingFor(EAST)));
        pass(Duration.ofSeconds(5), before, after);
        WrittenLog east = new WrittenLog(EAST, "ELOG", now);
        then(
                east.write(new TaskRecord(REPORT, 1, 1, true, Optional.empty())),
                east.write(schedule("often", false)),
                east.write(demo.leavingFor(EAST).movedTo(EAST)));
        pass(Duration.ofSeconds(175), before, after);
        assertEquals(3, before.count());
        assertEquals(3, after.count());
        List<String> ids =
                List.of(before.store, after.store).stream()
                        .flatMap(store -> store.waiting().stream())
                        .map(event -> event.id().value())
                        .toList();
        assertEquals(6, ids.stream().distinct().count(), "no tick at both");
    }
}
