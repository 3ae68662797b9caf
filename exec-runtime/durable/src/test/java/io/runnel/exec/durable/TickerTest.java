package io.runnel.exec.durable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.durable.EventStore.Tick;
import io.runnel.exec.durable.KeptEvent.Kind;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.Schedule;
import io.runnel.exec.task.ScheduleName;
import io.runnel.exec.task.TaskName;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** On one thread, with a clock that is moved by hand. */
final class TickerTest {
    private static final Instant SIX = Instant.parse("2026-11-30T06:00:00Z");

    private final FakeEventStore store = new FakeEventStore();
    private final List<StandingSchedule> schedules = new ArrayList<>();
    private int woken;
    private Instant now = SIX.minusSeconds(90);
    private Ticker ticker = ticker();

    private Ticker ticker() {
        return new Ticker(store, schedules::stream, () -> now, () -> woken++);
    }

    private static Schedule schedule(String name, String cron, Duration catchUp) {
        return new Schedule(
                new AccountId("demo"),
                new ScheduleName(name),
                new TaskName("report"),
                Qualifier.of("stable"),
                cron,
                "Europe/Amsterdam",
                Optional.empty(),
                catchUp);
    }

    private void say(String name, String cron, Duration catchUp) {
        schedules.add(new StandingSchedule(schedule(name, cron, catchUp), now));
    }

    /** Looks once a second for so long. */
    private void pass(Duration time) {
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            now = now.plusSeconds(1);
            ticker.look();
        }
    }

    /** The times of the ticks that became events. */
    private List<String> ticked() {
        return store.waiting().stream()
                .map(event -> new String(event.payload(), StandardCharsets.UTF_8))
                .map(text -> text.replaceAll(".*\"time\":\"([^\"]*)\".*", "$1"))
                .sorted()
                .toList();
    }

    @Test
    void aTickBecomesAnEventOfItsAccount() {
        say("nightly", "0 7 * * *", Duration.ZERO);
        pass(Duration.ofSeconds(89));
        assertEquals(List.of(), store.waiting());
        pass(Duration.ofSeconds(1));
        KeptEvent event = store.waiting().getFirst();
        assertEquals(
                "{\"source\":\"runnel.schedule\",\"schedule\":\"nightly\","
                        + "\"time\":\"2026-11-30T06:00:00Z\"}",
                new String(event.payload(), StandardCharsets.UTF_8));
        assertEquals(Kind.TICK, event.kind());
        assertEquals("demo/report@stable", event.asked().task() + "" + event.asked().named());
        assertEquals("demo", event.payer().value());
        assertEquals("", event.keyId());
        assertEquals(SIX, event.acceptedAt());
        assertEquals(1, woken);
        assertEquals(1, ticker.kept());
        pass(Duration.ofHours(23));
        assertEquals(List.of("2026-11-30T06:00:00Z"), ticked());
        pass(Duration.ofHours(1));
        assertEquals(List.of("2026-11-30T06:00:00Z", "2026-12-01T06:00:00Z"), ticked());
    }

    @Test
    void aPayloadIsSentAsItIs() {
        Schedule plain = schedule("a", "* * * * *", Duration.ZERO);
        String payload = "{\"é\": 1}\n";
        Schedule with =
                new Schedule(
                        plain.account(),
                        plain.name(),
                        plain.task(),
                        plain.version(),
                        plain.cron(),
                        plain.zone(),
                        Optional.of(payload),
                        plain.catchUp());
        schedules.add(new StandingSchedule(with, now));
        pass(Duration.ofSeconds(60));
        byte[] sent = store.waiting().getFirst().payload();
        assertEquals(payload, new String(sent, StandardCharsets.UTF_8));
    }

    @Test
    void severalNodesMakeOneEventOfATick() {
        say("a", "* * * * *", Duration.ofHours(1));
        Ticker other = ticker();
        for (int i = 0; i < 300; i++) {
            pass(Duration.ofSeconds(1));
            other.look();
        }
        assertEquals(5, ticker.kept() + other.kept());
        // One that starts anew knows nothing.
        ticker = ticker();
        pass(Duration.ofSeconds(1));
        assertEquals(5, store.waiting().size());
        assertEquals(5, ticked().stream().distinct().count());
    }

    @Test
    void itsIdIsOfTheTickAlone() {
        Schedule a = schedule("a", "* * * * *", Duration.ZERO);
        KeptEvent one = TickEvent.of(a, SIX, SIX);
        assertEquals(one.id(), TickEvent.of(a, SIX, SIX.plusSeconds(50)).id());
        Schedule moved = schedule("a", "0 7 * * *", Duration.ofHours(1));
        assertEquals(one.id(), TickEvent.of(moved, SIX, SIX).id());
        assertNotEquals(one.id(), TickEvent.of(a, SIX.plusSeconds(60), SIX).id());
        Schedule b = schedule("b", "* * * * *", Duration.ZERO);
        assertNotEquals(one.id(), TickEvent.of(b, SIX, SIX).id());
        Tick others = new Tick(new AccountId("other"), a.name(), SIX);
        assertNotEquals(one.id(), TickEvent.id(others));
    }

    @Test
    void afterAPauseTheLastTickIsCaughtUpWith() {
        say("often", "*/10 * * * *", Duration.ofHours(1));
        say("never", "*/10 * * * *", Duration.ZERO);
        now = SIX.plusSeconds(3 * 3600 + 120);
        ticker.look();
        assertEquals(List.of("2026-11-30T09:00:00Z"), ticked());
        assertTrue(store.waiting().getFirst().acceptedAt().equals(now));
    }

    @Test
    void whatIsSaidAnewBeginsThen() {
        say("a", "* * * * *", Duration.ofHours(24));
        pass(Duration.ofSeconds(30));
        assertEquals(List.of("2026-11-30T05:59:00Z"), ticked());
        schedules.clear();
        pass(Duration.ofMinutes(10));
        assertEquals(1, ticked().size(), "paused");
        say("a", "* * * * *", Duration.ofHours(24));
        ticker.look();
        assertEquals(1, ticked().size(), "resumed");
        pass(Duration.ofMinutes(1));
        assertEquals(List.of("2026-11-30T05:59:00Z", "2026-11-30T06:10:00Z"), ticked());
        schedules.clear();
        say("a", "15 7 * * *", Duration.ofHours(24));
        pass(Duration.ofMinutes(5));
        assertEquals(
                List.of("2026-11-30T05:59:00Z", "2026-11-30T06:10:00Z", "2026-11-30T06:15:00Z"),
                ticked());
    }

    @Test
    void whatTheStoreCannotKeepIsTriedAgainWhileItIsInTime() {
        say("a", "0 7 * * *", Duration.ZERO);
        store.fail(true);
        pass(Duration.ofSeconds(100));
        assertEquals(List.of(), store.waiting());
        assertTrue(ticker.failed() > 0, "each try that failed");
        store.fail(false);
        pass(Duration.ofSeconds(2));
        assertEquals(List.of("2026-11-30T06:00:00Z"), ticked());
        assertEquals(1, ticker.kept());
        store.fail(true);
        pass(Duration.ofHours(24));
        pass(Duration.ofSeconds(60));
        store.fail(false);
        pass(Duration.ofSeconds(10));
        assertEquals(1, ticked().size(), "that is too late");
    }

    @Test
    void whoseAccountHasTooManyEventsWaits() {
        int waiting = KeptEvents.fill(store, "demo");
        say("a", "0 7 * * *", Duration.ZERO);
        pass(Duration.ofSeconds(95));
        assertEquals(waiting, store.waiting().size());
        assertEquals(0, woken);
    }

    @Test
    void whatCannotBeReadTicksNotAndHoldsUpNobody() {
        say("bad", "0 0 30 2 *", Duration.ZERO);
        say("a", "0 7 * * *", Duration.ZERO);
        pass(Duration.ofSeconds(95));
        assertEquals(1, store.waiting().size());
    }

    @Test
    void nothingIsGivenOnceItStopped() {
        say("a", "* * * * *", Duration.ZERO);
        ticker.stop();
        pass(Duration.ofMinutes(5));
        assertEquals(List.of(), store.waiting());
    }
}
